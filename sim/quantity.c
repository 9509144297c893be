/* quantity.c - see quantity.h. */
#include "sim/quantity.h"

#include <stdio.h>
#include <string.h>

#include "sim/banned.h"

struct quantity quantity_count(uint64_t value)
{
    struct quantity q;
    char digits[QUANTITY_BYTES];
    snprintf(digits, sizeof(digits), "%llu", (unsigned long long)value);
    size_t length = strlen(digits);
    size_t n = 0;
    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            q.chars[n++] = ',';
        }
        q.chars[n++] = digits[i];
    }
    q.chars[n] = '\0';
    return q;
}

/* A step from one unit to the next. */
struct scale {
    double step;
    uint32_t count;
    const char *units[7]; /* The first is of what has no parts. */
};

static const struct scale counts = { 1000, 5, { "", "k", "M", "G", "T" } };
static const struct scale times = { 1000, 4, { "ns", "us", "ms", "s" } };
static const struct scale sizes = {
    1024, 7, { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" }
};
static const struct scale bitrates = {
    1000, 4, { "bit/s", "kbit/s", "Mbit/s", "Gbit/s" }
};

static struct quantity scaled(double value, const struct scale *scale)
{
    struct quantity q;
    uint32_t unit = 0;
    /* So many of the first unit are whole, and not rounded up to the next. */
    double end = scale->step > 1000 ? scale->step : 999.5;
    while (value >= end && unit + 1 < scale->count) {
        value /= scale->step;
        unit++;
        end = 999.5;
    }
    int decimals = unit == 0 || value >= 99.95 ? 0 : value < 9.995 ? 2 : 1;
    const char *name = scale->units[unit];
    (void)snprintf(q.chars, sizeof(q.chars), "%.*f%s%s", decimals, value,
                   name[0] != '\0' ? " " : "", name);
    return q;
}

struct quantity quantity_short(uint64_t value)
{
    return scaled((double)value, &counts);
}

struct quantity quantity_time(double ns)
{
    return scaled(ns, &times);
}

struct quantity quantity_size(double bytes)
{
    return scaled(bytes, &sizes);
}

struct quantity_unit quantity_axis_unit(const char *unit, double value)
{
    static const struct {
        const char *unit;
        const struct scale *scale;
    } scales[] = { { "ns", &times },
                   { "bytes", &sizes },
                   { "bit/s", &bitrates } };
    if (strcmp(unit, "share") == 0) {
        return (struct quantity_unit){ "%", 0.01 };
    }
    struct quantity_unit u = { unit, 1 };
    for (size_t i = 0; i < sizeof(scales) / sizeof(scales[0]); i++) {
        const struct scale *s = scales[i].scale;
        if (strcmp(unit, scales[i].unit) == 0) {
            uint32_t n = 0;
            while (n + 1 < s->count && value >= u.size * s->step) {
                u.size *= s->step;
                n++;
            }
            u.name = s->units[n];
        }
    }
    return u;
}

void quantity_axis_label(const char *name, const char *unit,
                         char label[QUANTITY_LABEL_BYTES])
{
    bool has_unit = unit[0] != '\0';
    (void)snprintf(label, QUANTITY_LABEL_BYTES, "%s%s%s%s", name,
                   has_unit ? " (" : "", unit, has_unit ? ")" : "");
}

struct quantity quantity_share(double part, double whole)
{
    struct quantity q;
    (void)snprintf(q.chars, sizeof(q.chars), "%.1f %%",
                   whole > 0 ? 100 * part / whole : 0.0);
    return q;
}

struct quantity quantity_number(double value)
{
    struct quantity q;
    bool is_whole = value < 1e15 && value == (double)(uint64_t)value;
    if (is_whole || value >= 999.5) {
        return quantity_count((uint64_t)(value + 0.5));
    }
    int decimals = value < 0.9995  ? 3
                   : value < 9.995 ? 2
                   : value < 99.95 ? 1
                                   : 0;
    (void)snprintf(q.chars, sizeof(q.chars), "%.*f", decimals, value);
    return q;
}
