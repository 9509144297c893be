/*
 * tcp_input.c - what a segment does to its connection: the steps of RFC 9293
 * section 3.10.7, in their order.
 *
 * Whatever it asks to be sent goes out when all of it has been looked at, so
 * that an answer and the user's next bytes, or a FIN, share a packet. Peers
 * are guests: nothing that they send may trip an assertion.
 */
#include "workloads/tcp/tcp_state.h"

#include "isa/abi.h"
#include "workloads/net.h"
#include "workloads/wire.h"

#define MSS_DEFAULT 536 /* The MSS of a peer that names none. */
#define MSS_LEAST   64  /* The least MSS that is obeyed. */

/* Whether the connection has kept the packet. */
enum taken { TAKEN_NOT, TAKEN_KEPT };

/* ---- The handshake ------------------------------------------------------ */

static void take_window(struct tcp_conn *c, const struct segment *s)
{
    c->window = s->window;
    c->window_seq = s->seq;
    c->window_ack = s->ack;
    if (c->window_most < c->window) {
        c->window_most = c->window;
    }
}

static void establish(struct tcp *t, struct tcp_conn *c,
                      const struct segment *s)
{
    uint16_t mss = s->mss ? s->mss : MSS_DEFAULT;
    mss = mss < MSS_LEAST ? MSS_LEAST : mss;
    c->mss = mss < c->mss ? mss : c->mss;
    /* The initial window of RFC 5681. */
    c->congestion = c->mss > 1095 ? 3u * c->mss : 4u * c->mss;
    c->threshold = UINT32_MAX;
    c->state = c->fin_queued ? TCP_FIN_WAIT_1 : TCP_ESTABLISHED;
    c->una = s->ack;
    c->expected = s->seq + 1;
    c->edge = c->expected;
    take_window(c, s);
    tcp_timer_acked(t, c, s->ack);
    if (c->syn_lost) {
        c->rto = t->times.rto_syn_lost;
    }
    /* The ACK is a segment of its own, as clients' kernels send it; the request
       follows. */
    tcp_send_ack(t, c);
}

static void in_syn_sent(struct tcp *t, struct tcp_conn *c,
                        const struct segment *s)
{
    bool has_ack = s->flags & WIRE_ACK;
    bool acks_syn = has_ack && s->ack == c->una + 1;
    if (has_ack && !acks_syn) {
        tcp_refuse(t, s, c->remote_ip - ABI_VM_NET - 1);
    } else if (s->flags & WIRE_RST) {
        if (acks_syn) {
            t->counts.resets_in++;
            tcp_conn_end(t, c, TCP_END_REFUSED);
        }
    } else if (acks_syn && s->flags & WIRE_SYN) {
        establish(t, c, s);
    }
}

/* ---- Acknowledgements --------------------------------------------------- */

static void grow_congestion_window(struct tcp_conn *c, uint32_t acked)
{
    uint32_t more = acked < c->mss ? acked : c->mss;
    if (c->congestion >= c->threshold) {
        more = (uint32_t)c->mss * c->mss / c->congestion;
        more = more > 0 ? more : 1;
    }
    /* The peer's window has 16 bits: more would never be used. */
    if (c->congestion <= UINT16_MAX) {
        c->congestion += more;
    }
}

/* Our FIN has been acknowledged. */
static void fin_acked(struct tcp *t, struct tcp_conn *c)
{
    if (c->state == TCP_FIN_WAIT_1) {
        c->state = TCP_FIN_WAIT_2;
        if (c->owner == TCP_NONE) {
            tcp_timer_half_closed(t, c);
        }
    } else if (c->state == TCP_CLOSING) {
        tcp_time_wait(t, c);
    } else if (c->state == TCP_LAST_ACK) {
        tcp_conn_put(t, c);
    }
}

