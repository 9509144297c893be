/*
 * statistics.h - the difference between two groups of runs, with a confidence
 * interval.
 *
 * Intervals are by bootstrap: the runs are drawn again with replacement,
 * thousands of times, and the spread of the draws' means estimates that of the
 * measured mean. The draws have a seed of their own that never changes, so the
 * same figures give the same interval.
 *
 * Plain percentile intervals of the bootstrap are too narrow for few runs. So
 * percentiles further out are taken, as Student's t and the lost degree of
 * freedom demand (Hesterberg's expanded percentile interval). Below six pairs
 * even the whole range of draws may be too narrow: see
 * statistics_most_coverage.
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
    bool is_defined; /* False: a relative change from 0. */
};

struct difference {
    double mean_a, mean_b;
    struct estimate absolute; /* mean_b - mean_a. */
    struct estimate relative; /* (mean_b - mean_a) / mean_a. */
};

/* Compares pairs a[i], b[i]; count >= 1. False: out of memory. */
SIM_MUST_USE bool statistics_paired(const double *a, const double *b,
                                    size_t count, struct difference *d);

/* Compares two independent groups; both counts >= 1. False: out of memory. */
SIM_MUST_USE bool statistics_unpaired(const double *a, size_t a_count,
                                      const double *b, size_t b_count,
                                      struct difference *d);

/*
 * Returns the greatest probability with which the true mean lies within the
 * range of `count` values: 1 - 2^(1 - count), but not more than 0.95.
 */
double statistics_most_coverage(size_t count);

#endif /* CLI_LAB_COMPARE_STATISTICS_H */
