/*
 * tcp_view.c - what TCP makes of the delays: round trips, timeouts, and
 * retransmissions, spurious or not.
 *
 * A TCP knows what it retransmits, but not whether it had to: the
 * acknowledgement looks the same. Here both ends can be seen. A segment is
 * *spurious* if it is a retransmission and brings nothing new: when it comes,
 * all its sequence numbers are there already. A retransmission that is lost
 * itself is not spurious.
 *
 * The clients' part is exact, since their TCP is simulated here. The guests'
 * part is what can be seen where their packets leave and enter their queues: a
 * segment that begins before the end of what the guest has sent on the
 * connection is a retransmission, and a round trip lasts until the guest takes
 * the acknowledgement.
 *
 * The findings go into statistics, and change nothing here.
 */
#include "workloads/tcp/tcp_state.h"

#include "sim/stats.h"
#include "workloads/wire.h"

/* Returns the statistics that count what happens at `now`. NULL: there are
   none. */
static struct tcp_stats *counting(const struct tcp *t, uint64_t now)
{
    struct stats *s = t->config.stats;
    return s && now >= s->window_start ? &s->tcp : NULL;
}

/* Returns the statistics for a client's event that is being fired. */
static struct tcp_stats *counting_client(const struct tcp *t)
{
    return counting(t, t->config.events->now);
}

static uint32_t end_of(const struct segment *s)
{
    return s->seq + segment_length(s);
}

/* ---- The clients -------------------------------------------------------- */

void tcp_view_measured(const struct tcp *t, const struct tcp_conn *c)
{
    struct tcp_stats *stats = counting_client(t);
    if (stats) {
        hist_record(&stats->clients.srtt, c->srtt);
    }
}

void tcp_view_timed_out(const struct tcp *t, const struct tcp_conn *c)
{
    struct tcp_stats *stats = counting_client(t);
    if (stats) {
        stats->clients.timeouts++;
        hist_record(&stats->clients.rto, c->rto);
    }
}

void tcp_view_retransmits(const struct tcp *t)
{
    struct tcp_stats *stats = counting_client(t);
    if (stats) {
        stats->clients.retransmits++;
    }
}

/* Whether one of the segments that wait for a gap holds all of it. */
static bool is_kept(const struct tcp_conn *c, const struct segment *s)
{
    for (const struct packet *p = c->kept; p; p = p->next) {
        struct segment kept;
        wire_reread(p, &kept);
        if (seq_upto(kept.seq, s->seq) && seq_upto(end_of(s), end_of(&kept))) {
            return true;
        }
    }
    return false;
}

void tcp_view_receives(const struct tcp *t, const struct tcp_conn *c,
                       const struct packet *p, const struct segment *s)
{
    struct tcp_stats *stats = counting_client(t);
    if (stats && p->is_again && c->state != TCP_SYN_SENT &&
        (seq_upto(end_of(s), c->expected) || is_kept(c, s))) {
        stats->guests.spurious++;
    }
}

/* ---- What has come to the VM -------------------------------------------- */

static bool has_arrived(const struct tcp_view *v, const struct segment *s)
{
    if (seq_upto(end_of(s), v->arrived)) {
        return true;
    }
    for (uint32_t i = 0; i < v->ahead_count; i++) {
        if (seq_upto(v->ahead[i].from, s->seq) &&
            seq_upto(end_of(s), v->ahead[i].upto)) {
            return true;
        }
    }
    return false;
}

/* Takes the spans that are no longer ahead, since the gap before them is
   filled. */
static void take_ahead(struct tcp_view *v)
{
    for (uint32_t i = 0; i < v->ahead_count;) {
        if (seq_before(v->arrived, v->ahead[i].from)) {
            i++;
            continue;
        }
        if (seq_before(v->arrived, v->ahead[i].upto)) {
            v->arrived = v->ahead[i].upto;
        }
        v->ahead[i] = v->ahead[--v->ahead_count];
        i = 0; /* This span may have filled the gap before another. */
    }
}

/* With more gaps than are remembered, what lies beyond is forgotten. */
static void add_arrived(struct tcp_view *v, const struct segment *s)
{
    if (seq_before(v->arrived, s->seq)) {
        if (v->ahead_count < TCP_AHEAD_LIMIT) {
            v->ahead[v->ahead_count++] = (struct tcp_span){ s->seq, end_of(s) };
        }
        return;
    }
    if (seq_before(v->arrived, end_of(s))) {
        v->arrived = end_of(s);
        take_ahead(v);
    }
}

static void queued(const struct tcp *t, struct tcp_view *v, uint64_t now,
                   const struct packet *p, const struct segment *s)
{
    struct tcp_stats *stats = counting(t, now);
    if (segment_length(s) == 0) {
        return;
    }
    if (has_arrived(v, s)) {
        if (stats && p->is_again) {
            stats->clients.spurious++;
        }
    } else {
        add_arrived(v, s);
    }
}

/* ---- The guests --------------------------------------------------------- */

static void sent(const struct tcp *t, struct tcp_view *v, uint64_t now,
                 struct packet *p, const struct segment *s)
{
    struct tcp_stats *stats = counting(t, now);
    if (segment_length(s) == 0) {
        return;
    }
    p->is_again = v->has_sent && seq_before(s->seq, v->sent_max);
    if (p->is_again) {
        v->is_timing = false; /* Karn. */
        if (stats) {
            stats->guests.retransmits++;
            hist_record(&stats->guests.silence, now - v->sent_at);
        }
    } else if (!v->is_timing) {
        v->is_timing = true;
        v->timed_seq = end_of(s);
        v->timed_at = now;
    }
    if (!v->has_sent || seq_before(v->sent_max, end_of(s))) {
        v->sent_max = end_of(s);
    }
    v->has_sent = true;
    v->sent_at = now;
}

static void taken(const struct tcp *t, struct tcp_view *v, uint64_t now,
                  const struct segment *s)
{
    struct tcp_stats *stats = counting(t, now);
    if (!v->is_timing || !(s->flags & WIRE_ACK) ||
        seq_before(s->ack, v->timed_seq)) {
        return;
    }
    v->is_timing = false;
    v->srtt = tcp_smooth(v->srtt, now - v->timed_at);
    if (stats) {
        hist_record(&stats->guests.srtt, v->srtt);
    }
}

/* ---- All of it ---------------------------------------------------------- */

void tcp_watch(struct tcp *t, enum watch_point where, uint64_t now,
               struct packet *p)
{
    union wire_content content;
    if (wire_read(p->bytes, p->length_bytes, &content) != WIRE_TCP) {
        return;
    }
    const struct segment *s = &content.tcp;
    struct segment key = *s;
    if (where != WATCH_SENT) {
        key.source = s->target;
        key.target = s->source;
        key.source_port = s->target_port;
        key.target_port = s->source_port;
    }
    struct tcp_conn *c = tcp_find(t, &key);
    if (!c) {
        return;
    }
    switch (where) {
    case WATCH_SENT:
        sent(t, &c->view, now, p, s);
        break;
    case WATCH_QUEUED:
        queued(t, &c->view, now, p, s);
        break;
    case WATCH_TAKEN:
        taken(t, &c->view, now, s);
        break;
    }
}
