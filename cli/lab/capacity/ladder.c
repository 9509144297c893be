/* ladder.c - see ladder.h. */
#include "cli/lab/capacity/ladder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static bool set_values(struct ladder *l, double *values, uint64_t count)
{
    l->values = values;
    l->last = count - 1;
    return values != NULL;
}

bool ladder_make_even(struct ladder *l, double from, double to, double step)
{
    /* A span of ten steps of 0.1 is short of ten by what doubles are rounded. */
    double places = floor((to - from) / step + 1e-9);
    if (!(places < LADDER_LIMIT)) {
        return false;
    }
    uint64_t count = (uint64_t)places + 1;
    double *values = malloc(count * sizeof(*values));
    for (uint64_t i = 0; values && i < count; i++) {
        values[i] = from + step * (double)i;
    }
    return set_values(l, values, count);
}

static double next_value(const struct ladder *l, double x, double part)
{
    double next = x * (1 + part);
    if (l->is_whole) {
        return fmax(round(next), x + 1);
    }
    double unit = pow(10, floor(log10(next)) - 5);
    return round(next / unit) * unit;
}

bool ladder_make_relative(struct ladder *l, double from, double to, double part)
{
    SIM_ASSERT(from > 0 && part > 0);
    uint64_t count = 1;
    double x = from;
    while (x < to) {
        if (++count > LADDER_LIMIT) {
            return false;
        }
        x = next_value(l, x, part);
    }
    double *values = malloc(count * sizeof(*values));
    x = from;
    for (uint64_t i = 0; values && i < count; i++) {
        values[i] = fmin(x, to);
        x = next_value(l, x, part);
    }
    return set_values(l, values, count);
}

void ladder_release(struct ladder *l)
{
    free(l->values);
    l->values = NULL;
}

double ladder_value(const struct ladder *l, int64_t place)
{
    double least = l->values[0];
    if (place >= 0) {
        return l->values[place];
    }
    return l->last > 0 ? least - (l->values[1] - least) : least - 1;
}

void ladder_write(const struct ladder *l, uint64_t place,
                  char text[LADDER_VALUE_BYTES])
{
    if (l->is_whole) {
        snprintf(text, LADDER_VALUE_BYTES, "%.0f", l->values[place]);
    } else {
        /* Short enough not to show that 0.1 is no binary fraction. */
        snprintf(text, LADDER_VALUE_BYTES, "%.12g", l->values[place]);
    }
}
