/*
 * ladder.h - the values that a search for capacity may try, upwards. They are
 * equally far apart, or each is larger than the one before by the same part: then
 * an answer is known to that part, whether it is 20 or 20,000, and few values are
 * enough.
 */
#ifndef CLI_LAB_CAPACITY_LADDER_H
#define CLI_LAB_CAPACITY_LADDER_H

#include "sim/base.h"

#define LADDER_VALUE_BYTES 32

/* Values; a scan of so many would take a year. */
#define LADDER_LIMIT 1000000

struct ladder {
    double *values; /* Owned. */
    uint64_t last;  /* The place of the greatest. */
    bool is_whole;  /* All are whole numbers. */
};

/* From `from`, by `step` each, as far as `to`. False: there would be too many,
   or memory is short. */
SIM_MUST_USE bool ladder_make_even(struct ladder *l, double from, double to,
                                   double step);

/* From `from` > 0, each by the `part` of the one before, and by 1 at least if
   they are whole; the last is `to`. Numbers that are not whole have six digits. */
SIM_MUST_USE bool ladder_make_relative(struct ladder *l, double from, double to,
                                       double part);

void ladder_release(struct ladder *l);

/* Returns the value at a place, or one that is less than all of them at -1. */
double ladder_value(const struct ladder *l, int64_t place);

void ladder_write(const struct ladder *l, uint64_t place,
                  char text[LADDER_VALUE_BYTES]);

#endif /* CLI_LAB_CAPACITY_LADDER_H */
