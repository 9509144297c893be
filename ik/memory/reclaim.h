/*
 * reclaim.h - when the gate is blocked, frames are taken from VMs that do not
 * run: from the one that has been idle longest first, then from the one that
 * waits last.
 */
#ifndef IK_RECLAIM_H
#define IK_RECLAIM_H

#include "ik/state.h"

/*
 * Takes frames from the VM that has been idle longest, or else from the one
 * that waits last at the gate; from the first only when it is alone and nobody
 * is admitted. False: there is nothing to take now.
 */
bool reclaim_frames(struct kernel *k);

#endif /* IK_RECLAIM_H */
