/*
 * issue.h - transfers go to their spindles, and may be taken back from there.
 *
 * The spindle says by an event when it has served a transfer; the kernel's loop
 * then hands it to the part that it belongs to (kernel.c).
 */
#ifndef IK_ISSUE_H
#define IK_ISSUE_H

#include "ik/state.h"

/* NULL, the kernel having failed: the host has no memory. */
struct transfer *transfer_new(struct kernel *k);

/*
 * Begins the transfer at swap page `first`; its `count` pages are set.
 * All of them lie in one stripe unit.
 */
void transfer_issue(struct kernel *k, struct transfer *x, uint64_t first);

/* Takes the transfer back from its spindle; false: it has been served. */
bool transfer_cancel(struct kernel *k, struct transfer *x);

#endif /* IK_ISSUE_H */
