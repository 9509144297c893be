/*
 * rundir.h - a run directory: all that a run was, so that it can be repeated
 * and compared.
 *
 *     scenario.yaml  the effective scenario, every default spelled out; it
 *                    names the images in this directory
 *     report.json    as --json prints it
 *     manifest.json  version, seed, options, how the run ended, fingerprint,
 *                    hashes of images and scenario
 *     images/        the guests, as they were, by their hash
 *     console.log    what they wrote: ns, VM, line
 */
#ifndef CLI_RUNDIR_H
#define CLI_RUNDIR_H

#include <jansson.h>

#include "cli/session.h"

#define RUNDIR_PATH_BYTES 4096

struct report;

/* Makes the directory; one that holds a run already is refused. Complains. */
SIM_MUST_USE bool rundir_create(const char *dir);

/* Writes all but console.log. The manifest names the trace, if there is one.
   Complains. */
SIM_MUST_USE bool rundir_write(const char *dir, const struct session *s,
                               const struct report *report,
                               const char *trace_path);

/* What is read back. */
struct rundir {
    const char *path; /* Borrowed. */
    char scenario_path[RUNDIR_PATH_BYTES];
    json_t *manifest; /* Owned. */
    json_t *report;   /* Owned. */
};

/* The directory holds a run. */
bool rundir_exists(const char *dir);

/* False, having complained; rundir_close is allowed either way. */
SIM_MUST_USE bool rundir_open(struct rundir *d, const char *dir);
void rundir_close(struct rundir *d);

/* The scenario and the images are those that the manifest is about. Complains.
 */
SIM_MUST_USE bool rundir_check_files(const struct rundir *d);

/* Text of the manifest; "" when there is none. */
const char *rundir_text(const struct rundir *d, const char *key);

#endif /* CLI_RUNDIR_H */
