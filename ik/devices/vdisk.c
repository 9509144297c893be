/* vdisk.c - see vdisk.h. */
#include "ik/devices/vdisk.h"

#include <string.h>

#include "sim/arena.h"

/* ---- Contents ----------------------------------------------------------- */

const uint8_t *vdisk_block(const struct kernel *k, const struct vdisk *d,
                           uint32_t block)
{
    SIM_ASSERT(block < d->blocks);
    bool is_written = (d->written[block / 8] & (1u << block % 8)) != 0;
    return is_written ? swap_read(&k->swap, d->first + block) : NULL;
}

uint8_t *vdisk_write_to(struct kernel *k, struct vdisk *d, uint32_t block)
{
    SIM_ASSERT(block < d->blocks);
    if (!swap_make_room(&k->swap, d->first + block, 1)) {
        return NULL;
    }
    d->written[block / 8] |= (uint8_t)(1u << block % 8);
    return swap_write(&k->swap, d->first + block);
}

bool vdisk_put_block(struct kernel *k, struct vdisk *d, uint32_t block,
                     const uint8_t *bytes)
{
    uint8_t *to = vdisk_write_to(k, d, block);
    if (to) {
        memcpy(to, bytes, ABI_BLOCK_BYTES);
    }
    return to;
}

/* ---- Making and holding ------------------------------------------------- */

static bool make_disk(struct kernel *k, struct arena *arena, uint32_t item)
{
    const struct scenario_disk *s = &k->config.scenario->disks[item];
    struct vdisk *d = &k->vdisks.table[k->vdisks.count];
    d->blocks = (uint32_t)(s->size_bytes / ABI_BLOCK_BYTES);
    d->group = s->group;
    d->item = item;
    d->holder = VM_NONE;
    d->written = arena_alloc(arena, (d->blocks + 7) / 8, alignof(uint8_t));
    if (!d->written || !swap_take(&k->swap, d->blocks, &d->first)) {
        return false;
    }
    k->vdisks.count++;
    return true;
}

const char *vdisk_init(struct kernel *k, struct arena *arena)
{
    const struct scenario *s = k->config.scenario;
    uint64_t count = 0;
    for (uint32_t i = 0; i < s->disk_count; i++) {
        count += s->vms[s->disks[i].group].vm_total;
    }
    k->vdisks.table = arena_alloc(arena, count * sizeof(*k->vdisks.table),
                                  alignof(struct vdisk));
    if (!k->vdisks.table) {
        return "too little host memory for the virtual disks";
    }
    for (uint32_t g = 0; g < s->group_count; g++) {
        for (uint32_t n = 0; n < s->vms[g].vm_total; n++) {
            for (uint32_t i = 0; i < s->disk_count; i++) {
                if (s->disks[i].group == g && !make_disk(k, arena, i)) {
                    return "the disks are too small for the virtual disks";
                }
            }
        }
    }
    return NULL;
}

void vdisk_attach(struct kernel *k, struct vm *vm)
{
    uint32_t i = 0;
    while (i < k->vdisks.count && (k->vdisks.table[i].group != vm->group ||
                                   k->vdisks.table[i].holder != VM_NONE)) {
        i++;
    }
    vm->first_vdisk = i;
    vm->vdisk_count = 0;
    const struct scenario *s = k->config.scenario;
    for (uint32_t n = 0; n < s->disk_count; n++) {
        if (s->disks[n].group == vm->group) {
            SIM_ASSERT(k->vdisks.table[i].holder == VM_NONE);
            k->vdisks.table[i++].holder = vm->id;
            vm->vdisk_count++;
        }
    }
}

void vdisk_detach(struct kernel *k, struct vm *vm)
{
    for (uint32_t i = 0; i < vm->vdisk_count; i++) {
        k->vdisks.table[vm->first_vdisk + i].holder = VM_NONE;
    }
    vm->vdisk_count = 0;
}
