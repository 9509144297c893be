/*
 * vregs.h - the virtual registers: the first page of a VM's memory, shared
 * with the kernel without traps (isa/abi.h has the layout).
 *
 * Devices have registers of their own there (device.h).
 *
 * The page is pageable like any other. The kernel holds the canonical values
 * and writes them at dispatch and when a virtual instruction completes; its
 * own writes do not dirty the page, as they are redone when it is paged in.
 */
#ifndef IK_VREGS_H
#define IK_VREGS_H

#include "ik/state.h"

/* What the guest sets, as it is now. */
struct vregs_guest {
    bool irq_enabled;
    uint32_t handler;
    uint32_t return_start;
    uint32_t return_end;
};

/* Writes all that the kernel knows to a page of zeros. */
void vregs_fill(const struct kernel *k, const struct vm *vm, uint8_t *page);

/* Brings system time and the pending mask up to date. */
void vregs_update(const struct kernel *k, const struct vm *vm, uint8_t *page);

struct vregs_guest vregs_read(const uint8_t *page);

/* Clears the enabled register. This one does dirty the page. */
void vregs_disable(uint8_t *page);

#endif /* IK_VREGS_H */
