/*
 * virq.h - virtual interrupts: a pending mask per VM, delivered in a batch.
 *
 * Interrupts of one kind coalesce into one bit; what they are about waits in
 * the device's queue. Any pending bit wakes an idle VM, whatever its enabled
 * register says. Delivery happens when a VM is dispatched, or comes out of an
 * `idle` that could not block; unless they are batched also when one is
 * raised for the running VM (ik/virtual/summon.h).
 */
#ifndef IK_VIRQ_H
#define IK_VIRQ_H

#include "ik/memory/memory.h"

/* `bit` is one of ABI_IRQ_...; a dead VM is left alone. */
void virq_raise(struct kernel *k, struct vm *vm, uint32_t bit);

/*
 * Whether the VM would enter its handler at once, were it to run: something is
 * pending and enabled, and all that delivery touches is resident. Charges and
 * changes nothing.
 */
bool virq_is_deliverable(struct kernel *k, struct vm *vm);

enum virq_result {
    VIRQ_DELIVERED,
    VIRQ_NOT_NOW,   /* Nothing pending, disabled, or in the return sequence. */
    VIRQ_BAD_STACK, /* No room for the frame: the VM's own fault. */
    VIRQ_BLOCKED,   /* A page of the frame is on its way: try again. */
};

/*
 * Enters the handler of the running VM if it is due. The register page is
 * resident. The mask is consumed only when the frame has been written.
 */
enum virq_result virq_deliver(struct kernel *k, struct vm *vm);

#endif /* IK_VIRQ_H */
