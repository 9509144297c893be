/*
 * sweep_run.h - runs the runs of a plan that have no result yet, several at a
 * time, each in a process of its own, and stores each in a transaction of its
 * own. So it may be ended at any moment, by anything, and goes on where it
 * stopped.
 */
#ifndef CLI_SWEEP_RUN_H
#define CLI_SWEEP_RUN_H

#include "cli/experiment/sweep_jobs.h"
#include "cli/experiment/sweep_store.h"

#define SWEEP_JOBS_LIMIT    1024
#define SWEEP_PROGRAM_BYTES 4096
#define SWEEP_SEED_CHARS    24

struct sweep_run {
    /* Of sweep_run_init. */
    char program[SWEEP_PROGRAM_BYTES]; /* This very file. */
    uint32_t job_count;                /* One a processor; may be changed. */
    /* The caller's; borrowed. */
    const struct plan *plan;
    struct database *db;
    /* Of sweep_run_prepare; owned. */
    struct store_run *runs; /* One for each of the plan. */
    struct job *jobs;
    uint32_t next;    /* Run to look at. */
    uint32_t wanted;  /* At the start. */
    uint32_t ended;   /* Of those. */
    uint32_t failed;  /* Of all. */
    uint32_t unknown; /* Ended without a result that counts. */
    double wall_s;    /* Of those ended, together. */
    bool shows_progress;
};

/* False: complained. */
SIM_MUST_USE bool sweep_run_init(struct sweep_run *w);
void sweep_run_release(struct sweep_run *w);

/* The words of a run's command line, ended by NULL; they borrow from all that
   is given, and are to be freed. NULL: complained. */
char **sweep_run_words(const struct sweep_run *w, const struct plan_run *run,
                       char seed[SWEEP_SEED_CHARS]);

/* Looks up what there is to do; `retries` as for store_plan. False:
   complained. */
SIM_MUST_USE bool sweep_run_prepare(struct sweep_run *w, bool retries);

/* Does it. CLI_DONE, even when runs failed; CLI_INTERRUPTED; or CLI_USAGE, when
   it has complained. */
SIM_MUST_USE int sweep_run_all(struct sweep_run *w);

#endif /* CLI_SWEEP_RUN_H */
