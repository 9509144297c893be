/* format.h - writes an event as a line, with times in units and with names. */
#ifndef CLI_VIEWS_TRACE_FORMAT_H
#define CLI_VIEWS_TRACE_FORMAT_H

#include "sim/trace/file.h"

#define FORMAT_BYTES 256

/* Returns the time since the machine was switched on, rounded down. */
uint64_t format_ns(const struct trace_info *info, uint64_t cycles);

/* Writes three digits and a unit: "2.05 us". */
void format_span(const struct trace_info *info, uint64_t cycles,
                 char text[FORMAT_BYTES]);

/* Writes the line: seconds, VM, kind, fields. */
void format_line(const struct trace_info *info, const struct trace_event *e,
                 char text[2 * FORMAT_BYTES]);

#endif /* CLI_VIEWS_TRACE_FORMAT_H */
