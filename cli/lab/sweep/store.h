/*
 * store.h - runs in a database: what is wanted, and what came out.
 */
#ifndef CLI_LAB_SWEEP_STORE_H
#define CLI_LAB_SWEEP_STORE_H

#include <jansson.h>

#include "cli/lab/sweep/database.h"
#include "cli/lab/sweep/plan.h"

/* Where a run of a plan stands. */
struct store_run {
    int64_t id;
    bool is_wanted; /* It has no result, or one to try again. */
    bool has_failed;
};

/*
 * Puts a plan's runs in, in its order, where they are not in already, and says
 * of each where it stands. `retries`: failed ones are wanted too; those that a
 * signal ended always are. False: complained.
 */
SIM_MUST_USE bool store_plan(struct database *db, const struct plan *plan,
                             bool retries, struct store_run *runs);

/* Puts in what a new run is set to: its effective scenario, flat, in numbers
   where it has numbers. False: complained. */
SIM_MUST_USE bool store_settings(struct database *db, int64_t id);

struct store_result {
    int exit_code;
    const char *message; /* NULL: nothing is to be said. */
    const char *version; /* Of iksim. */
    json_t *report;      /* Borrowed; NULL: there is none. Loses its host. */
};

/* In one transaction. False: complained. */
SIM_MUST_USE bool store_result(struct database *db, int64_t id,
                               const struct store_result *result);

/* The results of all runs of the plan as CSV on stdout. False: complained. */
SIM_MUST_USE bool store_export(struct database *db, const char *plan_hash);

/* Takes in a run directory. False: complained. */
SIM_MUST_USE bool store_collect(struct database *db, const char *dir,
                                bool *is_new);

#endif /* CLI_LAB_SWEEP_STORE_H */
