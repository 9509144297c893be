/*
 * frames.h - physical memory: 4 KiB frames, each free or with one owner.
 *
 *     free + pinned + tables + orphans + resident pages of all VMs = frames
 *
 * The frames of one VM stand in a ring of their own, so they are found
 * without a walk of its page table.
 */
#ifndef IK_FRAMES_H
#define IK_FRAMES_H

#include "ik/vm.h"

struct arena;

/*
 * In frame.page: it holds no page, but a page table, or the kernel's own; or
 * its VM has ended and a disk still writes to it.
 */
#define FRAME_PAGE_TABLE  UINT32_MAX
#define FRAME_PAGE_PINNED (UINT32_MAX - 1)
#define FRAME_PAGE_ORPHAN (UINT32_MAX - 2)

struct frame {
    vmid_t owner;  /* VM_NONE: free, or the kernel's. */
    uint32_t page; /* Of its owner, or FRAME_PAGE_...; valid when not free. */
    uint32_t next; /* In the owner's ring, or the next free one. */
    uint32_t prev; /* In the owner's ring. */
    uint32_t pins; /* Reasons why its page must stay. */
    uint32_t seen_epoch; /* Touches up to here are known to the policy. */
};

struct frames {
    struct frame *table; /* By frame number. */
    uint32_t count;
    uint32_t fresh;     /* Frames from here on were never used. */
    uint32_t free_head; /* Of those given back; FRAME_NONE: none. */
    uint32_t free_count;
    uint32_t pinned;      /* The kernel's own. */
    uint32_t pinned_head; /* Linked by next. */
    uint32_t tables;      /* Page tables and directories. */
    uint32_t orphans;
};

/* False when the arena is full. count is in [1, FRAME_LIMIT]. */
SIM_MUST_USE bool frames_init(struct frames *f, struct arena *arena,
                              uint32_t count);

/*
 * A frame for `page` of `vm` (or one of its tables), entered in the VM's
 * ring. FRAME_NONE when none is free. Its contents are whatever they were.
 */
uint32_t frames_take(struct frames *f, struct vm *vm, uint32_t page);
void frames_give_back(struct frames *f, struct vm *vm, uint32_t frame);

/*
 * A free frame is not to be used until the disk is done with it. Each further
 * transfer into it shares it, and each of them ends it once.
 */
void frames_begin_orphan(struct frames *f, uint32_t frame);
void frames_share_orphan(struct frames *f, uint32_t frame);
void frames_end_orphan(struct frames *f, uint32_t frame);

/* Makes the kernel's own frames `count`; false when too few are free. */
SIM_MUST_USE bool frames_pin(struct frames *f, uint32_t count);

#endif /* IK_FRAMES_H */
