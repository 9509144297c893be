/*
 * describe.h - what an event says, as text for people: its fields by name, with
 * times in units and words as words. Two values never look the same: what is
 * rounded has its cycles behind it.
 */
#ifndef SIM_TRACE_DESCRIBE_H
#define SIM_TRACE_DESCRIBE_H

#include "sim/trace/file.h"

#define DESCRIBE_BYTES 256

/* "free frames 12": one of the event's fields; "": a flag that is not set. */
void describe_field(const struct trace_info *info,
                    const struct trace_field *field, uint64_t value,
                    char text[DESCRIBE_BYTES]);

/* "page 12, frame 7, dirty, another page needs a frame": all of them. */
void describe_event(const struct trace_info *info,
                    const struct trace_event *event, char text[DESCRIBE_BYTES]);

/* "it sinks to queue 2": what a policy said, in its own words. */
void describe_reason(const struct trace_info *info,
                     const struct trace_reason *reason,
                     char text[DESCRIBE_BYTES]);

#endif /* SIM_TRACE_DESCRIBE_H */
