/*
 * lifecycle.h - VMs begin and end, and give back all that they held.
 */
#ifndef IK_LIFECYCLE_H
#define IK_LIFECYCLE_H

#include "ik/state.h"

/* What a VM is made of. */
struct vm_config {
    vmid_t id; /* Never used before. */
    uint32_t group;
    uint32_t image;
    uint32_t memory_bytes;
    const char *args; /* Borrowed; shorter than ABI_CMDLINE_BYTES. */
    uint64_t seed;
    bool awaited;
    uint32_t frame_limit; /* 0: none. */
};

/*
 * Frees the frames that the creation of such a VM takes, of others' pages if
 * need be. False: not now, but there will be news (paging.frame_news).
 */
SIM_MUST_USE bool lifecycle_make_room(struct kernel *k, uint32_t memory_bytes);

/*
 * Creates a VM, CREATED; the caller sends it to the gate. False, with
 * kernel_fail called, when memory or disk is short.
 */
SIM_MUST_USE bool lifecycle_create(struct kernel *k, struct arena *arena,
                                   const struct vm_config *config);

/* The VM has booted; for the first time, or again. */
void lifecycle_boots(struct kernel *k, struct vm *vm);

/* Why it ends: `end` and its detail, as in struct vm. */
struct vm_ending {
    enum vm_end end;
    uint32_t detail;
    const char *text; /* NULL, or static. */
};

/* Ends a living VM in any state, and frees everything it held. */
void lifecycle_end(struct kernel *k, struct vm *vm,
                   const struct vm_ending *ending);

/* The VM was ended for what it did wrong, not by itself or the supervisor. */
bool vm_has_faulted(const struct vm *vm);

/* It terminated itself, with a code other than 0. */
bool vm_has_failed(const struct vm *vm);

#endif /* IK_LIFECYCLE_H */
