/*
 * runs.h - makes the runs of a plan that are wanted, several at a time,
 * and stores each result as it comes.
 */
#ifndef CLI_LAB_SWEEP_RUNS_H
#define CLI_LAB_SWEEP_RUNS_H

#include "cli/lab/sweep/store.h"

#define SWEEP_JOBS_LIMIT    1024
#define SWEEP_PROGRAM_BYTES 4096
#define SWEEP_SEED_CHARS    24

/* The path of this very program. False: complained. */
SIM_MUST_USE bool sweep_find_program(char path[SWEEP_PROGRAM_BYTES]);

/* One a processor. */
uint32_t sweep_default_jobs(void);

/* What there is to do of the plan, an item for each run; `retries` as for
   store_plan. To be freed; NULL: complained. */
struct store_run *sweep_find_wanted(struct database *db,
                                    const struct plan *plan, bool retries);

/* All borrowed. */
struct sweep_setup {
    const struct plan *plan;
    struct database *db;
    const struct store_run *runs; /* One for each of the plan. */
    const char *program;          /* The path of iksim. */
    uint32_t job_count;
    bool is_warm; /* Where runs share their beginning, it is simulated once. */
};

struct sweep_count {
    uint32_t ended;
    uint32_t warm;    /* Of those: began where others had come to. */
    uint32_t failed;  /* Of those. */
    uint32_t unknown; /* Of those: stopped from outside: they still wait. */
};

/*
 * The words of a run's command line, ended by NULL; they borrow from the plan,
 * and from `seed`. To be freed; NULL: complained.
 */
char **sweep_words(const char *program, const struct plan_run *run,
                   char seed[SWEEP_SEED_CHARS]);

/* Returns the exit code, but for runs that have failed. */
int sweep_run_all(const struct sweep_setup *setup, struct sweep_count *count);

#endif /* CLI_LAB_SWEEP_RUNS_H */
