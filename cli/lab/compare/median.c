/*
 * median.c - the median difference, whose interval is made of order
 * statistics.
 *
 * Of pairs: the k-th smallest and the k-th largest difference hold the median
 * with a binomial probability, whatever the distribution is (Thompson, 1936).
 * That probability has steps (six pairs: 96.9 or 78.1 %), between which
 * neighbours are interpolated to 95 % (Hettmansperger and Sheather,
 * "Confidence intervals based on interpolated order statistics", Statistics &
 * Probability Letters 4, 1986). The test is the sign test.
 *
 * Of groups without pairs: the median of all differences between a value of B
 * and one of A, with the interval that inverts the Mann-Whitney test. The
 * assumption is that B's values are A's, shifted (absolute) or scaled
 * (relative).
 */
#include "cli/lab/compare/statistics.h"

#include <math.h>
#include <stdlib.h>

#define TAIL ((1 - STATISTICS_CONFIDENCE) / 2)

/* Above this many values, the Mann-Whitney statistic is taken to be normal. */
#define EXACT_MOST 200

/* ---- Pairs --------------------------------------------------------------- */

/* Returns the probability that of `count` fair coins fewer than `heads` show
   heads. */
static double coins_below(size_t count, size_t heads)
{
    double n = (double)count;
    double sum = 0;
    for (size_t i = 0; i < heads; i++) {
        double k = (double)i;
        sum +=
            exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) - n * log(2));
    }
    return sum;
}

static void interpolate(const double *sorted, size_t count, double tail,
                        struct estimate *e)
{
    size_t k = 1;
    while (coins_below(count, k + 1) <= tail) {
        k++;
    }
    double outer = coins_below(count, k);
    double share = 0; /* Of the step inwards. */
    if (outer < tail) {
        double step = (tail - outer) / (coins_below(count, k + 1) - outer);
        double n = (double)count;
        double at = (double)k;
        share = (n - at) * step / (at + (n - 2 * at) * step);
    }
    e->low = sorted[k - 1];
    e->high = sorted[count - k];
    if (share > 0) {
        e->low += share * (sorted[k] - e->low);
        e->high += share * (sorted[count - 1 - k] - e->high);
    }
}

static double sign_test(const double *differences, size_t count)
{
    size_t above = 0;
    size_t below = 0;
    for (size_t i = 0; i < count; i++) {
        above += differences[i] > 0;
        below += differences[i] < 0;
    }
    size_t most = above > below ? above : below;
    return fmin(1, 2 * coins_below(count, count - most + 1));
}

/* ---- Groups without pairs ------------------------------------------------ */

/* Returns the number of pairs of a value of A and one of B, in order of their
   differences, that are left out at either end; `below[u]` is the probability
   that the Mann-Whitney statistic is u or less. */
static size_t left_out(const double *below, size_t count)
{
    size_t out = 0;
    while (out < (count - 1) / 2 && below[out] <= TAIL) {
        out++;
    }
    return out;
}

/* Counts the arrangements of m and n values by the statistic, as the
   coefficients of Gauss's binomial. */
static void count_exactly(double *below, size_t m, size_t n)
{
    size_t most = m * n;
    below[0] = 1;
    for (size_t i = 1; i <= m; i++) {
        for (size_t u = most; u >= n + i; u--) {
            below[u] -= below[u - n - i];
        }
        for (size_t u = i; u <= most; u++) {
            below[u] += below[u - i];
        }
    }
    double all = 1;
    for (size_t i = 1; i <= m; i++) {
        all *= (double)(n + i) / (double)i;
    }
    double sum = 0;
    for (size_t u = 0; u <= most; u++) {
        sum += below[u] / all;
        below[u] = sum;
    }
}

/* Returns the probabilities by statistic, which the caller frees. NULL: out of
   memory. */
static double *mann_whitney(size_t m, size_t n)
{
    double *below = calloc(m * n + 1, sizeof(*below));
    if (below && m + n <= EXACT_MOST) {
        count_exactly(below, m, n);
        return below;
    }
    double middle = (double)(m * n) / 2;
    double deviation = sqrt(middle * (double)(m + n + 1) / 6);
    for (size_t u = 0; below && u <= m * n; u++) {
        double z = ((double)u + 0.5 - middle) / deviation;
        below[u] = erfc(-z / sqrt(2)) / 2;
    }
    return below;
}

static double rank_test(const double *differences, size_t count,
                        const double *below)
{
    double statistic = 0;
    for (size_t i = 0; i < count; i++) {
        statistic += differences[i] > 0 ? 1 : differences[i] == 0 ? 0.5 : 0;
    }
    double least = fmin(statistic, (double)count - statistic);
    return fmin(1, 2 * below[(size_t)ceil(least)]);
}

/* ---- Both ---------------------------------------------------------------- */

static double relative(double a, double b)
{
    return b == a ? 0 : (b - a) / fabs(a); /* Infinite, from 0. */
}

/* Writes all differences; returns how many there are. */
static size_t list(const struct sample *s, double *absolute, double *changes)
{
    size_t count = 0;
    for (size_t i = 0; i < s->a_count; i++) {
        size_t first = s->is_paired ? i : 0;
        size_t end = s->is_paired ? i + 1 : s->b_count;
        for (size_t k = first; k < end; k++) {
            absolute[count] = s->b[k] - s->a[i];
            changes[count++] = relative(s->a[i], s->b[k]);
        }
    }
    return count;
}

static void conclude(const double *sorted, size_t count, struct estimate *e)
{
    e->value = statistics_median(sorted, count);
    e->has_interval = isfinite(e->low) && isfinite(e->high);
    e->is_defined = e->has_interval && isfinite(e->value);
}

void median_estimate(double *values, size_t count, double confidence,
                     struct estimate *e)
{
    statistics_sort(values, count);
    interpolate(values, count, (1 - confidence) / 2, e);
    conclude(values, count, e);
}

static void take(double *differences, size_t count, const double *below,
                 struct estimate *e)
{
    if (!below) {
        median_estimate(differences, count, STATISTICS_CONFIDENCE, e);
        return;
    }
    size_t out = left_out(below, count);
    statistics_sort(differences, count);
    e->low = differences[out > 0 ? out - 1 : 0];
    e->high = differences[count - (out > 0 ? out : 1)];
    conclude(differences, count, e);
}

/* False: out of memory. */
static bool find_median(const double *values, size_t count, double *median)
{
    double *sorted = statistics_sorted(values, count);
    if (!sorted) {
        return false;
    }
    *median = statistics_median(sorted, count);
    free(sorted);
    return true;
}

bool median_compare(const struct sample *s, struct difference *d)
{
    size_t most = s->is_paired ? s->a_count : s->a_count * s->b_count;
    double *differences = calloc(2 * most, sizeof(*differences));
    double *below = s->is_paired ? NULL : mann_whitney(s->a_count, s->b_count);
    bool is_good = differences && (below || s->is_paired) &&
                   find_median(s->a, s->a_count, &d->a) &&
                   find_median(s->b, s->b_count, &d->b);
    if (is_good) {
        double *changes = differences + most;
        size_t count = list(s, differences, changes);
        d->p = below ? rank_test(differences, count, below)
                     : sign_test(differences, count);
        take(differences, count, below, &d->absolute);
        take(changes, count, below, &d->relative);
    }
    free(below);
    free(differences);
    return is_good;
}
