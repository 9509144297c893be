/*
 * tcp_timer.c - what a connection does by itself: retransmission with
 * backoff after RFC 6298, the delayed ACK, and the end of TIME_WAIT.
 */
#include "workloads/tcp/tcp_state.h"

#include "sim/arena.h"
#include "sim/devices/machine.h"
#include "workloads/net.h"

void tcp_times_init(struct tcp *t)
{
    uint64_t hz = t->config.cpu_hz;
    t->times = (struct tcp_times){
        .rto_first = cycles_from_ns(TCP_RTO_FIRST_NS, hz),
        .rto_least = cycles_from_ns(TCP_RTO_LEAST_NS, hz),
        .rto_syn_lost = cycles_from_ns(TCP_RTO_SYN_LOST_NS, hz),
        .rto_most = cycles_from_ns(TCP_RTO_MOST_NS, hz),
        .ack_delay = cycles_from_ns(TCP_ACK_DELAY_NS, hz),
        .time_wait = cycles_from_ns(TCP_TIME_WAIT_NS, hz),
    };
}

static uint64_t clamp_rto(const struct tcp *t, uint64_t rto)
{
    uint64_t least = t->times.rto_least;
    uint64_t most = t->times.rto_most;
    return rto < least ? least : rto > most ? most : rto;
}

/* No ACK in time: the timer backs off, and all unacknowledged segments will
   be sent again, one at first. It also probes a window that is closed. */
static void retransmit_fires(void *ctx, struct sim_timer *timer)
{
    struct tcp *t = ctx;
    struct tcp_conn *c = CONTAINER_OF(timer, struct tcp_conn, retransmit);

    if (c->state == TCP_FIN_WAIT_2) {
        tcp_conn_put(t, c);
        return;
    }
    if (c->retries == TCP_RETRIES) {
        tcp_conn_end(t, c, TCP_END_TIMED_OUT);
        return;
    }
    tcp_view_timed_out(t, c);
    c->retries++;
    c->rto = clamp_rto(t, c->rto * 2);
    c->is_timing = false; /* Karn: the ACK would be ambiguous. */
    c->syn_lost = c->syn_lost || c->state == TCP_SYN_SENT;
    uint32_t half = (c->max - c->una) / 2;
    uint32_t least = 2u * c->mss;
    c->threshold = half > least ? half : least;
    c->congestion = c->mss;
    c->next = c->una;
    tcp_output_forced(t, c);
}

static void ack_fires(void *ctx, struct sim_timer *timer)
{
    struct tcp *t = ctx;
    struct tcp_conn *c = CONTAINER_OF(timer, struct tcp_conn, ack);

    c->ack_now = true;
    tcp_output(t, c);
}

void tcp_timers_init(struct tcp *t, struct tcp_conn *c)
{
    timer_init(&c->retransmit, retransmit_fires, t);
    timer_init(&c->ack, ack_fires, t);
    c->rto = t->times.rto_first;
}

uint64_t tcp_smooth(uint64_t srtt, uint64_t rtt)
{
    return srtt == 0 ? rtt : (7 * srtt + rtt + 4) / 8;
}

/* RFC 6298 2.2 and 2.3: SRTT has a gain of 1/8, RTTVAR one of 1/4 and is
   computed first, from the old SRTT; both to the nearest cycle. The granularity
   of the clock, one cycle, vanishes beside the least RTO. */
static void measure(const struct tcp *t, struct tcp_conn *c, uint64_t rtt)
{
    if (c->srtt == 0) {
        c->rttvar = rtt / 2;
    } else {
        uint64_t error = rtt > c->srtt ? rtt - c->srtt : c->srtt - rtt;
        c->rttvar = (3 * c->rttvar + error + 2) / 4;
    }
    c->srtt = tcp_smooth(c->srtt, rtt);
    c->rto = clamp_rto(t, c->srtt + 4 * c->rttvar);
    tcp_view_measured(t, c);
}

