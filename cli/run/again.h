/*
 * again.h - `iksim run --again DIR`: repeats the run of a run directory, from
 * the directory alone, and decides whether the repetition was the same.
 */
#ifndef CLI_RUN_AGAIN_H
#define CLI_RUN_AGAIN_H

#include "cli/run/rundir.h"

/*
 * Reads the directory into `options`: the scenario, its settings, where the run
 * ends. Checks that nothing in the directory has changed and that the run can
 * be repeated. Returns false, having complained, if not; rundir_close is
 * allowed either way.
 */
SIM_MUST_USE bool again_open(struct rundir *d, const char *dir,
                             struct session_options *options);

/* Says on stdout whether the session repeated the run of the directory.
   Returns the exit code. */
int again_judge(const struct rundir *d, const struct session *s, bool json);

#endif /* CLI_RUN_AGAIN_H */
