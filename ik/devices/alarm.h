/*
 * alarm.h - the alarm, a timer whose end is an interrupt; and what is done
 * about timers that have expired, of alarms and of VMs that wait.
 */
#ifndef IK_ALARM_H
#define IK_ALARM_H

#include "ik/state.h"

/* Serves the timers that have expired: one timer interrupt for all. */
void alarm_serve_expired(struct kernel *k);

#endif /* IK_ALARM_H */
