/*
 * shadow.h - a replay beside every machine of the tests: it is told the events
 * and nothing else, and shows what the kernel has, between any two steps.
 */
#ifndef TESTS_IK_SHADOW_H
#define TESTS_IK_SHADOW_H

#include "sim/trace/replay.h"

struct kernel;
struct scenario;

struct shadow {
    struct replay *replay;
    const struct kernel *kernel; /* Borrowed; NULL until it is made. */
    bool draws;                  /* The scheduler: its choice has no order. */
    uint32_t preferred_run;      /* Preferred choices with others waiting. */
    uint64_t picks;              /* In the order that was foretold. */
    uint64_t kinds[TRACE_KIND_COUNT]; /* Events of each. */
};

void shadow_init(struct shadow *s, struct trace *t,
                 const struct scenario *scenario);
void shadow_release(struct shadow *s);

/* Fails the test unless the replay shows the kernel. */
void shadow_compare(const struct shadow *s);

/* The same of two replays, but for their samples. */
void shadow_compare_replays(const struct replay *a, const struct replay *b);

/* Lists and counts fit together, whatever the events were. */
void shadow_check(const struct replay *r);

#endif /* TESTS_IK_SHADOW_H */
