/*
 * mean.c - the difference of the means, whose interval is a bootstrap of
 * Student's statistic (Efron and Tibshirani, "An Introduction to the
 * Bootstrap", 1993, section 12.5).
 *
 * The runs are drawn again with replacement, thousands of times; each draw
 * gives an error in units of its own standard error, and the quantiles of that
 * give the interval. The draws have a seed of their own that never changes, so
 * that the same figures give the same interval.
 */
#include "cli/lab/compare/statistics.h"

#include <math.h>
#include <stdlib.h>

#include "sim/random.h"

#define DRAWS 10000

struct bootstrap {
    const struct sample *s;
    struct rng rng;
    double *a, *b;  /* A draw. */
    double *errors; /* Of each draw; in units of its standard error. */
};

/* An estimate, and its standard error. */
struct result {
    double value, error;
};

static double mean_of(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += values[i];
    }
    return sum / (double)count;
}

/* Returns the variance of b - factor a; either may be NULL, for 0. */
static double variance(const double *a, const double *b, size_t count,
                       double factor)
{
    double mean_a = a ? mean_of(a, count) : 0;
    double mean_b = b ? mean_of(b, count) : 0;
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        double off = (b ? b[i] - mean_b : 0) - factor * (a ? a[i] - mean_a : 0);
        sum += off * off;
    }
    return sum / (double)(count - 1);
}

/* A relative change's error is that of the ratio of the means, to first
   order. */
static struct result estimate(const struct sample *s, bool is_relative)
{
    double a = mean_of(s->a, s->a_count);
    double b = mean_of(s->b, s->b_count);
    double scale = is_relative && (a != 0 || b != 0) ? fabs(a) : 1;
    double factor = is_relative && a != 0 ? b / a : 1;
    double square;
    if (s->is_paired) {
        square = variance(s->a, s->b, s->a_count, factor) / (double)s->a_count;
    } else {
        square = variance(s->a, NULL, s->a_count, factor) / (double)s->a_count +
                 variance(NULL, s->b, s->b_count, factor) / (double)s->b_count;
    }
    return (struct result){ (b - a) / scale, sqrt(square) / scale };
}

static struct sample draw(struct bootstrap *boot)
{
    const struct sample *s = boot->s;
    for (size_t i = 0; i < s->a_count; i++) {
        size_t pick = rng_below(&boot->rng, s->a_count);
        boot->a[i] = s->a[pick];
        if (s->is_paired) {
            boot->b[i] = s->b[pick];
        }
    }
    for (size_t i = 0; !s->is_paired && i < s->b_count; i++) {
        boot->b[i] = s->b[rng_below(&boot->rng, s->b_count)];
    }
    struct sample drawn = *s;
    drawn.a = boot->a;
    drawn.b = boot->b;
    return drawn;
}

/* Returns the probability of so great an error if the true value is 0. */
static double probability(const double *errors, double error)
{
    size_t above = 1;
    size_t below = 1;
    for (size_t i = 0; i < DRAWS; i++) {
        above += errors[i] >= error;
        below += errors[i] <= error;
    }
    return fmin(1, 2 * (double)(above < below ? above : below) / (DRAWS + 1));
}

static void infer(struct bootstrap *boot, bool is_relative, struct estimate *e,
                  double *p)
{
    struct result whole = estimate(boot->s, is_relative);
    *e = (struct estimate){ .value = whole.value,
                            .is_defined = isfinite(whole.value) };
    if (!e->is_defined) {
        return;
    }
    if (whole.error == 0) {
        e->low = e->high = whole.value;
        e->has_interval = true;
        *p = whole.value == 0 ? 1 : 0;
        return;
    }
    rng_init(&boot->rng, 1, "bootstrap", 0);
    for (size_t i = 0; i < DRAWS; i++) {
        struct sample drawn = draw(boot);
        struct result r = estimate(&drawn, is_relative);
        double off = r.value - whole.value;
        double error = off / r.error;
        boot->errors[i] = isnan(error) ? off : error;
    }
    *p = probability(boot->errors, whole.value / whole.error);
    statistics_sort(boot->errors, DRAWS);
    size_t skip = (size_t)((1 - STATISTICS_CONFIDENCE) / 2 * DRAWS);
    e->low = whole.value - boot->errors[DRAWS - 1 - skip] * whole.error;
    e->high = whole.value - boot->errors[skip] * whole.error;
    e->has_interval = isfinite(e->low) && isfinite(e->high);
}

bool mean_compare(const struct sample *s, struct difference *d)
{
    struct bootstrap boot = { .s = s };
    boot.a = calloc(s->a_count + s->b_count + DRAWS, sizeof(*boot.a));
    if (!boot.a) {
        return false;
    }
    boot.b = boot.a + s->a_count;
    boot.errors = boot.b + s->b_count;
    d->a = mean_of(s->a, s->a_count);
    d->b = mean_of(s->b, s->b_count);
    double ignored;
    infer(&boot, true, &d->relative, &ignored);
    infer(&boot, false, &d->absolute, &d->p);
    free(boot.a);
    return true;
}
