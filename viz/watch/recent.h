/*
 * recent.h - the last events and deliveries, folded beside the replay: for the
 * log, the batches, and the marks on what has just happened.
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
    uint64_t event_count;                     /* All events so far. */
    struct recent_delivery deliveries[RECENT_DELIVERIES];
    uint64_t delivery_count;
};

void recent_clear(struct recent *r);

/* Adds an event; `batch` is the VM's, after the replay has folded the event. */
void recent_add(struct recent *r, const struct trace_event *event,
                uint32_t batch);

/* The event `back` before the last; NULL: none so far back. */
const struct trace_event *recent_event(const struct recent *r, uint64_t back);
const struct recent_delivery *recent_delivery(const struct recent *r,
                                              uint64_t back);

#endif /* VIZ_WATCH_RECENT_H */
