/*
 * summon.h - synchronous interrupts: who is interrupted for whom.
 *
 * With `interrupts: batched` nothing here does anything. With `synchronous`, a
 * VM for which a virtual interrupt is raised (by a packet, an alarm, a disk)
 * is a target until the kernel next chooses who runs, after the gate:
 *
 *  - a target that is running enters its handler at once, in its quantum;
 *  - one that is READY runs at once, for a whole quantum: it is summoned. The
 *    VM that ran until then is set aside: READY, and the next to run, with
 *    what is left of its quantum;
 *  - a VM that was summoned is not interrupted for another one; so at most one
 *    is set aside;
 *  - an IDLE target has woken and goes to the gate; if that admits it now, it
 *    is READY. One that still waits there, waits for a page, has interrupts
 *    disabled, or lacks a page that delivery touches is served as if its
 *    interrupt were batched: it is no target any more.
 *
 * Weakness: each interrupt costs two switches; and with interrupts at every
 * end of a summoned VM's quantum, who is set aside waits for them all.
 */
#ifndef IK_SUMMON_H
#define IK_SUMMON_H

#include "ik/state.h"

/* The next target to run or, if it is running, to deliver to; NULL: none. */
struct vm *summon_next(struct kernel *k);

/* Takes the processor from the running VM, if there is one. */
void summon_set_aside(struct kernel *k);

/* The VM set aside, which is no longer, with its quantum; VM_NONE: none. */
struct set_aside summon_resume(struct kernel *k);

#endif /* IK_SUMMON_H */
