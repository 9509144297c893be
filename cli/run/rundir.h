/*
 * rundir.h - a run directory: all that a run depends on, and its report, so
 * that the run can be repeated and compared.
 *
 *     scenario.yaml  the effective scenario, every default spelled out; it
 *                    names the images in this directory
 *     report.json    the report, as --json prints it
 *     manifest.json  version, seed, options, how the run ended and what was
 *                    wrong with it, fingerprint, hashes of images, disks,
 *                    replayed files and scenario; the blocks that the engine did not survive
 *     images/        the guests' images, by their hash
 *     policies/      the policies that were files, by their hash
 *     disks/         what was on disks with a file before the run, by the
 *                    disk's place in the scenario's list; sparse
 *     loads/         what loads replay, in the same way
 *     console.log    what the guests wrote: ns, VM, line
 */
#ifndef CLI_RUN_RUNDIR_H
#define CLI_RUN_RUNDIR_H

#include <jansson.h>

#include "cli/run/session.h"
#include "sim/trace/trace.h"

#define RUNDIR_PATH_BYTES 4096

struct report;

/* Makes the directory, unless it holds a run already. Complains. */
SIM_MUST_USE bool rundir_create(const char *dir);

/* Writes the scenario, the images, and the files of disks and loads, before the
   run begins: a run that fills the host's disk leaves what it was. Complains. */
SIM_MUST_USE bool rundir_keep_inputs(const char *dir, struct session *s);

/* Writes the report and the manifest. The manifest names the trace, if
   there is one. Complains. */
SIM_MUST_USE bool rundir_write(const char *dir, const struct session *s,
                               const struct report *report,
                               const char *trace_path);

/* A run directory, read back. */
struct rundir {
    const char *path; /* Borrowed. */
    char scenario_path[RUNDIR_PATH_BYTES];
    json_t *manifest; /* Owned. */
    json_t *report;   /* Owned. */
    /* Settings that replace the files of disks and loads by those of the
       directory. */
    const char **sets; /* Owned, with the texts. */
    uint32_t set_count;
};

/* True: the directory holds a run. */
bool rundir_exists(const char *dir);

/* Complains; rundir_close is allowed either way. */
SIM_MUST_USE bool rundir_open(struct rundir *d, const char *dir);
void rundir_close(struct rundir *d);

/* Checks by the manifest's hashes that scenario, images and disks have not
   changed. Complains. */
SIM_MUST_USE bool rundir_check_files(const struct rundir *d);

/* Computes a file's XXH3-128, in hexadecimal, as `xxhsum -H2` prints it.
   Complains. */
SIM_MUST_USE bool rundir_hash_file(const char *path,
                                   char hex[FINGERPRINT_CHARS]);

/* Fills in d->sets. Complains. */
SIM_MUST_USE bool rundir_find_inputs(struct rundir *d);

/* Returns the text of a key of the manifest, "" if there is none. */
const char *rundir_text(const struct rundir *d, const char *key);

#endif /* CLI_RUN_RUNDIR_H */
