/*
 * tcp_output.c - what is sent, and when.
 *
 * The bytes of a segment are asked for when it is built, so that a stalled
 * connection holds none. A segment that finds no packet in the pool counts as
 * sent and lost: the timer brings it again.
 */
#include "workloads/tcp/tcp_state.h"

#include "isa/abi.h"
#include "workloads/net.h"
#include "workloads/wire.h"

enum urgency { SEND_AS_ALLOWED, SEND_ONE_AT_LEAST };

static uint32_t least_of(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* The window that is told now; `edge` moves with it. */
static uint16_t window_of(struct tcp_conn *c)
{
    uint32_t more = c->expected + c->offer - c->edge;
    if (c->offer == TCP_WINDOW || tcp_is_worth(c, more)) {
        c->edge = c->expected + c->offer;
    }
    return (uint16_t)(c->edge - c->expected);
}

/* Sends a segment at `seq` with `count` bytes of the user's. */
static void emit(struct tcp *t, struct tcp_conn *c, uint8_t flags, uint32_t seq,
                 uint32_t count, bool is_again)
{
    struct segment s = {
        .source = c->local_ip,
        .target = c->remote_ip,
        .source_port = c->local_port,
        .target_port = c->remote_port,
        .seq = seq,
        .ack = flags & WIRE_ACK ? c->expected : 0,
        .flags = flags,
        .window = flags & WIRE_RST   ? 0
                  : flags & WIRE_ACK ? window_of(c)
                                     : (uint16_t)c->offer,
        .mss = flags & WIRE_SYN ? WIRE_MSS : 0,
        .ip_id = c->ip_id++,
        .payload_bytes = (uint16_t)count,
    };
    if (flags & WIRE_ACK) {
        c->ack_now = false;
        c->unacked = 0;
        timer_cancel(t->config.events, &c->ack);
    }
    struct packet *p = net_get_packet(t->config.net);
    if (!p) {
        return;
    }
    if (count > 0) {
        t->config.ops->read(t->config.ctx, c->owner, seq - c->base,
                            wire_payload(p, false), count);
    }
    wire_write_tcp(p, &s);
    p->is_again = is_again;
    t->counts.segments_out++;
    net_send(t->config.net, p, c->remote_ip - ABI_VM_NET - 1, c->head.number);
}

/* Sends what has sequence numbers: data, or a SYN, or a FIN. */
static void emit_next(struct tcp *t, struct tcp_conn *c, uint8_t flags,
                      uint32_t count)
{
    uint32_t seq = c->next;
    bool has_flag = flags & (WIRE_SYN | WIRE_FIN);
    bool is_again = seq_before(seq, c->max);
    c->next += count + has_flag;
    if (is_again) {
        t->counts.retransmits++;
        tcp_view_retransmits(t);
        t->config.ops->retransmits(t->config.ctx, c->owner, c->head.number, seq,
                                   c->remote_ip);
    } else if (!c->is_timing) {
        c->is_timing = true;
        c->timed_seq = c->next;
        c->timed_at = t->config.events->now;
    }
    if (seq_before(c->max, c->next)) {
        c->max = c->next;
    }
    emit(t, c, flags, seq, count, is_again);
}

/* How many of `pending` bytes to send now, at most. */
static uint32_t usable(const struct tcp_conn *c, uint32_t pending,
                       enum urgency urgency)
{
    uint32_t in_flight = c->next - c->una;
    uint32_t window = least_of(c->window, c->congestion);
    uint32_t room = window > in_flight ? window - in_flight : 0;
    uint32_t count = least_of(least_of(pending, room), c->mss);
    if (urgency == SEND_ONE_AT_LEAST) {
        return count > 0 ? count : least_of(pending, 1);
    }
    /* No silly windows (RFC 9293 3.8.6.2.1): all, a full segment, or half of
       what the peer ever offered; otherwise the timer will see to it. */
    if (count == pending || count == c->mss || count >= c->window_most / 2) {
        return count;
    }
    return 0;
}

/* Sends one segment that has sequence numbers, if there is one to send. */
static bool send_next(struct tcp *t, struct tcp_conn *c, enum urgency urgency)
{
    if (c->state == TCP_SYN_SENT) {
        if (c->next != c->una) {
            return false;
        }
        emit_next(t, c, WIRE_SYN, 0);
        return true;
    }
    if (seq_before(c->end, c->next)) {
        return false; /* The FIN is out. */
    }
    uint32_t pending = c->end - c->next;
    if (c->fin_queued && pending == 0) {
        emit_next(t, c, WIRE_FIN | WIRE_ACK, 0);
        return true;
    }
    uint32_t count = usable(c, pending, urgency);
    if (count > 0) {
        emit_next(t, c, count == pending ? WIRE_PSH | WIRE_ACK : WIRE_ACK,
                  count);
    }
    return count > 0;
}

/* Sent or not, it is not acknowledged: the timer runs. */
static bool has_unfinished(const struct tcp_conn *c)
{
    return c->una != c->end + c->fin_queued;
}

void tcp_send_ack(struct tcp *t, struct tcp_conn *c)
{
    /* Not `next`: after a timeout it is behind what the peer expects. */
    emit(t, c, WIRE_ACK, c->max, 0, false);
}

static void output(struct tcp *t, struct tcp_conn *c, enum urgency urgency)
{
    while (send_next(t, c, urgency)) {
        urgency = SEND_AS_ALLOWED;
    }
    if (c->ack_now) {
        tcp_send_ack(t, c);
    }
    if (has_unfinished(c) && !timer_is_set(&c->retransmit)) {
        timer_set(t->config.events, &c->retransmit,
                  t->config.events->now + c->rto);
    }
}

void tcp_output(struct tcp *t, struct tcp_conn *c)
{
    output(t, c, SEND_AS_ALLOWED);
}

void tcp_output_forced(struct tcp *t, struct tcp_conn *c)
{
    output(t, c, SEND_ONE_AT_LEAST);
}

void tcp_send_reset(struct tcp *t, struct tcp_conn *c)
{
    t->counts.resets_out++;
    emit(t, c, WIRE_RST | WIRE_ACK, c->max, 0, false);
}

void tcp_refuse(struct tcp *t, const struct segment *s, uint32_t vm)
{
    if (s->flags & WIRE_RST) {
        return;
    }
    struct packet *p = net_get_packet(t->config.net);
    if (!p) {
        return;
    }
    struct segment reset = {
        .source = s->target,
        .target = s->source,
        .source_port = s->target_port,
        .target_port = s->source_port,
        .flags = WIRE_RST,
    };
    if (s->flags & WIRE_ACK) {
        reset.seq = s->ack;
    } else {
        reset.flags |= WIRE_ACK;
        reset.ack = s->seq + segment_length(s);
    }
    wire_write_tcp(p, &reset);
    t->counts.resets_out++;
    t->counts.segments_out++;
    net_send(t->config.net, p, vm, NET_NO_CONNECTION);
}
