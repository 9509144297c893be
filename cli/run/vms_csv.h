/*
 * vms_csv.h - writes what each VM got and did, a line a VM, since averages hide
 * it: under a Zipf load most VMs are idle all the time, and a few do most of
 * the work.
 */
#ifndef CLI_RUN_VMS_CSV_H
#define CLI_RUN_VMS_CSV_H

#include <stdio.h>

#include "cli/run/session.h"

/* Writes the table after the run. False: the file could not be written. */
SIM_MUST_USE bool vms_csv_write(const struct session *s, FILE *file);

#endif /* CLI_RUN_VMS_CSV_H */
