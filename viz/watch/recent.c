/* recent.c - see recent.h. */
#include "viz/watch/recent.h"

#include "sim/banned.h"

void recent_clear(struct recent *r)
{
    r->event_count = 0;
    r->delivery_count = 0;
}

void recent_add(struct recent *r, const struct trace_event *event,
                uint32_t batch)
{
    r->events[r->event_count++ % RECENT_EVENTS] = *event;
    if (event->kind == TRACE_DELIVER) {
        r->deliveries[r->delivery_count++ % RECENT_DELIVERIES] =
            (struct recent_delivery){ .time = event->time,
                                      .vm = event->vm,
                                      .mask = trace_get_deliver(event).virqs,
                                      .batch = batch };
    }
}

const struct trace_event *recent_event(const struct recent *r, uint64_t back)
{
    return back < r->event_count && back < RECENT_EVENTS
               ? &r->events[(r->event_count - 1 - back) % RECENT_EVENTS]
               : NULL;
}

const struct recent_delivery *recent_delivery(const struct recent *r,
                                              uint64_t back)
{
    return back < r->delivery_count && back < RECENT_DELIVERIES
               ? &r->deliveries[(r->delivery_count - 1 - back) %
                                RECENT_DELIVERIES]
               : NULL;
}
