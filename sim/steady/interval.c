/* interval.c - see interval.h. */
#include "sim/steady/interval.h"

#include <math.h>

#include "sim/student.h"

#include "sim/banned.h"

#define MEDIAN 500
#define MOST_ALIKE \
    0.8 /* Of correlations: beyond that 20 batches do not tell them apart. */

/* How the share of answers within a value differs among batches. */
struct spread {
    double z;        /* Of von Neumann's ratio. */
    double variance; /* Of the number of answers within it. */
};

size_t interval_batch(uint64_t time, uint64_t start, uint64_t end)
{
    double share = end > start && time > start
                       ? (double)(time - start) / (double)(end - start)
                       : 0;
    return share < 1 ? (size_t)(share * INTERVAL_BATCHES)
                     : INTERVAL_BATCHES - 1;
}

static double independent_variance(uint64_t count, double share)
{
    return (double)count * share * (1 - share);
}

static struct spread spread_at(const struct histogram *all,
                               const struct histogram *batches,
                               uint32_t per_mille)
{
    double share = per_mille / 1000.0;
    uint64_t value = hist_percentile(all, per_mille);
    double surplus[INTERVAL_BATCHES]; /* Of answers within the value. */
    double mean = 0;
    for (size_t i = 0; i < INTERVAL_BATCHES; i++) {
        surplus[i] = (double)hist_count_within(&batches[i], value) -
                     share * (double)batches[i].count;
        mean += surplus[i] / INTERVAL_BATCHES;
    }
    double squares = 0;
    double products = 0; /* Of neighbours. */
    for (size_t i = 0; i < INTERVAL_BATCHES; i++) {
        squares += (surplus[i] - mean) * (surplus[i] - mean);
        products += i > 0 ? (surplus[i] - mean) * (surplus[i - 1] - mean) : 0;
    }
    double alike = squares > 0 ? products / squares : 0;
    alike = alike < 0 ? 0 : alike > MOST_ALIKE ? MOST_ALIKE : alike;
    double variance = squares * INTERVAL_BATCHES / (INTERVAL_BATCHES - 1) *
                      (1 + alike) / (1 - alike);
    double least = independent_variance(all->count, share);
    return (struct spread){ batch_neighbours(surplus),
                            variance > least ? variance : least };
}

/* How many answers count as one that is independent of the others. */
static double answers_for_one(const struct histogram *all,
                              const struct spread *at_median)
{
    return at_median->variance / independent_variance(all->count, 0.5);
}

void interval_find(const struct histogram *all,
                   const struct histogram batches[INTERVAL_BATCHES],
                   uint32_t per_mille, struct interval *interval)
{
    *interval =
        (struct interval){ .state = INTERVAL_FEW, .takes = INTERVAL_LEAST };
    double beyond =
        (per_mille < MEDIAN ? per_mille : 1000 - per_mille) / 1000.0;
    double takes = INTERVAL_BEYOND / beyond;
    if (all->count >= INTERVAL_LEAST) {
        struct spread at_median = spread_at(all, batches, MEDIAN);
        takes *= answers_for_one(all, &at_median);
    }
    if (takes > INTERVAL_LEAST) {
        interval->takes = (uint64_t)ceil(takes);
    }
    if (all->count < interval->takes) {
        return;
    }
    struct spread s = spread_at(all, batches, per_mille);
    double rank = (double)all->count * per_mille / 1000;
    double error = student_95(INTERVAL_BATCHES - 1) * sqrt(s.variance);
    interval->takes = 0;
    if (s.z > INTERVAL_ALIKE || rank - error < 1 ||
        rank + error > (double)all->count) {
        interval->state = INTERVAL_DEPENDENT;
        return;
    }
    interval->state = INTERVAL_GIVEN;
    interval->low = hist_value(all, (uint64_t)ceil(rank - error));
    interval->high = hist_value(all, (uint64_t)ceil(rank + error));
}
