/*
 * idle.h - VMs that wait: `idle`, with a deadline.
 *
 * `idle` never loses a wake-up: with anything pending it does not block.
 * Every wake leads to the tail of the gate, even when the VM passes at once.
 */
#ifndef IK_IDLE_H
#define IK_IDLE_H

#include "ik/state.h"

void idle_init_vm(struct kernel *k, struct vm *vm);

/* The running VM blocks until the deadline, in ns; it has been descheduled. */
void idle_begin(struct kernel *k, struct vm *vm, uint64_t deadline_ns);

/* The idle VM goes to the gate; its `idle` will return `result`. */
void idle_wake(struct kernel *k, struct vm *vm, uint32_t result);

/* Sets a timer of a VM; ABI_TIME_NEVER cancels it. */
void idle_set_timer(struct kernel *k, struct sim_timer *timer,
                    uint64_t deadline_ns);

/* A timer of the VM has expired, as `flag` will say until that is served; the
   kernel's queue of such VMs holds each at most once. */
void idle_expire(struct kernel *k, struct vm *vm, bool *flag);

/* Cancels the deadline of a VM that ends. */
void idle_release_vm(struct kernel *k, struct vm *vm);

#endif /* IK_IDLE_H */
