/*
 * collect.h - collects what a page shows beyond the report: the replay's
 * samples, each answer, and what each group did. It is a sink of events, and
 * changes nothing.
 */
#ifndef CLI_VIEWS_PAGE_COLLECT_H
#define CLI_VIEWS_PAGE_COLLECT_H

#include "sim/trace/replay.h"

#define COLLECT_PHASES 8

struct collect_reply {
    uint64_t time, latency; /* Cycles; when the answer came. */
    uint32_t vm;
};

struct collect_group { /* Counts over the whole run. */
    uint64_t requests, replies, lost;
    uint64_t faults, deliveries;
};

struct collect_phase {
    uint64_t from;
    uint32_t phase; /* The number in TRACE_PHASE. */
};

struct collect {
    const struct trace_info *info; /* Borrowed. */
    struct replay *replay;         /* Owned, as the pointers below are. */
    struct collect_reply *replies; /* In the order in which they came. */
    size_t reply_count, reply_room;
    struct collect_group *groups;
    struct collect_phase phases[COLLECT_PHASES];
    uint32_t phase_count;
    bool is_incomplete; /* The host is out of memory. */
};

/* Begins to collect. False: the host is out of memory. collect_release is
   allowed either way. */
SIM_MUST_USE bool collect_begin(struct collect *c,
                                const struct trace_info *info);
void collect_release(struct collect *c);

/* The sink, whose ctx is the struct collect. */
void collect_event(void *ctx, const struct trace_event *event);

/* Returns the group of a VM, whose number is less than the limit. */
uint32_t collect_group_of(const struct collect *c, uint32_t vm);

#endif /* CLI_VIEWS_PAGE_COLLECT_H */
