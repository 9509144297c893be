/*
 * vms_csv.h - what each VM got and did, a line a VM: what averages hide. Under
 * a Zipf load most VMs are idle all the time, and a few work for them all.
 */
#ifndef CLI_RUN_VMS_CSV_H
#define CLI_RUN_VMS_CSV_H

#include <stdio.h>

#include "cli/run/session.h"

/* After the run. False: the file did not take it. */
SIM_MUST_USE bool vms_csv_write(const struct session *s, FILE *file);

#endif /* CLI_RUN_VMS_CSV_H */
