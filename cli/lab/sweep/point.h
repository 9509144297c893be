/*
 * point.h - one run that is wanted: from a base scenario and settings to
 * what it is known by. Short of running it, it is tried out as `iksim run`
 * would, so that what is wrong is found before the first run.
 *
 * Texts are kept in `arena`. Each call says false or NULL with one sentence in
 * `message`.
 */
#ifndef CLI_LAB_SWEEP_POINT_H
#define CLI_LAB_SWEEP_POINT_H

#include "cli/lab/sweep/plan.h"

/* Fills in scenario, seed and key. */
SIM_MUST_USE bool point_resolve(struct arena *arena, const char *base,
                                const struct scenario_options *options,
                                struct plan_run *run,
                                char message[SCENARIO_MESSAGE_BYTES]);

/* Builds it all, and gives the images' hashes as plan_run.images has them. */
const char *point_try_build(struct arena *arena, const char *base,
                            const struct scenario_options *options,
                            char message[SCENARIO_MESSAGE_BYTES]);

/* KEY=VALUE words, as plan_run.sets_json has them. */
const char *point_write_sets(struct arena *arena, const char *const *words,
                             uint32_t count,
                             char message[SCENARIO_MESSAGE_BYTES]);

#endif /* CLI_LAB_SWEEP_POINT_H */
