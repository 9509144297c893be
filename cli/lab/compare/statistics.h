/*
 * statistics.h - the difference between two groups of runs, with a confidence
 * interval.
 *
 * The median difference is the default, since its interval needs no assumption
 * about how the differences are distributed (median.c). The mean's interval is
 * a bootstrap of Student's statistic, which few runs of a long tail deceive
 * (mean.c).
 */
#ifndef CLI_LAB_COMPARE_STATISTICS_H
#define CLI_LAB_COMPARE_STATISTICS_H

#include "sim/base.h"

#define STATISTICS_CONFIDENCE 0.95

enum estimand {
    ESTIMAND_MEDIAN, /* The median of the differences. */
    ESTIMAND_MEAN,   /* The difference of the means. */
};

struct estimate {
    double value;
    double low, high; /* Valid when has_interval. */
    bool has_interval;
    bool is_defined; /* False: a relative change from 0. */
};

struct difference {
    double a, b;              /* Each group's median or mean. */
    struct estimate absolute; /* Of b - a. */
    struct estimate relative; /* Of (b - a) / |a|. */
    double p; /* How probable so great a difference is if there is none. */
};

/* Two groups, or pairs. */
struct sample {
    const double *a, *b;     /* Borrowed. */
    size_t a_count, b_count; /* >= 1. */
    bool is_paired; /* True: a[i] belongs to b[i]; a_count == b_count. */
};

/* Compares b with a. False: out of memory. */
SIM_MUST_USE bool statistics_compare(const struct sample *s,
                                     enum estimand estimand,
                                     struct difference *d);

/* The two ways of statistics_compare, for at least two values in each group. */
SIM_MUST_USE bool median_compare(const struct sample *s, struct difference *d);
SIM_MUST_USE bool mean_compare(const struct sample *s, struct difference *d);

/* Sorts the values, and estimates the median of what they are drawn from;
   count >= 2. */
void median_estimate(double *values, size_t count, double confidence,
                     struct estimate *e);

/* Sorts the values, upwards; returns their median. */
void statistics_sort(double *values, size_t count);
double statistics_median(const double *sorted, size_t count);

/* Returns a sorted copy, which the caller frees. NULL: out of memory. */
double *statistics_sorted(const double *values, size_t count);

/* Returns the probability with which the range of all differences holds the
   true median, but not more than 0.95. */
double statistics_most_coverage(const struct sample *s);

/*
 * Holm's correction (1979): among `count` probabilities p, says which
 * differences are shown, so that the chance of even one that is wrong is 5 %
 * at most. False: out of memory.
 */
SIM_MUST_USE bool statistics_holm(const double *p, size_t count,
                                  bool *is_shown);

/* Returns the number of pairs below which no difference can be shown among
   `rows` rows, however great it is. */
size_t statistics_least_pairs(size_t rows);

/* Returns the smallest change, in either direction, that leaves 0 outside the
   interval if the differences scatter as they do. */
double statistics_least_shown(const struct estimate *e);

#endif /* CLI_LAB_COMPARE_STATISTICS_H */
