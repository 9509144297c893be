/*
 * rundir.h - a run directory: all that a run was, so that it can be repeated
 * and compared.
 *
 *     scenario.yaml  the effective scenario, every default spelled out
 *     report.json    as --json prints it
 *     manifest.json  version, seed, fingerprint, hashes of images and scenario
 *     images/        the guests, as they were
 *     console.log    what they wrote: ns, VM, line
 */
#ifndef CLI_RUNDIR_H
#define CLI_RUNDIR_H

#include "cli/session.h"

struct report;

/* Makes the directory; one that holds a run already is refused. Complains. */
SIM_MUST_USE bool rundir_create(const char *dir);

/* Writes all but console.log. Complains. */
SIM_MUST_USE bool rundir_write(const char *dir, const struct session *s,
                               const struct report *report);

#endif /* CLI_RUNDIR_H */
