/*
 * tally.h - what the windows of several runs were, together: flat in so many of
 * them, and inconsistent when they are not all of one class.
 */
#ifndef SIM_STEADY_TALLY_H
#define SIM_STEADY_TALLY_H

#include <jansson.h>

#include "sim/steady/judge.h"

struct steady_tally {
    uint32_t runs; /* That said. */
    uint32_t of[STEADY_CLASS_COUNT];
    uint32_t overloaded; /* Of STEADY_NONE. */
};

/* From a report that was written; one that does not say is not counted. */
void steady_tally_add(struct steady_tally *t, const json_t *report);

#define STEADY_TALLY_BYTES 160

/* "flat", "overloaded", "inconsistent (5 flat, 1 warm-up)"; "unknown". */
void steady_tally_write(const struct steady_tally *t,
                        char text[STEADY_TALLY_BYTES]);

/* {"flat": 5, "warm-up": 1}; NULL: out of memory. */
json_t *steady_tally_to_json(const struct steady_tally *t);

#endif /* SIM_STEADY_TALLY_H */
