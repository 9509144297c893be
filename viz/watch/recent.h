/*
 * recent.h - the last events, and what was delivered in them: for the log, the
 * batches, and marks of what has just happened. Folded beside the replay.
 */
#ifndef VIZ_WATCH_RECENT_H
#define VIZ_WATCH_RECENT_H

#include "sim/trace/trace.h"

#define RECENT_EVENTS     256 /* A power of two. */
#define RECENT_DELIVERIES 64  /* A power of two. */

struct recent_delivery {
    uint64_t time;
    uint32_t vm;
    uint32_t mask;
    uint32_t batch; /* Packets waiting at it. */
};

struct recent {
    struct trace_event events[RECENT_EVENTS]; /* A ring. */
    uint64_t event_count;                     /* Ever put in it. */
    struct recent_delivery deliveries[RECENT_DELIVERIES];
    uint64_t delivery_count;
};

void recent_clear(struct recent *r);

/* `batch`: of the VM, after the event was folded into the replay. */
void recent_add(struct recent *r, const struct trace_event *event,
                uint32_t batch);

/* The event `back` before the last; NULL: none so far back. */
const struct trace_event *recent_event(const struct recent *r, uint64_t back);
const struct recent_delivery *recent_delivery(const struct recent *r,
                                              uint64_t back);

#endif /* VIZ_WATCH_RECENT_H */
