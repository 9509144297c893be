/* vregs.c - see vregs.h. */
#include "ik/virtual/vregs.h"

#include <string.h>

#include "ik/virtual/vdisk.h"
#include "sim/bytes.h"

void vregs_fill(const struct kernel *k, const struct vm *vm, uint8_t *page)
{
    uint32_t ipv4 = ABI_VM_NET + vm->id + 1;
    put_le32(page + ABI_VR_MAGIC, ABI_MAGIC);
    put_le32(page + ABI_VR_VM_NUMBER, vm->id);
    put_le32(page + ABI_VR_MEMORY_BYTES, vm->page_count * ABI_PAGE_BYTES);
    put_le32(page + ABI_VR_CPU_KHZ, (uint32_t)(k->cpu_hz / 1000));
    put_be16(page + ABI_VR_MAC, ABI_MAC_PREFIX);
    put_be32(page + ABI_VR_MAC + 2, ipv4);
    put_le32(page + ABI_VR_IPV4, ipv4);
    put_le32(page + ABI_VR_NETMASK, ABI_NETMASK);
    put_le32(page + ABI_VR_IDLE_MODE, k->config.scenario->idle == IDLE_SPIN
                                          ? ABI_IDLE_MODE_SPIN
                                          : ABI_IDLE_MODE_TIMEOUT);
    put_le64(page + ABI_VR_SEED_LOW, vm->seed);
    put_le32(page + ABI_VR_DISK_COUNT, vm->vdisk_count);
    for (uint32_t i = 0; i < vm->vdisk_count; i++) {
        put_le32(page + ABI_VR_DISK_BLOCKS + (size_t)4 * i,
                 k->vdisks[vm->first_vdisk + i].blocks);
    }
    size_t length = strlen(vm->args);
    SIM_ASSERT(length < ABI_CMDLINE_BYTES);
    memcpy(page + ABI_VR_CMDLINE, vm->args, length + 1);
    vregs_update(k, vm, page);
}

void vregs_update(const struct kernel *k, const struct vm *vm, uint8_t *page)
{
    put_le64(page + ABI_VR_TIME_LOW, ns_from_cycles(k->now, k->cpu_hz));
    put_le32(page + ABI_VR_IRQ_PENDING, vm->pending);
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

struct vregs_guest vregs_read(const uint8_t *page)
{
    return (struct vregs_guest){
        .irq_enabled = get_le32(page + ABI_VR_IRQ_ENABLED) != 0,
        .handler = get_le32(page + ABI_VR_IRQ_HANDLER),
        .return_start = get_le32(page + ABI_VR_IRQ_RET_START),
        .return_end = get_le32(page + ABI_VR_IRQ_RET_END),
        .disk_taken = get_le32(page + ABI_VR_DISK_TAKEN),
    };
}

void vregs_disable(uint8_t *page)
{
    put_le32(page + ABI_VR_IRQ_ENABLED, 0);
}
