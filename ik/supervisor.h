/*
 * supervisor.h - creates and destroys VMs while the system runs: the
 * scenario's events.
 *
 * A VM created then is charged for what the paper's supervisor VM does: its
 * image is written to its region, in sequential writes, before it goes to the
 * gate. VM numbers and addresses are never used again. A creation that cannot
 * fit is refused to its creator, with those of its group that wait behind it,
 * and the run goes on.
 */
#ifndef IK_SUPERVISOR_H
#define IK_SUPERVISOR_H

#include "ik/state.h"

struct supervisor; /* Opaque: timers of events, and VMs being written. */

/* NULL: the arena is full. It keeps the arena, for VMs to come. */
struct supervisor *supervisor_create(struct kernel *k, struct arena *arena);

/* Creates the VMs that are there from the start. False: kernel_fail. */
SIM_MUST_USE bool supervisor_boot(struct supervisor *s);

/* Events are due from now on; those of the window, which begins at that cycle,
   once this is known: TIME_NEVER says that it is not yet. */
void supervisor_start(struct supervisor *s, uint64_t window_start);

/* It is known now. */
void supervisor_open_window(struct supervisor *s, uint64_t window_start);

/* Does what has become due. */
void supervisor_serve(struct supervisor *s);

/* Frames may have become free: creates those for which there was no room. What
   waits for frames holds up nothing but the creations of its group. */
void supervisor_try_again(struct supervisor *s);

bool supervisor_has_work(const struct supervisor *s);

/* The write of an image is done: the next, or the VM goes to the gate. */
void supervisor_finish(struct supervisor *s, const struct transfer *x);

#endif /* IK_SUPERVISOR_H */
