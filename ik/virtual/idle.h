/*
 * idle.h - VMs that wait: `idle` with a deadline, and the alarm.
 *
 * `idle` never loses a wake-up: with anything pending it does not block.
 * Every wake leads to the tail of the gate, even when the VM passes at once.
 */
#ifndef IK_IDLE_H
#define IK_IDLE_H

#include "ik/kernel.h"

void idle_init_vm(struct kernel *k, struct vm *vm);

/* The running VM blocks until the deadline, in ns; it has been descheduled. */
void idle_begin(struct kernel *k, struct vm *vm, uint64_t deadline_ns);

/* The idle VM goes to the gate; its `idle` will return `result`. */
void idle_wake(struct kernel *k, struct vm *vm, uint32_t result);

/* Sets or, with ABI_TIME_NEVER, cancels the alarm. */
void idle_set_alarm(struct kernel *k, struct vm *vm, uint64_t deadline_ns);

/* Serves the timers that have expired: one timer interrupt for all. */
void idle_serve_expired(struct kernel *k);

/* Cancels all timers of a VM that ends. */
void idle_release_vm(struct kernel *k, struct vm *vm);

#endif /* IK_IDLE_H */
