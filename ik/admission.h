/*
 * admission.h - what surrounds the gatekeeper: who stands at the gate, who is
 * admitted, and which frames were promised to whom.
 *
 * Admission is a lease: when it has expired and someone waits, the VM goes to
 * the tail of the gate at the end of its quantum. An admission promises
 * max(ADMISSION_FLOOR, the working set it had last) frames, so a crowd cannot
 * be admitted in one event on frames nobody holds yet:
 *
 *     unfilled = sum over admitted VMs of max(0, reservation - resident)
 */
#ifndef IK_ADMISSION_H
#define IK_ADMISSION_H

#include "ik/state.h"

#define ADMISSION_FLOOR 16 /* Frames. */

/* To the tail of the gate. The VM is not waiting, and its admission is over. */
void admission_arrive(struct kernel *k, struct vm *vm);

/* Admits whom the policy admits now. False: a VM still waits, for memory; the
   caller may reclaim frames and ask again. */
SIM_MUST_USE bool admission_run(struct kernel *k);

/* There is nothing to reclaim for those who wait, until there is news. */
void admission_stall(struct kernel *k);

/* The admitted VM no longer is; the caller sets its new state. */
void admission_end(struct kernel *k, struct vm *vm);

/* The waiting VM no longer waits: it is dead. */
void admission_leave(struct kernel *k, struct vm *vm);

/* The admitted VM's lease is over and someone waits. */
bool admission_lease_is_over(const struct kernel *k, const struct vm *vm);

/* The VM's resident pages change by `change`; keeps `unfilled`. */
void admission_resident(struct kernel *k, struct vm *vm, int change);

bool vm_is_admitted(const struct vm *vm);

#endif /* IK_ADMISSION_H */
