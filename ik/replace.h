/*
 * replace.h - page replacement: decides which resident page gives up its
 * frame.
 *
 * The kernel reports which frames hold pages and when they are first touched
 * in an address-space epoch; it asks for a victim when it needs a frame. A
 * policy sees frame and VM numbers and what the view and its host tell it: no
 * page table, no heap.
 *
 * Time is the owner's virtual time: processor cycles its guest has used, which
 * stand still while it waits.
 */
#ifndef IK_REPLACE_H
#define IK_REPLACE_H

#include "ik/host.h"

struct arena;
struct replace;

struct replace_config {
    uint32_t frame_count; /* Frames are [0, frame_count). */
    vmid_t vm_limit;      /* VMs are [0, vm_limit). */
    uint64_t tau_cycles;  /* wsclock: virtual time after which an untouched
                             page has left its owner's working set. It is
                             older than facts.args, which new policies have
                             their parameters in: policy_arg() in create(). */
    entitlement_fn *vm;   /* Asked by create() only. */
    const void *vm_ctx;
    struct policy_host *host; /* Borrowed, for the policy's life. NULL, in
                                 tests: nobody answers. */
};

/* What a policy may ask of a frame that holds a page. */
struct replace_view {
    void *ctx;

    /* The VM for which a frame is wanted; VM_NONE: for a new one. */
    vmid_t wanted_by;

    /* Not pinned, not on its way to or from a disk, and of a VM whose pages
       are wanted. A victim must be one of these. */
    bool (*may_take)(void *ctx, uint32_t frame);

    /* Touched since this was last asked about the frame; asking forgets. */
    bool (*was_touched)(void *ctx, uint32_t frame);

    bool (*is_dirty)(void *ctx, uint32_t frame);

    /* Begins to write a dirty page back, which is clean from then on and
       stays where it is. False: not now, too many are being written. */
    bool (*clean)(void *ctx, uint32_t frame);
};

/* What a policy does. Tables are const; all state is in the instance. */
struct replace_policy {
    struct policy_facts facts;

    /*
     * With no page resident. `self` is this table. One allocation, which
     * `arena` owns; NULL, and none, when it is full. Behind the table and the
     * host the instance holds numbers only, no pointers: tests compare its
     * bytes.
     */
    struct replace *(*create)(const struct replace_policy *self,
                              struct arena *arena,
                              const struct replace_config *config);

    /* The frame holds a page of `vm` from now on; it did not. */
    void (*enter)(struct replace *r, uint32_t frame, vmid_t vm);

    /* The frame, which was entered, no longer does. */
    void (*leave)(struct replace *r, uint32_t frame);

    /* The frame's page was touched for the first time in an epoch. May come
       more than once an epoch. NULL: the policy does not care. */
    void (*touch)(struct replace *r, uint32_t frame);

    /* The VM has run, and that is its virtual time now; before a victim is
       asked for all have told. NULL: the policy does not care. */
    void (*ran)(struct replace *r, vmid_t vm, uint64_t virtual_time);

    /*
     * A frame for which may_take holds, to give up its page now; it stays
     * entered until leave(). FRAME_NONE (UINT32_MAX): there is none. A dirty
     * victim will be written back by the kernel.
     */
    uint32_t (*victim)(struct replace *r, const struct replace_view *view);

    /* Frames that are left to the VM when the gate takes frames from those that
       do not run. NULL: none. */
    uint32_t (*kept)(const struct replace *r, vmid_t vm);

    /*
     * The VM holds less than is guaranteed to it. What has to be written so
     * that it gets a frame is written in the name of the page's owner, not in
     * its own, and half of what may wait to be written is for such VMs alone.
     * NULL: nothing is guaranteed.
     */
    bool (*is_owed)(const struct replace *r, vmid_t vm);

    /* The frame at which the next sweep begins; FRAME_NONE when no page is
       resident. For those who watch. NULL: the policy does not sweep. */
    uint32_t (*hand)(const struct replace *r);
};

/* Head of every instance. */
struct replace {
    const struct replace_policy *policy;
};

#endif /* IK_REPLACE_H */
