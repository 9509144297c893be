/*
 * replay_check.h - a replay beside every machine of the tests: it is told the events
 * and nothing else, and shows what the kernel has, between any two steps.
 */
#ifndef TESTS_IK_REPLAY_CHECK_H
#define TESTS_IK_REPLAY_CHECK_H

#include "sim/trace/replay.h"

struct kernel;
struct scenario;

struct replay_check {
    struct replay *replay;
    const struct kernel *kernel; /* Borrowed; NULL until it is made. */
    bool draws;                  /* The scheduler: its choice has no order. */
    uint32_t preferred_run;      /* Preferred choices with others waiting. */
    uint64_t picks;              /* In the order that was foretold. */
    uint64_t kinds[TRACE_KIND_COUNT]; /* Events of each. */
};

void replay_check_init(struct replay_check *s, struct trace *t,
                       const struct scenario *scenario);
void replay_check_release(struct replay_check *s);

/* Fails the test unless the replay shows the kernel. */
void replay_check_compare(const struct replay_check *s);

/* The same of two replays, but for their samples. */
void replay_check_alike(const struct replay *a, const struct replay *b);

/* Lists and counts fit together, whatever the events were. */
void replay_check_sound(const struct replay *r);

#endif /* TESTS_IK_REPLAY_CHECK_H */
