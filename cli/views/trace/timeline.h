/*
 * timeline.h - a trace as other programs draw it: tracks with slices, counters,
 * and flows between them. What is on which track is decided here, once; a
 * format decides how the file is written.
 *
 *     processor    the VM that runs, or what the kernel does
 *     card         packets that come in and go out
 *     web-17       the VM's state: waiting, ready, running, paging, idle
 *     counters     the gate, the run queue, paging, frames, disks, packets
 *
 * A flow follows a packet from the card to the VM that takes it, and on to what
 * that VM sends next.
 */
#ifndef CLI_VIEWS_TRACE_TIMELINE_H
#define CLI_VIEWS_TRACE_TIMELINE_H

#include <stdio.h>

#include "cli/views/trace/exporter.h"

/* Tracks are known by number. */
enum {
    TRACK_PROCESSOR = 1,
    TRACK_CARD = 2,
    TRACK_FIRST_COUNTER = 10,
    TRACK_FIRST_VM = 100, /* Plus the VM's number. */
};

#define TIMELINE_FLOWS 2

/* A moment on a track, and the flows that pass through it. */
struct timeline_instant {
    uint32_t track;
    const char *name;
    struct {
        uint64_t id; /* 0: no flow. */
        enum { FLOW_BEGINS, FLOW_PASSES, FLOW_ENDS } part;
    } flows[TIMELINE_FLOWS];
};

/* The functions that write a format to `out`. Times are in ns and never go
   back; each begin has its end, and slices of a track do not overlap. */
struct timeline_format {
    void (*start)(FILE *out, const char *title);
    void (*slices)(FILE *out, uint32_t track, const char *name);
    void (*counter)(FILE *out, uint32_t track, const char *name);
    void (*begin)(FILE *out, uint64_t ns, uint32_t track, const char *name);
    void (*end)(FILE *out, uint64_t ns, uint32_t track);
    void (*instant)(FILE *out, uint64_t ns,
                    const struct timeline_instant *instant);
    void (*value)(FILE *out, uint64_t ns, uint32_t track, const char *name,
                  uint64_t value);
    void (*finish)(FILE *out);
};

/*
 * Writes what lies within the filter's times. The filter's VMs have tracks; if
 * the filter names no VM, the busiest have. The filter's layers, kinds and
 * limit do not matter. Returns what ended the events.
 */
enum trace_read timeline_write(const struct timeline_format *format,
                               struct trace_file *file,
                               const struct event_filter *filter, FILE *out);

#endif /* CLI_VIEWS_TRACE_TIMELINE_H */
