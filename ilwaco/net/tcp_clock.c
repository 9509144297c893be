/*
 * tcp_clock.c - see tcp_clock.h. This file mirrors what tcp_slowtmr() and
 * tcp_fasttmr() of lwIP 2.1.3 and 2.2.1 do with each field, and calls them for
 * the doing.
 */
#include "ilwaco/net/tcp_clock.h"

#include "ilwaco/net/time_wait.h"
#include "isa/abi.h"

#include "lwip/priv/tcp_priv.h"
#include "lwip/timeouts.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>

#define FAST_NS (TCP_FAST_INTERVAL * UINT64_C(1000000))
#define SLOW_NS (TCP_SLOW_INTERVAL * UINT64_C(1000000))

/* Ticks until something is due, when nothing ever is. */
#define NEVER UINT_MAX

/* Tick n is at origin + n * FAST_NS or SLOW_NS. done <= due. */
static struct {
    uint64_t origin_ns;
    uint64_t next_ns; /* Of the first fast tick that is not due. */
    uint64_t fast_due, fast_done;
    uint64_t slow_due, slow_done;
} ticks;

/* tcp_timer_needed() is called when a connection opens: no tick to start. */
void tcp_timer_needed(void)
{
}

void sys_timeouts_init(void)
{
}

/* As tcp.c's table of that name: slow ticks between zero window probes. */
static unsigned persist_interval(const struct tcp_pcb *pcb)
{
    static const u8_t tcp_persist_backoff[7] = { 3, 6, 12, 24, 48, 96, 120 };
    return tcp_persist_backoff[pcb->persist_backoff - 1];
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Ticks until a counter reaches its limit: at least the next one. */
static unsigned ticks_to_reach(unsigned limit, unsigned counter)
{
    return limit > counter ? limit - counter : 1;
}

/* Ticks until the connection has been as it is for more than `age` ticks. */
static unsigned ticks_to_outlive(const struct tcp_pcb *pcb, unsigned age)
{
    return ticks_to_reach(age + 1, tcp_ticks - pcb->tmr);
}

/* For the timer that sends again: of data, of a FIN, of a window probe. */
static unsigned ticks_to_send(const struct tcp_pcb *pcb)
{
    if (pcb->nrtx >= TCP_MAXRTX) {
        return 1; /* Given up at the next tick. */
    }
    if (pcb->persist_backoff > 0) {
        return ticks_to_reach(persist_interval(pcb), pcb->persist_cnt);
    }
    if (pcb->rtime >= 0) {
        return ticks_to_reach((unsigned)pcb->rto, (unsigned)pcb->rtime);
    }
    /* Something could not be sent, and no timer runs: try each tick. */
    return pcb->unsent != NULL ? 1 : NEVER;
}

/* For the time that a connection may stay in its state. */
static unsigned ticks_to_give_up(const struct tcp_pcb *pcb)
{
    switch (pcb->state) {
    case SYN_RCVD:
        return ticks_to_outlive(pcb, TCP_SYN_RCVD_TIMEOUT / TCP_SLOW_INTERVAL);
    case FIN_WAIT_2:
        return (pcb->flags & TF_RXCLOSED) == 0
                   ? NEVER
                   : ticks_to_outlive(pcb,
                                      TCP_FIN_WAIT_TIMEOUT / TCP_SLOW_INTERVAL);
    case LAST_ACK:
        return ticks_to_outlive(pcb, 2 * TCP_MSL / TCP_SLOW_INTERVAL);
    case CLOSED:
    case LISTEN:
    case SYN_SENT:
    case ESTABLISHED:
    case FIN_WAIT_1:
    case CLOSE_WAIT:
    case CLOSING:
    case TIME_WAIT:
        break;
    }
    return NEVER;
}

static unsigned ticks_to_next(const struct tcp_pcb *pcb)
{
    unsigned next = least(ticks_to_send(pcb), ticks_to_give_up(pcb));
    if (pcb->poll != NULL) {
        next = least(next, ticks_to_reach(pcb->pollinterval, pcb->polltmr));
    }
    if (pcb->ooseq != NULL) {
        unsigned age = (unsigned)pcb->rto * TCP_OOSEQ_TIMEOUT;
        next = least(next, ticks_to_reach(age, tcp_ticks - pcb->tmr));
    }
    return next;
}

static bool needs_fast_tick(const struct tcp_pcb *pcb)
{
    return (pcb->flags & (TF_ACK_DELAY | TF_CLOSEPEND)) != 0 ||
           pcb->refused_data != NULL;
}

/* counter + count, but below what it must reach. */
static unsigned count_below(unsigned limit, unsigned counter, uint64_t count)
{
    if (counter + 1 >= limit) {
        return counter;
    }
    unsigned room = limit - 1 - counter;
    return counter + (count < room ? (unsigned)count : room);
}

/* What `count` slow ticks do to a connection, short of anything falling due. */
static void pass_ticks(struct tcp_pcb *pcb, uint64_t count)
{
    if (pcb->persist_backoff > 0) {
        pcb->persist_cnt =
            (u8_t)count_below(persist_interval(pcb), pcb->persist_cnt, count);
    } else if (pcb->rtime >= 0) {
        pcb->rtime =
            (s16_t)count_below((unsigned)pcb->rto, (unsigned)pcb->rtime, count);
    }
    if (pcb->poll != NULL) {
        pcb->polltmr =
            (u8_t)count_below(pcb->pollinterval, pcb->polltmr, count);
    }
}

/* What the connections wait for. */
struct demand {
    unsigned slow; /* Slow ticks until one of them has something due. */
    bool fast;     /* The next fast tick has something to do. */
};

static struct demand demand_of_all(void)
{
    struct demand demand = { .slow = NEVER };
    for (const struct tcp_pcb *pcb = tcp_active_pcbs; pcb != NULL;
         pcb = pcb->next) {
        demand.slow = least(demand.slow, ticks_to_next(pcb));
        demand.fast = demand.fast || needs_fast_tick(pcb);
    }
    return demand;
}

void tcp_clock_init(uint64_t now_ns)
{
    ticks.origin_ns = now_ns - random_u32() % (uint32_t)SLOW_NS;
    ticks.next_ns = 0;
}

/*
 * Ticks that only count are counted. One at which something is due is left,
 * with all that fell due before it, to tcp_clock_end().
 */
void tcp_clock_begin(uint64_t now_ns)
{
    if (now_ns < ticks.next_ns) {
        return;
    }
    ticks.fast_due = (now_ns - ticks.origin_ns) / FAST_NS;
    ticks.next_ns = ticks.origin_ns + (ticks.fast_due + 1) * FAST_NS;
    ticks.slow_due = ticks.fast_due / (TCP_SLOW_INTERVAL / TCP_FAST_INTERVAL);
    if (ticks.fast_due == ticks.fast_done) {
        return;
    }
    struct demand demand = demand_of_all();
    if (!demand.fast) {
        ticks.fast_done = ticks.fast_due;
    }
    uint64_t passed = ticks.slow_due - ticks.slow_done;
    if (passed == 0) {
        return;
    }
    passed -= passed >= demand.slow;
    tcp_ticks += (u32_t)passed;
    ticks.slow_done += passed;
    for (struct tcp_pcb *pcb = tcp_active_pcbs; pcb != NULL; pcb = pcb->next) {
        pass_ticks(pcb, passed);
    }
    time_wait_reclaim();
}

void tcp_clock_end(void)
{
    if (ticks.fast_due > ticks.fast_done) {
        ticks.fast_done = ticks.fast_due;
        tcp_fasttmr();
    }
    if (ticks.slow_due > ticks.slow_done) {
        ticks.slow_done = ticks.slow_due;
        tcp_slowtmr();
    }
}

uint64_t tcp_clock_deadline_ns(void)
{
    struct demand demand = demand_of_all();
    uint64_t deadline_ns = ABI_TIME_NEVER;
    if (demand.slow != NEVER) {
        deadline_ns =
            ticks.origin_ns + (ticks.slow_done + demand.slow) * SLOW_NS;
    }
    uint64_t fast_ns = ticks.origin_ns + (ticks.fast_done + 1) * FAST_NS;
    return demand.fast && fast_ns < deadline_ns ? fast_ns : deadline_ns;
}
