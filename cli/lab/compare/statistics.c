/* statistics.c - see statistics.h. */
#include "cli/lab/compare/statistics.h"

#include <math.h>
#include <stdlib.h>

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

void statistics_sort(double *values, size_t count)
{
    qsort(values, count, sizeof(*values), by_value);
}

double *statistics_sorted(const double *values, size_t count)
{
    double *sorted = calloc(count + 1, sizeof(*sorted));
    for (size_t i = 0; sorted && i < count; i++) {
        sorted[i] = values[i];
    }
    if (sorted) {
        statistics_sort(sorted, count);
    }
    return sorted;
}

double statistics_median(const double *sorted, size_t count)
{
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

static bool compare_single(const struct sample *s, struct difference *d)
{
    double a = s->a[0];
    double b = s->b[0];
    *d = (struct difference){
        .a = a,
        .b = b,
        .absolute = { .value = b - a, .is_defined = true },
        .relative = { .value = a != 0 ? (b - a) / fabs(a) : 0,
                      .is_defined = a != 0 || b == 0 },
        .p = 1,
    };
    return true;
}

bool statistics_compare(const struct sample *s, enum estimand estimand,
                        struct difference *d)
{
    SIM_ASSERT(s->a_count > 0 && s->b_count > 0);
    SIM_ASSERT(!s->is_paired || s->a_count == s->b_count);
    if (s->a_count == 1 && s->b_count == 1) {
        return compare_single(s, d);
    }
    bool is_good =
        estimand == ESTIMAND_MEDIAN ? median_compare(s, d) : mean_compare(s, d);
    d->absolute.is_defined = true;
    return is_good;
}

double statistics_most_coverage(const struct sample *s)
{
    double left_out = 2; /* Both directions. */
    if (s->is_paired) {
        left_out = ldexp(2, -(int)(s->a_count < 64 ? s->a_count : 64));
    }
    for (size_t i = 1; !s->is_paired && i <= s->a_count; i++) {
        left_out *= (double)i / (double)(s->b_count + i);
    }
    return 1 - left_out < STATISTICS_CONFIDENCE ? 1 - left_out
                                                : STATISTICS_CONFIDENCE;
}

bool statistics_holm(const double *p, size_t count, bool *is_shown)
{
    double *sorted = statistics_sorted(p, count);
    if (!sorted) {
        return false;
    }
    double most = -1;
    for (size_t i = 0; i < count; i++) {
        if (sorted[i] * (double)(count - i) > 1 - STATISTICS_CONFIDENCE) {
            break;
        }
        most = sorted[i];
    }
    for (size_t i = 0; i < count; i++) {
        is_shown[i] = p[i] <= most;
    }
    free(sorted);
    return true;
}

size_t statistics_least_pairs(size_t rows)
{
    size_t pairs = 1;
    double p = 1;
    while (p * (double)rows > 1 - STATISTICS_CONFIDENCE) {
        p /= 2;
        pairs++;
    }
    return pairs;
}

double statistics_least_shown(const struct estimate *e)
{
    SIM_ASSERT(e->has_interval);
    return fmax(e->value - e->low, e->high - e->value);
}
