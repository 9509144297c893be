/*
 * histogram.h - distributions in fixed space: log-linear buckets.
 *
 * Values below 2^HIST_SUB_BITS are exact; above, a bucket is at most 1/128 of
 * its value wide, so a percentile is within 0.8 % of the true one. Count, sum,
 * minimum and maximum are exact.
 */
#ifndef SIM_HISTOGRAM_H
#define SIM_HISTOGRAM_H

#include "sim/base.h"

#define HIST_SUB_BITS 7
#define HIST_BUCKETS  ((64 - HIST_SUB_BITS + 1) << HIST_SUB_BITS)

struct histogram {
    uint64_t count;
    uint64_t sum; /* Saturates at UINT64_MAX. */
    uint64_t min; /* UINT64_MAX when empty. */
    uint64_t max;
    uint64_t buckets[HIST_BUCKETS];
};

void hist_init(struct histogram *h);
void hist_record(struct histogram *h, uint64_t value);

/* Returns the exact mean; 0 when empty. */
double hist_mean(const struct histogram *h);

/*
 * Returns a percentile: the smallest upper end of a bucket that at least
 * per_mille/1000 of the values do not exceed, never above max; 0 when empty.
 * per_mille in [0, 1000]: p99 is 990.
 */
uint64_t hist_percentile(const struct histogram *h, uint32_t per_mille);

/* Returns the value of a rank, 1 to count, as percentiles are written: the upper
   end of its bucket, never above max. */
uint64_t hist_value(const struct histogram *h, uint64_t rank);

/* Returns how many values are in the bucket of `value` or in one below. */
uint64_t hist_count_within(const struct histogram *h, uint64_t value);

/*
 * Returns how many values a percentile takes: so many that, if they are
 * independent, the least and the greatest of them have it between them with a
 * probability of 95 % (Wilks, Annals of Mathematical Statistics 12, 1941). Of
 * fewer nobody can say how far off it is. per_mille in [1, 999]: 299 for p99,
 * 2,995 for p99.9.
 */
uint64_t hist_least_count(uint32_t per_mille);

#endif /* SIM_HISTOGRAM_H */
