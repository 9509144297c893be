/*
 * summon.h - interrupts at once: who is interrupted for whom.
 *
 * With `interrupts: batched` nothing here does anything. With `synchronous` and
 * `nested`, a VM for which a virtual interrupt is raised (by a packet, an
 * alarm, a disk) is a target until the kernel next chooses who runs, after the
 * gate:
 *
 *  - a target that is running enters its handler at once, in its quantum;
 *  - one that is READY runs at once, for a whole quantum: it is summoned. The
 *    VM that ran until then is set aside: READY, and the next to run, with
 *    what is left of its quantum;
 *  - an IDLE target has woken and goes to the gate; if that admits it now, it
 *    is READY. One that still waits there, waits for a page, has interrupts
 *    disabled, or lacks a page that delivery touches is served as if its
 *    interrupt were batched: it is no target any more.
 *
 * They differ in who may be interrupted:
 *
 *  - `synchronous`: a VM that was summoned is not; so at most one is set aside.
 *    An interrupt for another VM meanwhile is batched;
 *  - `nested`: every VM is, once it has run a block since it was dispatched.
 *    Until then the interrupt's VM stays a target. Those who are set aside go
 *    on in the order of a stack, the last one first. A target that is one of
 *    them leaves the stack, and goes on with what is left of its own quantum.
 *
 * So whatever comes, each dispatch runs a block: interrupts cannot use up all
 * time by switching alone. Nobody is set aside twice at once, so the stack is
 * no deeper than VMs are admitted.
 *
 * Weakness: each interrupt costs two switches. Who is set aside waits for all
 * who are summoned at each end of a summoned VM's quantum, and with `nested`,
 * for all who come before that: under steady interrupts the bottom of the
 * stack may starve, and no scheduler's bound holds.
 */
#ifndef IK_SUMMON_H
#define IK_SUMMON_H

#include "ik/state.h"

/* The next target to run or, if it is running, to deliver to; NULL: none that
   may now. It is no target any more. */
struct vm *summon_next(struct kernel *k);

/* Takes the processor from the running VM, if there is one. */
void summon_set_aside(struct kernel *k);

/* The VM, which is set aside, is no longer; its `aside` keeps the quantum. */
void summon_take_out(struct kernel *k, struct vm *vm);

#endif /* IK_SUMMON_H */
