/*
 * statistics.h - how sure one can be of a difference between two groups.
 *
 * Confidence intervals are by bootstrap: the runs are drawn again with
 * replacement, thousands of times, and the spread of what comes out is taken
 * for the spread of what was measured. The draws have a seed of their own that
 * never changes, so the same figures give the same interval.
 *
 * Plain percentiles of the bootstrap are too narrow for few runs. They are
 * taken further out, by what Student's t and the lost degree of freedom ask
 * for (Hesterberg's expanded percentile interval). Below six pairs even the
 * whole range of draws may be too narrow: see statistics_most_coverage.
 */
#ifndef CLI_LAB_COMPARE_STATISTICS_H
#define CLI_LAB_COMPARE_STATISTICS_H

#include "sim/base.h"

#define STATISTICS_DRAWS      10000
#define STATISTICS_CONFIDENCE 0.95

struct estimate {
    double value;
    double low, high; /* Valid when has_interval. */
    bool has_interval;
    bool is_defined; /* False: a change from 0, in parts of it. */
};

struct difference {
    double mean_a, mean_b;
    struct estimate absolute; /* mean_b - mean_a. */
    struct estimate relative; /* That over mean_a. */
};

/* a[i] and b[i] belong together; count >= 1. False: out of memory. */
SIM_MUST_USE bool statistics_paired(const double *a, const double *b,
                                    size_t count, struct difference *d);

/* Nothing belongs together; both counts >= 1. False: out of memory. */
SIM_MUST_USE bool statistics_unpaired(const double *a, size_t a_count,
                                      const double *b, size_t b_count,
                                      struct difference *d);

/*
 * The truth lies within the range of so many values with at most this
 * probability, whatever is drawn: 1 - 2^(1 - count), but not more than 0.95.
 */
double statistics_most_coverage(size_t count);

#endif /* CLI_LAB_COMPARE_STATISTICS_H */
