/*
 * warmup.h - fixes one warm-up for all runs of a plan whose warm-up is `auto`:
 * the longest that the pilots (pilot.h) of its arms need. An arm is what runs
 * that differ in nothing but the seed have in common; the first of them is piloted.
 *
 * Runs that are never compared with each other may be told apart as groups, each of
 * which gets its own.
 *
 * The warm-up is a setting of each run from then on, and so a part of the run's
 * key. A database keeps what each pilot found: a sweep that goes on where it
 * stopped pilots nothing again, and finds the same warm-up.
 */
#ifndef CLI_LAB_SWEEP_WARMUP_H
#define CLI_LAB_SWEEP_WARMUP_H

#include "cli/lab/sweep/database.h"
#include "cli/lab/sweep/plan.h"

/*
 * `group_of`: a number below plan->run_count for each run, the same for the runs of a
 * group and for those of an arm; NULL: all runs are one group. `db`: where pilots
 * are kept; NULL: nowhere. Complains.
 */
SIM_MUST_USE bool warmup_fix(struct plan *plan, const uint32_t *group_of,
                             struct database *db, uint32_t job_count);

#endif /* CLI_LAB_SWEEP_WARMUP_H */