void tcp_timer_acked(struct tcp *t, struct tcp_conn *c, uint32_t ack)
{
    if (c->is_timing && seq_upto(c->timed_seq, ack)) {
        c->is_timing = false;
        measure(t, c, t->config.events->now - c->timed_at);
    }
    c->retries = 0;
    /* tcp_output sets it again if anything is left. */
    timer_cancel(t->config.events, &c->retransmit);
}

void tcp_timer_half_closed(struct tcp *t, struct tcp_conn *c)
{
    timer_set(t->config.events, &c->retransmit,
              t->config.events->now + t->times.time_wait);
}

/* ---- TIME_WAIT ---------------------------------------------------------- */

static struct tcp_waits *waits_of(struct tcp *t, const struct tcp_conn *c)
{
    return &t->waits[c->head.holder];
}

static void wait_append(struct tcp *t, struct tcp_conn *c)
{
    struct tcp_waits *w = waits_of(t, c);
    c->wait_next = TCP_NONE;
    if (w->first == TCP_NONE) {
        w->first = c->head.number;
        timer_set(t->config.events, &w->timer, c->wait_until);
    } else {
        tcp_conn_at(t, w->last)->wait_next = c->head.number;
    }
    w->last = c->head.number;
}

/* The first of those that wait is let go. */
static void wait_end(struct tcp *t, struct tcp_waits *w)
{
    struct tcp_conn *c = tcp_conn_at(t, w->first);
    w->first = c->wait_next;
    w->count--;
    t->wait_count--;
    tcp_conn_put(t, c);
}

static void set_wait_timer(struct tcp *t, struct tcp_waits *w)
{
    if (w->first == TCP_NONE) {
        timer_cancel(t->config.events, &w->timer);
    } else {
        timer_set(t->config.events, &w->timer,
                  tcp_conn_at(t, w->first)->wait_until);
    }
}

static void wait_fires(void *ctx, struct sim_timer *timer)
{
    struct tcp *t = ctx;
    struct tcp_waits *w = CONTAINER_OF(timer, struct tcp_waits, timer);
    struct tcp_conn *c = tcp_conn_at(t, w->first);

    if (c->wait_until > t->config.events->now) {
        w->first = c->wait_next;
        wait_append(t, c); /* A late FIN has come: all of it again. */
    } else {
        wait_end(t, w);
    }
    if (!timer_is_set(timer)) {
        set_wait_timer(t, w);
    }
}

bool tcp_time_wait_give_up(struct tcp *t, uint32_t source)
{
    struct tcp_waits *w = &t->waits[source];
    if (w->first == TCP_NONE) {
        return false;
    }
    wait_end(t, w);
    set_wait_timer(t, w);
    return true;
}

bool tcp_time_wait_init(struct tcp *t)
{
    t->waits = arena_alloc(t->arena, t->config.sources * sizeof *t->waits,
                           alignof(struct tcp_waits));
    for (uint32_t i = 0; t->waits && i < t->config.sources; i++) {
        timer_init(&t->waits[i].timer, wait_fires, t);
        t->waits[i].first = TCP_NONE;
    }
    return t->waits && events_reserve(t->config.events, t->config.sources);
}

void tcp_time_wait_clear(struct tcp *t)
{
    for (uint32_t i = 0; i < t->config.sources; i++) {
        timer_cancel(t->config.events, &t->waits[i].timer);
        t->waits[i].first = TCP_NONE;
        t->waits[i].count = 0;
    }
    t->wait_count = 0;
}

void tcp_time_wait(struct tcp *t, struct tcp_conn *c)
{
    c->wait_until = t->config.events->now + t->times.time_wait;
    if (c->state != TCP_TIME_WAIT) {
        c->state = TCP_TIME_WAIT;
        timer_cancel(t->config.events, &c->retransmit);
        waits_of(t, c)->count++;
        t->wait_count++;
        wait_append(t, c);
    }
}
