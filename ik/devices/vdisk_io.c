/*
 * vdisk_io.c - virtual disks as a device: requests, from their issue to their
 * completion. vdisk.h says what is on the disks.
 *
 * Requests are asynchronous. A write copies its block when it is issued; a
 * read pins the pages of its buffer until it is done. At most ABI_DISK_RING
 * requests of a VM are outstanding, or done and not yet taken.
 */
#include "ik/check.h"
#include "ik/devices/devices.h"
#include "ik/devices/vdisk.h"
#include "ik/memory/eviction.h"
#include "ik/memory/issue.h"
#include "ik/memory/memory.h"
#include "ik/virtual/virq.h"
#include "sim/bytes.h"

#define BUFFER_PAGES 2 /* That a block's buffer may lie in. */

struct request {
    uint32_t disk; /* Of the VM's. */
    uint32_t block;
    uint32_t va;
    uint32_t tag;
    bool is_write;
};

static struct vdisk *disk_of(const struct kernel *k, const struct vm *vm,
                             uint32_t disk)
{
    SIM_ASSERT(disk < vm->vdisk_count);
    return &k->vdisks.table[vm->first_vdisk + disk];
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

static void issue(struct kernel *k, struct vm *vm,
                  const struct request *request)
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
    struct transfer *x = transfer_new(k);
    if (!x) {
        return;
    }
    x->kind = request->is_write ? TRANSFER_DEVICE_WRITE : TRANSFER_DEVICE_READ;
    x->device = &device_vdisk;
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

static void vdisk_finish(struct kernel *k, const struct transfer *x)
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
    if (x->kind == TRANSFER_DEVICE_READ) {
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
        eviction_drop(k, vm, f->page);
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

static void vdisk_end(struct kernel *k, struct vm *vm)
{
    for (struct transfer *x = k->transfers.flying; x;) {
        struct transfer *next = x->next;
        if (x->vm == vm->id && x->device == &device_vdisk) {
            release_transfer(k, vm, x);
        }
        x = next;
    }
    vdisk_detach(k, vm);
    vm->disk_in_flight = 0;
}

/* ---- The device --------------------------------------------------------- */

static void vdisk_fill(const struct kernel *k, const struct vm *vm,
                       uint8_t *page)
{
    put_le32(page + ABI_VR_DISK_COUNT, vm->vdisk_count);
    for (uint32_t i = 0; i < vm->vdisk_count; i++) {
        put_le32(page + ABI_VR_DISK_BLOCKS + (size_t)4 * i,
                 disk_of(k, vm, i)->blocks);
    }
}

static void vdisk_update(const struct kernel *k, const struct vm *vm,
                         uint8_t *page)
{
    (void)k;
    if (vm->vdisk_count == 0) {
        return;
    }
    put_le32(page + ABI_VR_DISK_DONE, vm->disk_done);
    for (uint32_t i = 0; i < ABI_DISK_RING; i++) {
        uint8_t *entry = page + ABI_VR_DISK_RING + (size_t)8 * i;
        put_le32(entry, vm->disk_ring[i].tag);
        put_le32(entry + 4, (uint32_t)vm->disk_ring[i].result);
    }
}

/* Each disk that is held is held by the VM that counts it. */
static void vdisk_audit(struct kernel *k)
{
    uint32_t held = 0;
    uint32_t counted = 0;
    for (uint32_t i = 0; i < k->vdisks.count; i++) {
        held += k->vdisks.table[i].holder != VM_NONE;
    }
    for (vmid_t i = 0; i < k->vm_count; i++) {
        const struct vm *vm = &k->vms[i];
        counted += vm->state != VM_DEAD ? vm->vdisk_count : 0;
        for (uint32_t d = 0; d < vm->vdisk_count; d++) {
            check_equal(k, "the holder of a VM's disk",
                        disk_of(k, vm, d)->holder, vm->id);
        }
    }
    check_equal(k, "virtual disks that are held", held, counted);
}

static int32_t decode(struct kernel *k, const struct vm *vm,
                      const struct vinsn_args *a, struct vinsn_buffer *b,
                      enum cpu_access access)
{
    uint32_t disk = a->eax;
    uint32_t block = a->ecx;
    if (disk >= vm->vdisk_count) {
        return ABI_ENODEV;
    }
    if (block >= disk_of(k, vm, disk)->blocks) {
        return ABI_EINVAL;
    }
    /* What the guest says it has taken counts only against itself. */
    const uint8_t *registers = memory_register_page(k, vm);
    uint32_t untaken = vm->disk_done - get_le32(registers + ABI_VR_DISK_TAKEN);
    if (vm->disk_in_flight >= ABI_DISK_RING ||
        vm->disk_in_flight + untaken >= ABI_DISK_RING) {
        return ABI_EAGAIN;
    }
    *b = (struct vinsn_buffer){ a->edx, ABI_BLOCK_BYTES, access };
    return 0;
}

static int32_t read_decode(struct kernel *k, const struct vm *vm,
                           const struct vinsn_args *a, struct vinsn_buffer *b)
{
    return decode(k, vm, a, b, CPU_WRITE);
}

static int32_t write_decode(struct kernel *k, const struct vm *vm,
                            const struct vinsn_args *a, struct vinsn_buffer *b)
{
    return decode(k, vm, a, b, CPU_READ);
}

static int32_t read_or_write(struct kernel *k, struct vm *vm,
                             const struct vinsn_args *a,
                             const struct vinsn_buffer *b)
{
    issue(k, vm,
          &(struct request){ .disk = a->eax,
                             .block = a->ecx,
                             .va = b->va,
                             .tag = a->ebx,
                             .is_write = b->access == CPU_READ });
    return 0;
}

static const struct vinsn vdisk_insns[] = {
    { .vector = ABI_VI_DISK_READ,
      .reads_registers = true,
      .decode = read_decode,
      .invoke = read_or_write },
    { .vector = ABI_VI_DISK_WRITE,
      .reads_registers = true,
      .decode = write_decode,
      .invoke = read_or_write },
    { .invoke = NULL },
};

const struct device device_vdisk = {
    .name = "disk",
    .irqs = ABI_IRQ_DISK,
    .insns = vdisk_insns,
    .init = vdisk_init,
    .begin = vdisk_attach,
    .end = vdisk_end,
    .fill = vdisk_fill,
    .update = vdisk_update,
    .finish = vdisk_finish,
    .audit = vdisk_audit,
};
