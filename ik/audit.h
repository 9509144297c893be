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
 * A whole audit looks at everything; a step audit only adds up, and asks for
 * a whole one every AUDIT_PERIOD steps.
 */
#ifndef IK_AUDIT_H
#define IK_AUDIT_H

#include "ik/kernel.h"

#define AUDIT_PERIOD 65536

/* Calls kernel_fail with the first thing that does not hold. */
void audit_step(struct kernel *k);
void audit_whole(struct kernel *k);

#endif /* IK_AUDIT_H */
