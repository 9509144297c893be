/* statistics.c - see statistics.h. */
#include "cli/lab/compare/statistics.h"

#include <math.h>
#include <stdlib.h>

#include "sim/random.h"
#include "sim/student.h"

/* Two independent groups, or pairs. */
struct sample {
    const double *a, *b;
    size_t a_count, b_count;
    bool is_paired; /* True: a_count == b_count. */
};

static double mean_of(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += values[i];
    }
    return sum / (double)count;
}

/* ---- Quantiles ---------------------------------------------------------- */

/* Returns the part of the draws that is left out at each end, for `count`
   values. */
static double tail_of(size_t count)
{
    double n = (double)count;
    double z = student_95(count - 1) * sqrt(n / (n - 1));
    return erfc(z / sqrt(2)) / 2;
}

double statistics_most_coverage(size_t count)
{
    double most = 1;
    for (size_t i = 1; i < count && i < 64; i++) {
        most /= 2;
    }
    return 1 - most < STATISTICS_CONFIDENCE ? 1 - most : STATISTICS_CONFIDENCE;
}

/* ---- Bootstrap ---------------------------------------------------------- */

static double draw_mean(struct rng *rng, const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += values[rng_below(rng, count)];
    }
    return sum / (double)count;
}

static void draw(struct rng *rng, const struct sample *s, double *mean_a,
                 double *mean_b)
{
    if (!s->is_paired) {
        *mean_a = draw_mean(rng, s->a, s->a_count);
        *mean_b = draw_mean(rng, s->b, s->b_count);
        return;
    }
    double sum_a = 0;
    double sum_b = 0;
    for (size_t i = 0; i < s->a_count; i++) {
        size_t pick = rng_below(rng, s->a_count);
        sum_a += s->a[pick];
        sum_b += s->b[pick];
    }
    *mean_a = sum_a / (double)s->a_count;
    *mean_b = sum_b / (double)s->a_count;
}

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Sorts the draws. */
static void take_interval(double *draws, size_t count, double tail,
                          struct estimate *e)
{
    qsort(draws, count, sizeof(*draws), by_value);
    size_t skip = (size_t)(tail * (double)count);
    e->low = draws[skip];
    e->high = draws[count - 1 - skip];
    e->has_interval = true;
}

static void bootstrap(const struct sample *s, double *absolute,
                      double *relative, struct difference *d)
{
    struct rng rng;
    rng_init(&rng, 1, "bootstrap", 0);
    size_t defined = 0;
    for (size_t i = 0; i < STATISTICS_DRAWS; i++) {
        double a;
        double b;
        draw(&rng, s, &a, &b);
        absolute[i] = b - a;
        if (a != 0) {
            relative[defined++] = (b - a) / fabs(a);
        }
    }
    /* The smaller group decides how wide the interval is. */
    size_t count = s->b_count < s->a_count ? s->b_count : s->a_count;
    double tail = tail_of(count);
    take_interval(absolute, STATISTICS_DRAWS, tail, &d->absolute);
    if (d->relative.is_defined && defined == STATISTICS_DRAWS) {
        take_interval(relative, defined, tail, &d->relative);
    }
}

static bool estimate(const struct sample *s, struct difference *d)
{
    double a = mean_of(s->a, s->a_count);
    double b = mean_of(s->b, s->b_count);
    *d = (struct difference){
        .mean_a = a,
        .mean_b = b,
        .absolute = { .value = b - a, .is_defined = true },
        .relative = { .value = a != 0 ? (b - a) / fabs(a) : 0,
                      .is_defined = a != 0 || b == 0 },
    };
    if (s->a_count < 2 || s->b_count < 2) {
        return true;
    }
    double *draws = calloc(2 * (size_t)STATISTICS_DRAWS, sizeof(*draws));
    if (!draws) {
        return false;
    }
    bootstrap(s, draws, draws + STATISTICS_DRAWS, d);
    free(draws);
    return true;
}

bool statistics_paired(const double *a, const double *b, size_t count,
                       struct difference *d)
{
    struct sample s = { a, b, count, count, true };
    return estimate(&s, d);
}

bool statistics_unpaired(const double *a, size_t a_count, const double *b,
                         size_t b_count, struct difference *d)
{
    struct sample s = { a, b, a_count, b_count, false };
    return estimate(&s, d);
}
