/*
 * events.h - events that no kernel says, for tests: of any kind, with whatever
 * fits its fields.
 */
#ifndef TESTS_EVENTS_H
#define TESTS_EVENTS_H

#include "sim/trace/legend.h"

/* An event whose fields are the bits of `a` and `b` that they lie in; words that
   would be none become one. */
struct trace_event event_of_bits(enum trace_kind kind, uint32_t vm, uint64_t a,
                                 uint64_t b);

/* The event with another value of its field. */
struct trace_event event_with(const struct trace_event *event,
                              const struct trace_field *field, uint64_t value);

#endif /* TESTS_EVENTS_H */
