/*
 * units.c - see units.h. Numbers are read digit by digit, so that no locale
 * and no rounding comes between the text and the value.
 */
#include "sim/units.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/banned.h"

#define FRACTION_DIGITS 9 /* More cannot matter below 10^9 of a unit. */

struct unit {
    const char *name;
    uint64_t value;
};

/* Ascending; ended by a NULL name. */
static const struct unit times[] = { { "ns", 1 },
                                     { "us", 1000 },
                                     { "ms", 1000000 },
                                     { "s", 1000000000 },
                                     { NULL, 0 } };
static const struct unit sizes[] = { { "B", 1 },
                                     { "KiB", 1u << 10 },
                                     { "MiB", 1u << 20 },
                                     { "GiB", 1u << 30 },
                                     { NULL, 0 } };
static const struct unit bitrates[] = { { "bit", 1 },
                                        { "Kbit", 1000 },
                                        { "Mbit", 1000000 },
                                        { "Gbit", 1000000000 },
                                        { NULL, 0 } };
static const struct unit fractions[] = { { "%", 10000 },
                                         { "", 1000000 },
                                         { NULL, 0 } };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* *value = *value * by + plus; false when it does not fit. */
static bool multiply_add(uint64_t *value, uint64_t by, uint64_t plus)
{
    if (by != 0 && *value > (UINT64_MAX - plus) / by) {
        return false;
    }
    *value = *value * by + plus;
    return true;
}

/* A number as it stands in the text: whole + part / scale. */
struct decimal {
    uint64_t whole;
    uint64_t part;
    uint64_t scale; /* A power of ten. */
};

/* The text after the number, or NULL when there is none that fits. */
static const char *read_decimal(const char *text, struct decimal *d)
{
    *d = (struct decimal){ .scale = 1 };
    if (!is_digit(*text)) {
        return NULL;
    }
    for (; is_digit(*text); text++) {
        if (!multiply_add(&d->whole, 10, (uint64_t)(*text - '0'))) {
            return NULL;
        }
    }
    if (*text != '.') {
        return text;
    }
    text++;
    if (!is_digit(*text)) {
        return NULL;
    }
    for (int digits = 0; is_digit(*text); text++, digits++) {
        if (digits == FRACTION_DIGITS) {
            return NULL;
        }
        d->part = d->part * 10 + (uint64_t)(*text - '0');
        d->scale *= 10;
    }
    return text;
}

static const struct unit *find_unit(const struct unit *units, const char *name)
{
    for (const struct unit *u = units; u->name; u++) {
        if (strcmp(u->name, name) == 0) {
            return u;
        }
    }
    return NULL;
}

/* False when it is no number with one of the units, whole in the smallest. */
static bool read_with_unit(const char *text, const struct unit *units,
                           const char *if_none, uint64_t *value)
{
    struct decimal d;
    const char *rest = read_decimal(text, &d);
    if (!rest) {
        return false;
    }
    while (*rest == ' ') {
        rest++;
    }
    const struct unit *u = find_unit(units, *rest ? rest : if_none);
    if (!u) {
        return false;
    }
    /* Both factors are below 2^31. */
    uint64_t part = d.part * u->value;
    if (part % d.scale != 0) {
        return false;
    }
    if (!multiply_add(&d.whole, u->value, part / d.scale)) {
        return false;
    }
    *value = d.whole;
    return true;
}

const char *units_read_whole(const char *text, uint64_t *value)
{
    struct decimal d;
    const char *rest = read_decimal(text, &d);
    if (!rest || *rest || d.scale != 1) {
        return "must be a whole number";
    }
    *value = d.whole;
    return NULL;
}

const char *units_read_real(const char *text, double *value)
{
    if (!*text || text[strspn(text, "0123456789.eE+-")]) {
        return "must be a number";
    }
    char *end = NULL;
    double x = strtod(text, &end);
    if (*end || end == text || x - x != 0) {
        return "must be a number";
    }
    *value = x;
    return NULL;
}

const char *units_read_time(const char *text, uint64_t *ns)
{
    return read_with_unit(text, times, "no unit", ns)
               ? NULL
               : "must be a time with its unit (ns, us, ms or s)";
}

const char *units_read_size(const char *text, uint64_t *bytes)
{
    return read_with_unit(text, sizes, "B", bytes)
               ? NULL
               : "must be a size (B, KiB, MiB or GiB)";
}

const char *units_read_bitrate(const char *text, uint64_t *bits)
{
    return read_with_unit(text, bitrates, "no unit", bits)
               ? NULL
               : "must be a rate with its unit (bit, Kbit, Mbit or Gbit)";
}

const char *units_read_fraction(const char *text, uint64_t *ppm)
{
    uint64_t value = 0;
    if (!read_with_unit(text, fractions, "", &value) || value > 1000000) {
        return "must be a fraction from 0 to 1 in whole millionths, such as "
               "0.05 or 5%";
    }
    *ppm = value;
    return NULL;
}

static void write_with_unit(uint64_t value, const struct unit *units,
                            char text[UNITS_BYTES])
{
    const struct unit *best = units;
    for (const struct unit *u = units; u->name; u++) {
        if (value != 0 && value % u->value == 0) {
            best = u;
        }
    }
    snprintf(text, UNITS_BYTES, "%llu%s",
             (unsigned long long)(value / best->value), best->name);
}

void units_write_whole(uint64_t value, char text[UNITS_BYTES])
{
    snprintf(text, UNITS_BYTES, "%llu", (unsigned long long)value);
}

/* With as few digits as read back to the same value. */
void units_write_real(double value, char text[UNITS_BYTES])
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, UNITS_BYTES, "%.*g", digits, value);
        if (strtod(text, NULL) == value) {
            return;
        }
    }
}

void units_write_time(uint64_t ns, char text[UNITS_BYTES])
{
    write_with_unit(ns, times, text);
}

void units_write_size(uint64_t bytes, char text[UNITS_BYTES])
{
    write_with_unit(bytes, sizes, text);
}

void units_write_bitrate(uint64_t bits, char text[UNITS_BYTES])
{
    write_with_unit(bits, bitrates, text);
}

void units_write_fraction(uint64_t ppm, char text[UNITS_BYTES])
{
    snprintf(text, UNITS_BYTES, "%llu.%06llu",
             (unsigned long long)(ppm / 1000000),
             (unsigned long long)(ppm % 1000000));
    size_t length = strlen(text);
    while (text[length - 1] == '0') {
        text[--length] = '\0';
    }
    if (text[length - 1] == '.') {
        text[length - 1] = '\0';
    }
}
