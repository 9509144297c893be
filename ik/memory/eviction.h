/*
 * eviction.h - pages go: the victim is the replacement policy's choice, its
 * dirty contents are written back, and its frame is free.
 *
 * A write-back takes the dirty neighbours in the same block along, in one
 * transfer, and copies when it is issued; so the frame is free at once, unless
 * EVICTION_WRITE_LIMIT pages are waiting already: then whoever needs the frame
 * waits too. A replacement policy may keep half of them for VMs that it owes
 * frames.
 */
#ifndef IK_EVICTION_H
#define IK_EVICTION_H

#include "ik/state.h"

/* Dirty pages copied and waiting to be written, all VMs together; pinned. */
#define EVICTION_WRITE_LIMIT 256

/*
 * A frame is free for the page, by eviction if need be. A VM with a limit on
 * its frames evicts its own pages to stay within it. False: not now.
 */
SIM_MUST_USE bool eviction_make_room(struct kernel *k, struct vm *vm,
                                     uint32_t page);

/*
 * A write-back may begin: there is room for a whole block of it. Less would be
 * written page by page when many wait, and a disk does as few of those a
 * second as of whole blocks.
 */
bool eviction_may_write(const struct kernel *k);

/* Whose page is to go: of `only`, unless that is VM_NONE, for a frame that
   `wanted_by` is to have; VM_NONE: a VM that is not there yet. */
struct eviction {
    vmid_t only, wanted_by;
    enum eviction_why why;
};

/* Evicts one page. False: not now. */
SIM_MUST_USE bool eviction_evict(struct kernel *k, struct eviction what);

/* Frames that the VM keeps when others are to have what it does not use. */
uint32_t eviction_kept(const struct kernel *k, vmid_t vm);

/*
 * The page counts against the VM's limit: it lies between its image and its
 * stack. All others of such a VM are never taken.
 */
bool eviction_is_limited(const struct kernel *k, const struct vm *vm,
                         uint32_t page);

/* Gives back the frame of a page that was on its way in; `is_safe`: nothing
   will be written to it any more. */
void eviction_forget_frame(struct kernel *k, struct vm *vm, uint32_t page,
                           uint32_t frame, bool is_safe);

/* Drops a present page, unwritten; if it is pinned, a disk still writes to its
   frame. */
void eviction_drop(struct kernel *k, struct vm *vm, uint32_t page);

/* Drops all of the VM's pages, unwritten, and its page tables. */
void eviction_drop_all(struct kernel *k, struct vm *vm);

/* Evicts what it can of the VM, but for what it keeps; the number of frames freed. */
uint32_t eviction_empty(struct kernel *k, struct vm *vm);

#endif /* IK_EVICTION_H */
