/*
 * audit.h - the model check beside the code: what must hold between any two
 * steps of the kernel, counted afresh from its tables.
 *
 *     each frame is free, the kernel's, or one VM's page or page table
 *     page tables and frame table agree
 *     free + pinned + tables + orphans + sum of resident = frames
 *     waiting, admitted and unfilled are what the VMs' states say
 *     guest + switch + interrupt + paging + pio + idle = now
 *
 * A whole audit looks at everything; a step audit adds up what is kept
 * incrementally, and asks for a whole one every audit_period steps.
 */
#ifndef CLI_RUN_INSPECT_AUDIT_H
#define CLI_RUN_INSPECT_AUDIT_H

#include "ik/state.h"

#define AUDIT_PERIOD 65536 /* A default for kernel_config.audit_period. */

/* Each calls kernel_fail with the first thing that does not hold. The kernel
   calls the first one, as its config's audit. */
void audit_step(struct kernel *k);
void audit_whole(struct kernel *k);

/* After kernel_end_all, and the last transfer: nothing is left. */
void audit_empty(struct kernel *k);

#endif /* CLI_RUN_INSPECT_AUDIT_H */
