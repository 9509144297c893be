/*
 * settle.h - when a warm-up may end, as the run goes on: an online rule on
 * simulated quantities only, so the same run always ends its warm-up at the same
 * cycle.
 *
 * At growing intervals the later half of all that was seen is judged as a window
 * would be (judge.h). The warm-up is over when that half is flat, has enough
 * answers to know, is long against a response time, and page faults are not on
 * the decline, or, after some seconds, when it has been overload three
 * times in a row: then it will never be flat. The caller bounds it.
 *
 * What changes slowly against the time that was seen looks flat: a decline by e in
 * some seconds is missed by the first look, after one.
 */
#ifndef SIM_STEADY_SETTLE_H
#define SIM_STEADY_SETTLE_H

#include "sim/steady/series.h"

struct settle {
    struct series series; /* To be fed with events. */
    uint64_t next;        /* When it is judged again, cycles. */
    uint32_t overloads;   /* In a row. */
    uint32_t stage;       /* Intervals so far. */
};

/* From cycle `from` on all that the warm-up waits for has begun; requests of
   before are of no load that it waits for. */
void settle_begin(struct settle *s, uint64_t from, uint64_t cpu_hz);

/* Asked as often as one likes; judges when it is time. `room` is used then. */
bool settle_is_over(struct settle *s, uint64_t now, uint64_t cpu_hz,
                    struct steady *room);

#endif /* SIM_STEADY_SETTLE_H */
