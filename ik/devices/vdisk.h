/*
 * vdisk.h - what virtual disks hold, and who holds them: a fixed number of
 * 4 KiB blocks each, given to a VM at its creation, on the same spindles as
 * swap.
 *
 * Contents outlive the VM: a VM created later in the same group takes over the
 * disks that nobody holds.
 */
#ifndef IK_VDISK_H
#define IK_VDISK_H

#include "ik/state.h"

/* One disk. They stand in rows: all disks of one VM follow each other. */
struct vdisk {
    uint64_t first; /* Swap page. */
    uint32_t blocks;
    uint32_t group;   /* Whose VMs may hold it. */
    uint32_t item;    /* Of the scenario's disks. */
    vmid_t holder;    /* VM_NONE: nobody. */
    uint8_t *written; /* A bit a block; others read as zeros. */
};

/* Makes all disks the scenario names. NULL, or why there is no room. */
SIM_MUST_USE const char *vdisk_init(struct kernel *k, struct arena *arena);

/* Gives a VM being created the disks of its group; there are enough. */
void vdisk_attach(struct kernel *k, struct vm *vm);

/* Lets go of the VM's disks. */
void vdisk_detach(struct kernel *k, struct vm *vm);

/* A block's bytes. NULL: it was never written, and reads as zeros. */
const uint8_t *vdisk_block(const struct kernel *k, const struct vdisk *d,
                           uint32_t block);

/* Where the block's bytes go; it counts as written. NULL: no host memory. */
uint8_t *vdisk_write_to(struct kernel *k, struct vdisk *d, uint32_t block);

/* False: no host memory. */
SIM_MUST_USE bool vdisk_put_block(struct kernel *k, struct vdisk *d,
                                  uint32_t block, const uint8_t *bytes);

#endif /* IK_VDISK_H */
