/*
 * pins.h - pages that stay while one instruction, or one delivery, needs them.
 *
 * What is faulted in for it, and what the kernel finds in core for it, is
 * pinned until it has completed; so each page fault is progress (paging.h).
 */
#ifndef IK_PINS_H
#define IK_PINS_H

#include "ik/state.h"

/* The VM's frame stays, until pins_release. */
void pins_add(struct kernel *k, struct vm *vm, uint32_t frame);

/* The VM made progress: what was pinned for it may go again. */
void pins_release(struct kernel *k, struct vm *vm);

#endif /* IK_PINS_H */