/* Whether the segment is worth looking at further. */
static bool take_ack(struct tcp *t, struct tcp_conn *c, const struct segment *s)
{
    if (seq_before(c->max, s->ack)) {
        c->ack_now = true; /* The peer acknowledges what was never sent. */
        return false;
    }
    if (seq_before(c->una, s->ack)) {
        tcp_timer_acked(t, c, s->ack);
        grow_congestion_window(c, s->ack - c->una);
        c->una = s->ack;
        if (seq_before(c->next, c->una)) {
            c->next = c->una;
        }
    } else if (c->window == 0) {
        c->retries = 0; /* The peer is alive, but has no room: probe on. */
    }
    if (c->window == 0 && s->window > 0) {
        c->next = c->una; /* The probes of the closed window were refused. */
    }
    if (seq_upto(c->una, s->ack) &&
        (seq_before(c->window_seq, s->seq) ||
         (c->window_seq == s->seq && seq_upto(c->window_ack, s->ack)))) {
        take_window(c, s);
    }
    if (c->fin_queued && c->una == c->end + 1) {
        fin_acked(t, c);
    }
    return c->state != TCP_CLOSED;
}

/* ---- Text and FIN ------------------------------------------------------- */

static bool peer_has_closed(const struct tcp_conn *c)
{
    return c->state == TCP_CLOSE_WAIT || c->state == TCP_CLOSING ||
           c->state == TCP_LAST_ACK || c->state == TCP_TIME_WAIT;
}

static void take_fin(struct tcp *t, struct tcp_conn *c)
{
    c->expected++;
    c->ack_now = true;
    if (c->state == TCP_FIN_WAIT_1) {
        c->state = TCP_CLOSING;
    } else if (c->state == TCP_FIN_WAIT_2) {
        tcp_time_wait(t, c);
    } else {
        c->state = TCP_CLOSE_WAIT;
    }
    if (c->owner != TCP_NONE) {
        t->config.ops->peer_closed(t->config.ctx, c->owner);
    }
}

/* Takes what is new in a segment that begins at or before `expected`. */
static void take_text(struct tcp *t, struct tcp_conn *c,
                      const struct segment *s)
{
    uint32_t old = c->expected - s->seq;
    uint32_t all = s->payload_bytes;
    bool has_fin = s->flags & WIRE_FIN;
    if (old > all || (old == all && !has_fin)) {
        return;
    }
    uint32_t count = all - old;
    if (count > c->offer) {
        count = c->offer; /* The rest is beyond the window. */
        has_fin = false;
        c->ack_now = true;
    }
    if (count > 0) {
        if (c->owner == TCP_NONE) {
            tcp_send_reset(t, c);
            tcp_conn_put(t, c);
            return;
        }
        c->expected += count;
        c->unacked++;
        t->config.ops->deliver(t->config.ctx, c->owner, s->payload + old,
                               count);
    }
    if (has_fin && c->state != TCP_CLOSED && !peer_has_closed(c)) {
        take_fin(t, c);
    }
}

/* Keeps a segment that came too early, in its place; not a second time. */
static enum taken keep(struct tcp *t, struct tcp_conn *c, struct packet *p,
                       const struct segment *s)
{
    struct packet **link = &c->kept;
    for (; *link; link = &(*link)->next) {
        struct segment other;
        wire_reread(*link, &other);
        if (other.seq == s->seq && other.payload_bytes >= s->payload_bytes) {
            return TAKEN_NOT;
        }
        if (seq_before(s->seq, other.seq)) {
            break;
        }
    }
    if (c->kept_count == TCP_KEPT_LIMIT) {
        return TAKEN_NOT;
    }
    p->next = *link;
    *link = p;
    c->kept_count++;
    t->counts.out_of_order++;
    return TAKEN_KEPT;
}

/* Takes those kept segments for which the gap is now filled; what a peer has
   sent beyond its own FIN stays until the connection goes. */
static void take_kept(struct tcp *t, struct tcp_conn *c)
{
    while (c->kept && c->state != TCP_CLOSED && !peer_has_closed(c)) {
        struct packet *p = c->kept;
        struct segment s;
        wire_reread(p, &s);
        if (seq_before(c->expected, s.seq)) {
            return;
        }
        c->kept = p->next;
        c->kept_count--;
        p->next = NULL;
        c->ack_now = true; /* RFC 5681 4.2: at once when a gap is filled. */
        take_text(t, c, &s);
        packet_put(t->config.net->pool, p);
    }
}

