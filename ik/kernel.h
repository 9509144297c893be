/*
 * kernel.h - the isolation kernel: one processor, many VMs. How it is made, run
 * and ended; state.h says what it consists of.
 *
 * The kernel is not preemptible: an event due while it works keeps its due
 * time and is served when it is done.
 */
#ifndef IK_KERNEL_H
#define IK_KERNEL_H

#include "ik/config.h"
#include "sim/scenario.h"

struct arena;
struct kernel; /* state.h says what it consists of, for those who look. */

/* Asked between any two steps: true ends kernel_advance. */
typedef bool kernel_until_fn(void *ctx);

/*
 * Builds the kernel and creates the scenario's VMs, all waiting at the gate
 * at cycle 0. NULL, with one sentence in `message`, when the scenario does not
 * fit the machine or the arena is full.
 */
struct kernel *kernel_create(struct arena *arena,
                             const struct kernel_config *config,
                             char message[SCENARIO_MESSAGE_BYTES]);

/* Frees what lies outside the arena; VMs need not be dead. */
void kernel_release(struct kernel *k);

enum kernel_stop {
    KERNEL_REACHED, /* now >= until. */
    KERNEL_DONE,    /* `done` said so. */
    KERNEL_STUCK,   /* Nothing will ever happen again. */
    KERNEL_FAILED,  /* See kernel.failure. */
};

/*
 * Runs until cycle `until` (the last block may overrun it) or until `done`,
 * which may be NULL.
 */
enum kernel_stop kernel_advance(struct kernel *k, uint64_t until,
                                kernel_until_fn *done, void *ctx);

/* Boot is over: devices take their time from now on. */
void kernel_end_boot(struct kernel *k);

/* The scenario's events count from now on, those of the window from that cycle;
   TIME_NEVER: it is not known yet, */
void kernel_start_events(struct kernel *k, uint64_t window_start);

/* and now it is. */
void kernel_open_window(struct kernel *k, uint64_t window_start);

/* Cycles that all spindles together have been busy. */
uint64_t kernel_disk_busy(const struct kernel *k);

/*
 * Ends every VM that is left, as the supervisor does, and waits for the disks;
 * of use only after the run, since it goes on in the trace.
 */
void kernel_end_all(struct kernel *k);

#endif /* IK_KERNEL_H */
