/* text.c - see text.h. */
#include "viz/text.h"

#include <inttypes.h>
#include <stdio.h>

#include "sim/banned.h"

/* Three digits and the name of the unit; `value` in units is < 1000. */
static struct text three_digits(double value, const char *unit)
{
    struct text t;
    int places = value < 10 ? 2 : value < 100 ? 1 : 0;
    snprintf(t.bytes, sizeof(t.bytes), "%.*f %s", places, value, unit);
    return t;
}

static struct text scaled(uint64_t value, const char *const units[4])
{
    struct text t;
    if (value < 1000) {
        snprintf(t.bytes, sizeof(t.bytes), "%" PRIu64 "%s%s", value,
                 units[0][0] != '\0' ? " " : "", units[0]);
        return t;
    }
    double x = (double)value;
    uint32_t unit = 0;
    while (unit < 3 && x >= 999.5) {
        x /= 1000;
        unit++;
    }
    return three_digits(x, units[unit]);
}

struct text text_count(uint64_t value)
{
    static const char *const units[4] = { "", "k", "M", "G" };
    return scaled(value, units);
}

struct text text_span(uint64_t ns)
{
    static const char *const units[4] = { "ns", "\xc2\xb5s", "ms", "s" };
    return scaled(ns, units);
}

struct text text_whole(uint64_t value)
{
    char plain[24];
    int length = snprintf(plain, sizeof(plain), "%" PRIu64, value);
    struct text t;
    size_t used = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            t.bytes[used++] = ',';
        }
        t.bytes[used++] = plain[i];
    }
    t.bytes[used] = '\0';
    return t;
}

struct text text_moment(uint64_t ns)
{
    struct text t;
    snprintf(t.bytes, sizeof(t.bytes),
             "%" PRIu64 ".%03" PRIu64 " %03" PRIu64 " %03" PRIu64 " s",
             ns / 1000000000, ns / 1000000 % 1000, ns / 1000 % 1000, ns % 1000);
    return t;
}

struct text text_speed(double ratio)
{
    struct text t;
    if (ratio >= 1) {
        snprintf(t.bytes, sizeof(t.bytes), "%.0f\xc3\x97", ratio);
    } else {
        snprintf(t.bytes, sizeof(t.bytes), "1/%.0f\xc3\x97", 1 / ratio);
    }
    return t;
}
