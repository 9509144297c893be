/*
 * interval.h - between which values a percentile of one run lies, with 95 %.
 *
 * Answers of one run wait for each other, so that many of them say less than as
 * many independent ones. The window is cut into batches of equal length. How much
 * the share of answers that are no slower than the percentile differs from batch
 * to batch gives the error of that share, and the shares at its ends are looked
 * up in the whole (Heidelberger and Lewis, "Quantile estimation in dependent
 * sequences", Operations Research 32, 1984). The error is not less than that of
 * independent answers, and greater if neighbouring batches are alike: by their
 * correlation, as in Tafazzoli and Wilson, "Skart: a skewness- and
 * autoregression-adjusted batch-means procedure", IIE Transactions 43 (2011).
 *
 * No interval is given if von Neumann's ratio ("Distribution of the ratio of the
 * mean square successive difference to the variance", Annals of Mathematical
 * Statistics 12, 1941; for batches Fishman, Management Science 24, 1978) says
 * that the batches depend on each other, or if there are not enough answers
 * beyond the percentile: INTERVAL_BEYOND that count as independent, judged by how
 * much batches differ at the median, where answers are the most alike. Both
 * constants were chosen on M/M/1 queues; tests/sim/test_interval.c measures on
 * others how often the intervals hold the truth.
 */
#ifndef SIM_STEADY_INTERVAL_H
#define SIM_STEADY_INTERVAL_H

#include "sim/histogram.h"
#include "sim/steady/batch.h"
#include "sim/vocabulary/words.h"

#define INTERVAL_BATCHES BATCH_COUNT
#define INTERVAL_BEYOND  20    /* Independent answers. */
#define INTERVAL_LEAST   2000  /* Answers: a hundred to a batch. */
#define INTERVAL_ALIKE   1.645 /* The greatest z of von Neumann's ratio: 95 %. */

struct interval {
    enum interval_state state;
    uint64_t low, high; /* Valid if INTERVAL_GIVEN; as values are recorded. */
    uint64_t takes;     /* INTERVAL_FEW: so many answers, were they as dependent
                           as these; else 0. */
};

/* Returns the batch of a time, of a span from `start` to before `end`; what comes
   later belongs to the last. */
size_t interval_batch(uint64_t time, uint64_t start, uint64_t end);

/* `all` is the sum of the batches. per_mille in [1, 999]. */
void interval_find(const struct histogram *all,
                   const struct histogram batches[INTERVAL_BATCHES],
                   uint32_t per_mille, struct interval *interval);

#endif /* SIM_STEADY_INTERVAL_H */
