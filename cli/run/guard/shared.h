/*
 * shared.h - what the guard and its runs share: a mapping that each child
 * inherits. A run writes, and the guard reads when the run is over.
 */
#ifndef CLI_RUN_GUARD_SHARED_H
#define CLI_RUN_GUARD_SHARED_H

#include "cli/run/guard/guard.h"

/* The first of them are the likelier. */
#define GUARD_PLACES 2

/* Policies of a run. */
#define GUARD_TRUSTED 4

struct guard {
    struct cpu_note note;
    /* Written by a run's handler: the engine is over. */
    volatile uint32_t is_over;
    volatile int how;
    uint32_t places[GUARD_PLACES];

    /* Written by the guard. */
    volatile uint32_t is_stopped;
    uint64_t translation_ns;
    struct guard_block listed[CPU_LISTED_LIMIT];
    uint32_t listed_count, given_count; /* `given` were there at first. */

    /* Written by a run; see guard_trust. */
    struct {
        char name[128];
        const struct plugin_note *note; /* Valid in the run. */
    } trusted[GUARD_TRUSTED];
    uint32_t trusted_count;
    /* Written by a run's handler: this one did not come back from this call. */
    const char *volatile endless_op; /* NULL: none; a literal. */
    volatile uint32_t endless;

    /* Bytes that were shown, by any run, and their hash. */
    uint64_t shown_bytes, shown_hash;
};

/* In a run: the engine is watched from now on. False: it cannot be. */
SIM_MUST_USE bool guard_watch(struct guard *g);

#endif /* CLI_RUN_GUARD_SHARED_H */
