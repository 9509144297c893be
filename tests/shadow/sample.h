/*
 * sample.h - all values of a distribution, kept one by one: its percentiles
 * are exact, where a report's come from a histogram.
 */
#ifndef TESTS_SHADOW_SAMPLE_H
#define TESTS_SHADOW_SAMPLE_H

#include "sim/base.h"

struct sample {
    uint64_t *values; /* Owned. */
    size_t count, room;
};

void sample_add(struct sample *s, uint64_t value);
void sample_release(struct sample *s);

/* To be called before the two below, when all values are there. */
void sample_sort(struct sample *s);

/* 0 when there are no values; the percentile is the least value that at least
   so many thousandths of all do not exceed. */
double sample_mean(const struct sample *s);
uint64_t sample_percentile(const struct sample *s, uint32_t per_mille);

#endif /* TESTS_SHADOW_SAMPLE_H */
