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

static struct quantity whole(double value, const char *unit)
{
    struct quantity q;
    snprintf(q.chars, sizeof(q.chars), "%.0f %s", value, unit);
    return q;
}

static struct quantity three_digits(double value, const char *unit)
{
    struct quantity q;
    int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    snprintf(q.chars, sizeof(q.chars), "%.*f %s", decimals, value, unit);
    return q;
}

/* A unit ends where rounding would make it the next one's. */
struct quantity quantity_time(double ns)
{
    if (ns < 999.5) {
        return whole(ns, "ns");
    }
    if (ns < 999.5e3) {
        return three_digits(ns / 1e3, "us");
    }
    return ns < 999.5e6 ? three_digits(ns / 1e6, "ms")
                        : three_digits(ns / 1e9, "s");
}

struct quantity quantity_size(double bytes)
{
    static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
    if (bytes < 1024) {
        return whole(bytes, "B");
    }
    double value = bytes / 1024;
    size_t unit = 0;
    for (; value >= 999.5 && unit < 3; unit++) {
        value /= 1024;
    }
    return three_digits(value, units[unit]);
}
