/*
 * textbook_sched.h - one processor and jobs that compute and sleep, tick by tick,
 * and the schedulers of the textbooks upon it: who has the processor at each
 * tick. Written from the books and papers, without a look at the policies.
 *
 * At each tick: who wakes joins, by number; somebody is chosen, if nobody runs;
 * one tick is run. A job whose burst, or whose quantum, ends with the tick leaves
 * before those who wake at the next one join.
 */
#ifndef TESTS_IK_POLICY_TEXTBOOK_SCHED_H
#define TESTS_IK_POLICY_TEXTBOOK_SCHED_H

#include <stdbool.h>
#include <stdint.h>

#define TICKS   500
#define JOBS    6
#define BURSTS  4
#define QUANTUM 16 /* Ticks. */
#define NOBODY  UINT32_MAX

/* Computes for its bursts in turn, and sleeps after each. */
struct job {
    uint32_t arrival;
    uint32_t burst[BURSTS];
    uint32_t sleep[BURSTS]; /* >= 1 */
    uint32_t shares;
    uint32_t priority;
};

struct plan {
    struct job jobs[JOBS];
    uint32_t count;
    uint64_t seed; /* Of the draws of a lottery. */
};

enum outcome { RUNS_ON, SLEEPS };

/* Where the jobs are. */
struct world {
    const struct plan *plan;
    uint32_t wakes[JOBS]; /* The tick at which it joins; NOBODY: it has. */
    uint32_t left[JOBS];  /* Of its burst. */
    uint32_t burst[JOBS]; /* Which one. */
};

void world_init(struct world *w, const struct plan *plan);

/* Whether the job joins at the tick; it has joined then. */
bool world_wakes(struct world *w, uint32_t job, uint32_t tick);

/* The job has the processor in that tick. */
enum outcome world_run(struct world *w, uint32_t job, uint32_t tick);

/* Who has the processor at each tick; NOBODY: nobody. */
typedef void textbook_schedule(const struct plan *plan,
                               uint32_t history[TICKS]);

/* First in, first out; round robin (both: Three Easy Pieces, chapter 7). */
textbook_schedule textbook_first_in, textbook_round_robin;

/* Its chapter 8: rules 1 to 5, with a boost when all have used 64 quanta. */
textbook_schedule textbook_mlfq, textbook_mlfq_without_preemption;

/* Waldspurger and Weihl, 1994, with compensation tickets. */
textbook_schedule textbook_lottery;

/* The same, 1995. The global pass is that of the last choice, as sched_stride.c
   says; the paper's drifts. */
textbook_schedule textbook_stride;

#endif /* TESTS_IK_POLICY_TEXTBOOK_SCHED_H */
