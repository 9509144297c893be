/*
 * vdisk_io.h - requests to virtual disks, from their issue to their completion;
 * ik/virtual/vdisk.h says what is on the disks.
 *
 * Requests are asynchronous. A write copies its block when it is issued; a
 * read pins the pages of its buffer until it is done. At most ABI_DISK_RING
 * requests of a VM are outstanding, or done and not yet taken.
 */
#ifndef IK_VDISK_IO_H
#define IK_VDISK_IO_H

#include "ik/state.h"

struct vdisk_request {
    uint32_t disk; /* Of the VM's. */
    uint32_t block;
    uint32_t va;
    uint32_t tag;
    bool is_write;
};

/* Cancels what the VM has not got, and lets go of its disks. */
void vdisk_release_vm(struct kernel *k, struct vm *vm);

/* 0, or why a request may not be issued: ABI_ENODEV, EINVAL or EAGAIN. */
int32_t vdisk_check(const struct kernel *k, const struct vm *vm, uint32_t disk,
                    uint32_t block);

/* Checked; the buffer is present. */
void vdisk_issue(struct kernel *k, struct vm *vm,
                 const struct vdisk_request *request);

/* A transfer of ours is done. */
void vdisk_finish(struct kernel *k, const struct transfer *x);

#endif /* IK_VDISK_IO_H */
