/*
 * rundir.h - a run directory: all that a run was, so that it can be repeated
 * and compared.
 *
 *     scenario.yaml  the effective scenario, every default spelled out; it
 *                    names the images in this directory
 *     report.json    as --json prints it
 *     manifest.json  version, seed, options, how the run ended and what was
 *                    wrong with it, fingerprint, hashes of images, disks and
 *                    scenario
 *     images/        the guests, as they were, by their hash
 *     disks/         what was on disks with a file before the run, by their
 *                    place in the scenario's list; sparse
 *     console.log    what they wrote: ns, VM, line
 */
#ifndef CLI_RUN_RUNDIR_H
#define CLI_RUN_RUNDIR_H

#include <jansson.h>

#include "cli/run/session.h"
#include "sim/trace/trace.h"

#define RUNDIR_PATH_BYTES 4096

struct report;

/* Makes the directory; one that holds a run already is refused. Complains. */
SIM_MUST_USE bool rundir_create(const char *dir);

/* Keeps what is on disks with a file; the run has not begun. Complains. */
SIM_MUST_USE bool rundir_keep_disks(const char *dir, struct session *s);

/* Writes all else but console.log. The manifest names the trace, if there is
   one. Complains. */
SIM_MUST_USE bool rundir_write(const char *dir, const struct session *s,
                               const struct report *report,
                               const char *trace_path);

/* What is read back. */
struct rundir {
    const char *path; /* Borrowed. */
    char scenario_path[RUNDIR_PATH_BYTES];
    json_t *manifest; /* Owned. */
    json_t *report;   /* Owned. */
    /* What makes the scenario that of the directory: its disks. */
    const char **sets; /* Owned, with the texts. */
    uint32_t set_count;
};

/* The directory holds a run. */
bool rundir_exists(const char *dir);

/* False, having complained; rundir_close is allowed either way. */
SIM_MUST_USE bool rundir_open(struct rundir *d, const char *dir);
void rundir_close(struct rundir *d);

/* The scenario, images and disks are those that the manifest is about.
   Complains. */
SIM_MUST_USE bool rundir_check_files(const struct rundir *d);

/* XXH3-128, in hexadecimal; as `xxhsum -H2` prints it. Complains. */
SIM_MUST_USE bool rundir_hash_file(const char *path,
                                   char hex[FINGERPRINT_CHARS]);

/* Fills in the sets. Complains. */
SIM_MUST_USE bool rundir_find_disks(struct rundir *d);

/* Text of the manifest; "" when there is none. */
const char *rundir_text(const struct rundir *d, const char *key);

#endif /* CLI_RUN_RUNDIR_H */