/* A single segment waits for company, or for something to travel with. */
static void owe_ack(struct tcp *t, struct tcp_conn *c)
{
    if (c->unacked >= 2) {
        c->ack_now = true;
    } else if (c->unacked == 1 && !timer_is_set(&c->ack)) {
        timer_set(t->config.events, &c->ack,
                  t->config.events->now + t->times.ack_delay);
    }
}

static enum taken text(struct tcp *t, struct tcp_conn *c, struct packet *p,
                       const struct segment *s)
{
    if ((s->payload_bytes == 0 && !(s->flags & WIRE_FIN)) ||
        peer_has_closed(c)) {
        return TAKEN_NOT;
    }
    if (seq_before(c->expected, s->seq)) {
        c->ack_now = true;
        return keep(t, c, p, s);
    }
    take_text(t, c, s);
    take_kept(t, c);
    if (c->state != TCP_CLOSED) {
        owe_ack(t, c);
    }
    return TAKEN_NOT;
}

/* ---- All of it ---------------------------------------------------------- */

/* Whether any of it lies in the window; RFC 9293 3.4. A window of 0 takes what
   has no length; the acknowledgement in a segment that it does not take counts,
   too (RFC 9293 3.10.7.4), but for resets. */
static bool is_acceptable(const struct tcp_conn *c, const struct segment *s)
{
    uint32_t length = segment_length(s);
    uint32_t last = s->seq + (length > 0 ? length - 1 : 0);
    if (c->offer == 0) {
        return s->seq == c->expected;
    }
    return s->seq - c->expected < c->offer ||
           (length > 0 && last - c->expected < c->offer);
}

static enum taken in_connection(struct tcp *t, struct tcp_conn *c,
                                struct packet *p, const struct segment *s)
{
    bool is_reset = s->flags & WIRE_RST;
    if (!is_acceptable(c, s)) {
        c->ack_now = !is_reset;
        if (c->state == TCP_TIME_WAIT && s->flags & WIRE_FIN) {
            tcp_time_wait(t, c);
        }
        return TAKEN_NOT;
    }
    if (is_reset) {
        /* TIME_WAIT is not to be cut short (RFC 1337). */
        if (c->state == TCP_TIME_WAIT) {
            return TAKEN_NOT;
        }
        if (s->seq == c->expected) {
            t->counts.resets_in++;
            tcp_conn_end(t, c, TCP_END_RESET);
        } else {
            c->ack_now = true;
        }
        return TAKEN_NOT;
    }
    if (s->flags & WIRE_SYN) {
        c->ack_now = true; /* RFC 5961 4.2. */
        return TAKEN_NOT;
    }
    if (!(s->flags & WIRE_ACK) || !take_ack(t, c, s)) {
        return TAKEN_NOT;
    }
    return text(t, c, p, s);
}

void tcp_receive(struct tcp *t, struct packet *p, const struct segment *s)
{
    enum taken taken = TAKEN_NOT;
    struct tcp_conn *c = tcp_find(t, s);

    t->counts.segments_in++;
    net_tell_received(t->config.net, p, c ? c->head.number : NET_NO_CONNECTION);
    if (!c) {
        t->counts.strays++;
        tcp_refuse(t, s, p->vm);
        packet_put(t->config.net->pool, p);
        return;
    }
    SIM_ASSERT(t->current == TCP_NONE);
    tcp_view_receives(t, c, p, s);
    t->current = c->head.number;
    if (c->state == TCP_SYN_SENT) {
        in_syn_sent(t, c, s);
    } else {
        taken = in_connection(t, c, p, s);
    }
    t->current = TCP_NONE;
    if (c->state == TCP_CLOSED) {
        slab_put(&t->conns, c);
    } else {
        tcp_output(t, c);
    }
    if (taken == TAKEN_NOT) {
        packet_put(t->config.net->pool, p);
    }
}
