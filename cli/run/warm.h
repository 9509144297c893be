/*
 * warm.h - simulates boot and warm-up once, for runs that are the same so far.
 *
 * One process simulates up to a point; each run is a child of this process
 * (fork), in which the run's own settings take effect. This is only done where
 * it is exact: the fingerprint is that of the same run from the start, to the
 * bit. The point depends on the keys in which the runs differ. These may:
 *
 *   after boot     (no load has begun) run.warmup, run.duration, run.drain;
 *                  of a load: rate, clients, think, zipf, timeout, path,
 *                  keep_alive, prime, start, spacing, arrivals and their
 *                  parameters
 *   after warm-up  run.duration, run.drain; of a Poisson open loop that starts
 *                  no earlier than the window: rate, zipf, timeout and path
 *
 * All other keys have had their effect by then: sizes and counts, the seed, the
 * link, and every policy, since VMs are scheduled, admitted and paged while
 * they boot. Runs that differ in such keys start cold.
 */
#ifndef CLI_RUN_WARM_H
#define CLI_RUN_WARM_H

#include "cli/run/session.h"
#include "cli/run/trial.h"

enum warm_point { WARM_AFTER_BOOT, WARM_AFTER_WARMUP };

struct warm;

/*
 * Returns the scenario as text, without the keys that take effect after the
 * point: runs with equal texts can share a process. The caller frees the text;
 * NULL: out of memory.
 */
char *warm_class(const struct scenario *s, enum warm_point point);

/*
 * Finds the latest point at which all of `count` trials can part. False: the
 * trials differ before the end of boot, or one cannot be run.
 */
SIM_MUST_USE bool warm_find_point(const struct trial *trials, size_t count,
                                  enum warm_point *point);

/*
 * Simulates the trial up to the point, in this process, which is that of a run
 * of the guard's, or is not guarded (NULL). NULL: the trial does
 * not get there, and `message` says why.
 */
struct warm *warm_open(const struct trial *trial, enum warm_point point,
                       struct guard *guard,
                       char message[SCENARIO_MESSAGE_BYTES]);
void warm_close(struct warm *w); /* NULL is allowed. */

/*
 * Called in the child: gives the session the settings of the trial, and to the
 * child's guard (NULL: none) the watch over the engine. NULL: the result would
 * not be exact, and the session must not be used any more.
 */
struct session *warm_branch(struct warm *w, const struct trial *trial,
                            struct guard *guard);

#endif /* CLI_RUN_WARM_H */
