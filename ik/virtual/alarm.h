/*
 * alarm.h - the alarm, a timer whose end is an interrupt; and what is done
 * about timers that have expired, of alarms and of VMs that wait.
 */
#ifndef IK_ALARM_H
#define IK_ALARM_H

#include "ik/state.h"

void alarm_init_vm(struct kernel *k, struct vm *vm);

/* Sets or, with ABI_TIME_NEVER, cancels the alarm. */
void alarm_set(struct kernel *k, struct vm *vm, uint64_t deadline_ns);

/* Serves the timers that have expired: one timer interrupt for all. */
void alarm_serve_expired(struct kernel *k);

/* Cancels the alarm of a VM that ends. */
void alarm_release_vm(struct kernel *k, struct vm *vm);

#endif /* IK_ALARM_H */
