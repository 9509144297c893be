/*
 * fake_memory.h - frames as a replacement policy sees them, with nothing
 * behind them: a second kernel for the tests, in which every answer of the view
 * is a variable.
 */
#ifndef TESTS_IK_POLICY_FAKE_MEMORY_H
#define TESTS_IK_POLICY_FAKE_MEMORY_H

#include "ik/policy/policies.h"
#include "sim/arena.h"

#define FAKE_FRAMES      4096
#define FAKE_VMS         64
#define FAKE_ARENA_BYTES (256 * 1024)

struct fake_frame {
    bool is_entered;
    bool is_pinned;
    bool is_touched;
    bool is_dirty;
    bool is_writing; /* Cleaned, and on its way to the disk. */
    vmid_t vm;       /* Its owner; valid while entered. */
};

struct fake_memory {
    alignas(max_align_t) unsigned char block[FAKE_ARENA_BYTES];
    struct arena arena;
    struct replace *r;
    struct policy_host host; /* Of defaults, and of draws. */
    struct replace_view view;
    uint64_t virtual_time[FAKE_VMS]; /* By VM. */
    struct fake_frame frames[FAKE_FRAMES];
    uint32_t frame_count;
    vmid_t vm_count;
    vmid_t only_vm;       /* VM_NONE: pages of all are wanted. */
    uint32_t clean_room;  /* Writes that may still begin. */
    uint32_t cleaned;     /* Begun. */
    uint32_t refused;     /* Not begun, for want of room. */
    uint32_t questions;   /* Calls of may_take. */
    bool touch_sticks;    /* Every page always was touched. */
    bool writes_copy;     /* A page that is written may be taken. */
    bool writes_in_pairs; /* Frames 2n and 2n + 1 are written together. */
};

/* An instance of `policy`; the block is filled with `fill` first. */
void fake_init(struct fake_memory *m, const struct replace_policy *policy,
               const struct replace_config *config, int fill);

/* Clean, not pinned, touched by what made it come in. */
void fake_enter(struct fake_memory *m, uint32_t frame, vmid_t vm);
void fake_leave(struct fake_memory *m, uint32_t frame);
void fake_touch(struct fake_memory *m, uint32_t frame);

/* Begins to write the page, which is dirty, and its dirty neighbour. */
void fake_write(struct fake_memory *m, uint32_t frame);

/* The frame may be taken, as the view answers. */
bool fake_may_take(const struct fake_memory *m, uint32_t frame);

/* A victim, after checking that it may be taken; the page stays. */
uint32_t fake_victim(struct fake_memory *m);

/* The same, and the page leaves. */
uint32_t fake_evict(struct fake_memory *m);

#endif /* TESTS_IK_POLICY_FAKE_MEMORY_H */
