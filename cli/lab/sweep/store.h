/*
 * store.h - runs in a database: which are wanted, and what they came to.
 */
#ifndef CLI_LAB_SWEEP_STORE_H
#define CLI_LAB_SWEEP_STORE_H

#include <jansson.h>

#include "cli/lab/sweep/database.h"
#include "cli/lab/sweep/plan.h"

/* Where a run of a plan stands. */
struct store_run {
    int64_t id;
    bool is_wanted; /* The run has no result, or is to be tried again. */
    bool has_failed;
};

/*
 * Inserts those runs of a plan that the database does not have, in the order of
 * the plan, and fills in `runs`. Runs that a signal ended are always wanted
 * again, and with `retries` those that failed are, too. Complains.
 */
SIM_MUST_USE bool store_plan(struct database *db, const struct plan *plan,
                             bool retries, struct store_run *runs);

/* Inserts the settings of a new run: each key of its effective scenario, with
   its value, as a number where it is one. Complains. */
SIM_MUST_USE bool store_settings(struct database *db, int64_t id);

struct store_result {
    int exit_code;
    const char *message; /* NULL: there is none. */
    const char *version; /* The version of iksim that made the run. */
    json_t *report;      /* Borrowed; NULL: there is none. store_result takes
                            the host's figures out. */
};

/* Stores the result in one transaction. Complains. */
SIM_MUST_USE bool store_result(struct database *db, int64_t id,
                               const struct store_result *result);

/* Prints the results of all runs of the plan as CSV on stdout. Complains. */
SIM_MUST_USE bool store_export(struct database *db, const char *plan_hash);

/* Stores the run of a run directory; *is_new: the database did not have its
   result. Complains. */
SIM_MUST_USE bool store_collect(struct database *db, const char *dir,
                                bool *is_new);

#endif /* CLI_LAB_SWEEP_STORE_H */
