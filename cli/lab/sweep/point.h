/*
 * point.h - one run that is wanted: from a base scenario and settings to the
 * key that identifies the run. Each run is built as `iksim run` builds it, and
 * not run, so that errors are found before the first run.
 *
 * Texts are kept in `arena`. On failure each function returns false or NULL,
 * with one sentence in `message`.
 */
#ifndef CLI_LAB_SWEEP_POINT_H
#define CLI_LAB_SWEEP_POINT_H

#include "cli/lab/sweep/plan.h"
#include "cli/run/trial.h"

/* Room for a run's settings: those of the plan, a warm-up and a seed. */
struct point_words {
    const char *sets[PLAN_SET_LIMIT + 2];
    char seed[32];
};

/* Returns the run as a trial, which borrows from the run and from `w`. */
struct trial point_trial(const struct plan_run *run, struct point_words *w);

/* Fills in the run's scenario, seed and key. */
SIM_MUST_USE bool point_resolve(struct arena *arena, const char *base,
                                const struct scenario_options *options,
                                struct plan_run *run,
                                char message[SCENARIO_MESSAGE_BYTES]);

/* Builds a session, and returns the images' hashes as in plan_run.images. */
const char *point_try_build(struct arena *arena, const char *base,
                            const struct scenario_options *options,
                            char message[SCENARIO_MESSAGE_BYTES]);

/* Returns the KEY=VALUE words as in plan_run.sets_json. */
const char *point_write_sets(struct arena *arena, const char *const *words,
                             uint32_t count,
                             char message[SCENARIO_MESSAGE_BYTES]);

#endif /* CLI_LAB_SWEEP_POINT_H */
