/*
 * warm.h - boot and warm-up paid once, for runs that are the same until then.
 *
 * One process simulates up to a point; each run is a child of it (fork), in
 * which what the run has of its own takes effect. This is only done where it is
 * exact: the fingerprint is that of the same run from the start, to the bit.
 * What takes effect when decides:
 *
 *   after boot     the load has not begun. run.warmup, run.duration, run.drain;
 *                  of a load rate, clients, think, zipf, timeout, path,
 *                  keep_alive, start, spacing, arrivals and what describes those
 *   after warm-up  run.duration, run.drain; of a Poisson open loop that starts
 *                  no earlier than the window rate, zipf, timeout and path
 *
 * Everything else has had its effect by then: sizes and counts, the seed, the
 * link, and every policy, since VMs are scheduled, admitted and paged while
 * they boot. Runs that differ in those start cold.
 */
#ifndef CLI_RUN_WARM_H
#define CLI_RUN_WARM_H

#include "cli/run/session.h"
#include "cli/run/trial.h"

enum warm_point { WARM_AFTER_BOOT, WARM_AFTER_WARMUP };

struct warm;

/*
 * The scenario as text, without what takes effect after the point: runs with
 * equal texts can share a process. To be freed; NULL: out of memory.
 */
char *warm_class(const struct scenario *s, enum warm_point point);

/*
 * How late all of `count` trials can part. False: not even after boot, or one
 * of them is not a scenario that can be run.
 */
SIM_MUST_USE bool warm_find_point(const struct trial *trials, size_t count,
                                  enum warm_point *point);

/*
 * Simulates the trial up to the point, in this process. NULL, with a sentence,
 * when it does not get there.
 */
struct warm *warm_open(const struct trial *trial, enum warm_point point,
                       char message[SCENARIO_MESSAGE_BYTES]);
void warm_close(struct warm *w); /* NULL is allowed. */

/*
 * For the child: from here on the session is the trial's. NULL: it would not
 * be exact, and the session is not to be used any more.
 */
struct session *warm_branch(struct warm *w, const struct trial *trial);

#endif /* CLI_RUN_WARM_H */
