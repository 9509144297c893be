/* vregs.c - see vregs.h. */
#include "ik/virtual/vregs.h"

#include <string.h>

#include "ik/devices/device.h"
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
    size_t length = strlen(vm->args);
    SIM_ASSERT(length < ABI_CMDLINE_BYTES);
    memcpy(page + ABI_VR_CMDLINE, vm->args, length + 1);
    for (size_t i = 0; k->devices[i]; i++) {
        if (k->devices[i]->fill) {
            k->devices[i]->fill(k, vm, page);
        }
    }
    vregs_update(k, vm, page);
}

void vregs_update(const struct kernel *k, const struct vm *vm, uint8_t *page)
{
    put_le64(page + ABI_VR_TIME_LOW, ns_from_cycles(k->now, k->cpu_hz));
    put_le32(page + ABI_VR_IRQ_PENDING, vm->pending);
    for (size_t i = 0; k->devices[i]; i++) {
        if (k->devices[i]->update) {
            k->devices[i]->update(k, vm, page);
        }
    }
}

struct vregs_guest vregs_read(const uint8_t *page)
{
    return (struct vregs_guest){
        .irq_enabled = get_le32(page + ABI_VR_IRQ_ENABLED) != 0,
        .handler = get_le32(page + ABI_VR_IRQ_HANDLER),
        .return_start = get_le32(page + ABI_VR_IRQ_RET_START),
        .return_end = get_le32(page + ABI_VR_IRQ_RET_END),
    };
}

void vregs_disable(uint8_t *page)
{
    put_le32(page + ABI_VR_IRQ_ENABLED, 0);
}
