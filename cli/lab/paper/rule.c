/* rule.c - see rule.h. */
#include "cli/lab/paper/rule.h"

#include <math.h>

/* A value over the axis: that of a series, or the ratio of two. */
typedef double value_fn(const struct claim_view *v, uint32_t series,
                        uint32_t x);

static struct range range_of(const struct claim_view *v, value_fn *value,
                             uint32_t series, double low, double high)
{
    struct range r = { HUGE_VAL, -HUGE_VAL, 0, 0 };
    for (uint32_t i = 0; i < v->x_count; i++) {
        double y = value(v, series, i);
        if (v->x[i] < low || v->x[i] > high) {
            continue;
        }
        if (y < r.least) {
            r.least = y;
            r.least_at = i;
        }
        if (y > r.most) {
            r.most = y;
            r.most_at = i;
        }
    }
    return r;
}

struct range rule_range(const struct claim_view *v, uint32_t series, double low,
                        double high)
{
    return range_of(v, claim_value, series, low, high);
}

static double ratio(const struct claim_view *v, uint32_t series, uint32_t x)
{
    return claim_ratio(v, series, x).value;
}

double rule_ratio(const struct claim_view *v, uint32_t x)
{
    return ratio(v, 1, x);
}

struct range rule_ratios(const struct claim_view *v, uint32_t over, double low,
                         double high)
{
    return range_of(v, ratio, over, low, high);
}

double rule_first(const struct claim_view *v, uint32_t series)
{
    return claim_value(v, series, 0);
}

double rule_last(const struct claim_view *v, uint32_t series)
{
    return claim_value(v, series, v->x_count - 1);
}

const char *rule_end(const struct claim_view *v)
{
    return v->x_text[v->x_count - 1];
}
