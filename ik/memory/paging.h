/*
 * paging.h - demand paging: pages come in by blocks from the VM's region, go
 * out when a frame is needed, and are pinned while an instruction needs them.
 *
 * A page that is not resident is on disk, when it was written back or the
 * image has bytes for it, or untouched, and then it is zero and needs no read:
 *
 *     resident + swapped + untouched = the VM's pages
 *
 * With `kernel.swap: static` no page is untouched: each has its place on the
 * disks from the beginning, and a fault reads its whole block into frames.
 *
 * No deadlock, no livelock: one instruction, or one delivery, may need several
 * pages. What is faulted in for it, and what the kernel finds in core for it,
 * stays pinned until it has completed, so each fault is progress. If every
 * admitted VM waits for a frame and nothing is on its way, the youngest
 * admission goes back to the gate, and what it had pinned is free to be taken.
 * The gate then stays shut until some VM idles, ends or uses up its quantum: so
 * there are fewer and fewer of them, down to the oldest admission alone if need
 * be, and that one finds its frames.
 */
#ifndef IK_PAGING_H
#define IK_PAGING_H

#include "ik/state.h"

/* Frames that must be left for pages: what the worst instruction needs. */
#define PAGING_MIN_FRAMES 32

/* Brings the page in, or begins to. False: the VM is to wait, and then to try
   again. */
SIM_MUST_USE bool paging_page_in(struct kernel *k, struct vm *vm,
                                 uint32_t page);

/* Takes all page tables of the VM, for eager ones. False when frames are
   short. */
SIM_MUST_USE bool paging_take_tables(struct kernel *k, struct vm *vm);

/* The VM, blocked on a page, leaves the processor for PAGING. */
void paging_begin_wait(struct kernel *k, struct vm *vm);

/* A transfer of that kind is done: its pages are in, or out. */
void paging_finish_in(struct kernel *k, const struct transfer *x);
void paging_finish_out(struct kernel *k, const struct transfer *x);

/* Lets those who wait for a frame try again, if there is news. */
void paging_wake_waiters(struct kernel *k);

/* Sends the youngest admission back to the gate if all wait for ever; true
   when it did. To be asked when nobody is ready. */
bool paging_break_deadlock(struct kernel *k);

/* The VM ends: it waits for nothing any more. */
void paging_leave(struct kernel *k, struct vm *vm);

/* Cancels the VM's transfers and gives back its frames and its region. */
void paging_release_vm(struct kernel *k, struct vm *vm);

#endif /* IK_PAGING_H */
