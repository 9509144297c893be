/* vdisk_io.c - see vdisk_io.h. */
#include "ik/virtual/vdisk_io.h"

#include "ik/memory/eviction.h"
#include "ik/memory/issue.h"
#include "ik/memory/memory.h"
#include "ik/virtual/vdisk.h"
#include "ik/virtual/virq.h"
#include "ik/virtual/vregs.h"

#define BUFFER_PAGES 2 /* That a block's buffer may lie in. */

static struct vdisk *disk_of(const struct kernel *k, const struct vm *vm,
                             uint32_t disk)
{
    SIM_ASSERT(disk < vm->vdisk_count);
    return &k->vdisks[vm->first_vdisk + disk];
}

/* ---- Requests ----------------------------------------------------------- */

int32_t vdisk_check(const struct kernel *k, const struct vm *vm, uint32_t disk,
                    uint32_t block)
{
    if (disk >= vm->vdisk_count) {
        return ABI_ENODEV;
    }
    if (block >= disk_of(k, vm, disk)->blocks) {
        return ABI_EINVAL;
    }
    /* What the guest says it has taken counts only against itself. */
    uint32_t untaken = vm->disk_done - vm->disk_taken;
    if (vm->disk_in_flight >= ABI_DISK_RING ||
        vm->disk_in_flight + untaken >= ABI_DISK_RING) {
        return ABI_EAGAIN;
    }
    return 0;
}

static void complete(struct kernel *k, struct vm *vm, uint32_t tag)
{
    vm->disk_in_flight--;
    vm->disk_ring[vm->disk_done % ABI_DISK_RING] =
        (struct disk_completion){ .tag = tag, .result = 0 };
    vm->disk_done++;
    virq_raise(k, vm, ABI_IRQ_DISK);
}

static void copy_to_guest(struct kernel *k, struct vm *vm,
                          const struct vdisk *d, uint32_t block, uint32_t va)
{
    static const uint8_t zeros[ABI_BLOCK_BYTES] = { 0 };
    const uint8_t *bytes = vdisk_block(k, d, block);
    memory_copy_out(k, vm, va, bytes ? bytes : zeros, ABI_BLOCK_BYTES);
}

/* The frames of the buffer, which stay where they are until it is done. */
static void pin_buffer(struct kernel *k, struct vm *vm, struct transfer *x,
                       uint32_t va)
{
    uint32_t first = (va - ABI_MEM_BASE) / ABI_PAGE_BYTES;
    uint32_t last = (va - ABI_MEM_BASE + ABI_BLOCK_BYTES - 1) / ABI_PAGE_BYTES;
    for (uint32_t i = 0; i <= last - first; i++) {
        x->frames[i] = vm->ptes[first + i].frame;
        k->frames.table[x->frames[i]].pins++;
    }
}

void vdisk_issue(struct kernel *k, struct vm *vm,
                 const struct vdisk_request *request)
{
    struct vdisk *d = disk_of(k, vm, request->disk);
    uint64_t page = d->first + request->block;
    vm->disk_in_flight++;
    if (request->is_write) {
        uint8_t *to = vdisk_write_to(k, d, request->block);
        if (!to) {
            kernel_fail(k, "too little host memory for what the disks hold");
            return;
        }
        memory_copy_in(k, vm, to, request->va, ABI_BLOCK_BYTES);
    }
    if (k->devices_free) {
        if (!request->is_write) {
            copy_to_guest(k, vm, d, request->block, request->va);
        }
        complete(k, vm, request->tag);
        return;
    }
    struct transfer *x = transfer_get(&k->transfers);
    if (!x) {
        kernel_fail(k, "too little host memory for disk transfers");
        return;
    }
    x->kind = request->is_write ? TRANSFER_DISK_WRITE : TRANSFER_DISK_READ;
    x->vm = vm->id;
    x->vdisk = request->disk;
    x->page = request->block;
    x->count = 1;
    x->tag = request->tag;
    x->va = request->va;
    if (!request->is_write) {
        pin_buffer(k, vm, x, request->va);
    }
    transfer_issue(k, x, page);
}

static void unpin_buffer(struct kernel *k, const uint32_t *frames)
{
    for (uint32_t i = 0; i < BUFFER_PAGES; i++) {
        if (frames[i] != FRAME_NONE) {
            k->frames.table[frames[i]].pins--;
        }
    }
}

void vdisk_finish(struct kernel *k, const struct transfer *x)
{
    if (x->vm == VM_NONE) {
        for (uint32_t i = 0; i < BUFFER_PAGES; i++) {
            if (x->frames[i] != FRAME_NONE) {
                frames_end_orphan(&k->frames, x->frames[i]);
            }
        }
        return;
    }
    struct vm *vm = kernel_vm(k, x->vm);
    if (x->kind == TRANSFER_DISK_READ) {
        copy_to_guest(k, vm, disk_of(k, vm, x->vdisk), x->page, x->va);
        unpin_buffer(k, x->frames);
    }
    complete(k, vm, x->tag);
}

/* ---- The end ------------------------------------------------------------ */

/* The hardware still writes to the frame: it goes later. */
static void orphan_frame(struct kernel *k, struct vm *vm, uint32_t frame)
{
    const struct frame *f = &k->frames.table[frame];
    if (f->page == FRAME_PAGE_ORPHAN) {
        frames_share_orphan(&k->frames, frame); /* Another read's already. */
    } else {
        eviction_orphan_page(k, vm, f->page);
    }
}

static void release_transfer(struct kernel *k, struct vm *vm,
                             struct transfer *x)
{
    uint32_t frames[BUFFER_PAGES] = { x->frames[0], x->frames[1] };
    x->vm = VM_NONE;
    bool cancelled = transfer_cancel(k, x);
    for (uint32_t i = 0; i < BUFFER_PAGES; i++) {
        if (frames[i] == FRAME_NONE) {
            continue;
        }
        if (!cancelled) {
            orphan_frame(k, vm, frames[i]);
        } else if (k->frames.table[frames[i]].page != FRAME_PAGE_ORPHAN) {
            k->frames.table[frames[i]].pins--;
        }
    }
}

void vdisk_release_vm(struct kernel *k, struct vm *vm)
{
    for (struct transfer *x = k->transfers.flying; x;) {
        struct transfer *next = x->next;
        if (x->vm == vm->id &&
            (x->kind == TRANSFER_DISK_READ || x->kind == TRANSFER_DISK_WRITE)) {
            release_transfer(k, vm, x);
        }
        x = next;
    }
    vdisk_detach(k, vm);
    vm->disk_in_flight = 0;
}
