/*
 * runs.h - makes those runs of a plan that are wanted, several at a time, and
 * stores each result as soon as it is known.
 */
#ifndef CLI_LAB_SWEEP_RUNS_H
#define CLI_LAB_SWEEP_RUNS_H

#include "cli/lab/sweep/store.h"

#define SWEEP_JOBS_LIMIT    1024
#define SWEEP_PROGRAM_BYTES 4096
#define SWEEP_SEED_CHARS    24

/* Finds the path of the program that is running. Complains. */
SIM_MUST_USE bool sweep_find_program(char path[SWEEP_PROGRAM_BYTES]);

/* Returns the number of the host's processors. */
uint32_t sweep_default_jobs(void);

/* Returns where each run of the plan stands; `retries` as for store_plan. The
   caller frees the array. Complains. */
struct store_run *sweep_find_wanted(struct database *db,
                                    const struct plan *plan, bool retries);

/* All pointers are borrowed. */
struct sweep_setup {
    const struct plan *plan;
    struct database *db;
    const struct store_run *runs; /* One for each run of the plan. */
    const char *program;          /* The path of iksim. */
    uint32_t job_count;
    bool is_warm;     /* A beginning that runs share is simulated once. */
    bool takes_wrong; /* A run that found something wrong, and has a report, is
                         what was asked for, and nobody is told. */
};

struct sweep_count {
    uint32_t ended;
    uint32_t warm;    /* Those of `ended` that began at a shared point. */
    uint32_t failed;  /* Those of `ended` that failed. */
    uint32_t unknown; /* Those of `ended` that a signal stopped: they are still
                         wanted. */
};

/*
 * Returns the words of a run's command line, ended by NULL; they borrow from
 * the plan, and from `seed`. The caller frees the array. Complains.
 */
char **sweep_words(const char *program, const struct plan_run *run,
                   char seed[SWEEP_SEED_CHARS]);

/* Makes the runs. Returns an exit code, which runs that failed do not
   change. */
int sweep_run_all(const struct sweep_setup *setup, struct sweep_count *count);

#endif /* CLI_LAB_SWEEP_RUNS_H */
