/*
 * vdisk.h - virtual disks: a fixed number of 4 KiB blocks, given to a VM at
 * its creation, on the same spindles as swap.
 *
 * Requests are asynchronous. A write copies its block when it is issued; a
 * read pins the pages of its buffer until it is done. At most ABI_DISK_RING
 * requests of a VM are outstanding, or done and not yet taken. Contents
 * outlive the VM: a VM created later in the same group takes over the disks
 * that nobody holds.
 */
#ifndef IK_VDISK_H
#define IK_VDISK_H

#include "ik/kernel.h"

/* One disk. They stand in rows: all disks of one VM follow each other. */
struct vdisk {
    uint64_t first; /* Swap page. */
    uint32_t blocks;
    uint32_t group;   /* Whose VMs may hold it. */
    uint32_t item;    /* Of the scenario's disks. */
    vmid_t holder;    /* VM_NONE: nobody. */
    uint8_t *written; /* A bit a block; others read as zeros. */
};

struct vdisk_request {
    uint32_t disk; /* Of the VM's. */
    uint32_t block;
    uint32_t va;
    uint32_t tag;
    bool is_write;
};

/* Makes all disks the scenario names. NULL, or why there is no room. */
SIM_MUST_USE const char *vdisk_init(struct kernel *k, struct arena *arena);

/* Gives a VM being created the disks of its group; there are enough. */
void vdisk_attach(struct kernel *k, struct vm *vm);

/* Cancels what the VM has not got, and lets go of its disks. */
void vdisk_release_vm(struct kernel *k, struct vm *vm);

/* 0, or why a request may not be issued: ABI_ENODEV, EINVAL or EAGAIN. */
int32_t vdisk_check(const struct kernel *k, const struct vm *vm, uint32_t disk,
                    uint32_t block);

/* Checked; the buffer is present. */
void vdisk_issue(struct kernel *k, struct vm *vm,
                 const struct vdisk_request *request);

/* From outside, before or after the run: a block's bytes. NULL: it was never
   written, and reads as zeros. Putting fails when the host has no memory. */
const uint8_t *vdisk_block(const struct kernel *k, const struct vdisk *d,
                           uint32_t block);
SIM_MUST_USE bool vdisk_put_block(struct kernel *k, struct vdisk *d,
                                  uint32_t block, const uint8_t *bytes);

struct transfer;

/* A transfer of ours is done. */
void vdisk_finish(struct kernel *k, struct transfer *x);

#endif /* IK_VDISK_H */
