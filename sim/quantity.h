/*
 * quantity.h - quantities as people look at them; every time, size, count and
 * share that a program of ours prints for people is written here.
 *
 * The rule: three significant digits and a unit. A unit ends where rounding
 * would give it a fourth digit, so 9,996 ns is "10.0 us" and 999,500 ns is
 * "1.00 ms"; halves go as printf's do. What has no parts (nanoseconds, bytes, a
 * count below 1000) is whole: "276 ns". The largest unit goes on: "3600 s".
 * Units are ASCII, as units.h reads them. Quantities are rounded and do not
 * read back; units.h has those that do.
 */
#ifndef SIM_QUANTITY_H
#define SIM_QUANTITY_H

#include "sim/base.h"

#define QUANTITY_BYTES 32

/* Room for one quantity; several are printed in one call. */
struct quantity {
    char chars[QUANTITY_BYTES];
};

/* All digits: 1234567 as "1,234,567". */
struct quantity quantity_count(uint64_t value);

/* A count where room is short: "950", "12.3 k", "4.56 M". */
struct quantity quantity_short(uint64_t value);

/* "1.23 ms"; below a microsecond whole nanoseconds: "276 ns". */
struct quantity quantity_time(double ns);

/* "16.0 KiB" */
struct quantity quantity_size(double bytes);

/* A rate, a mean or an index, not negative: "0.988", "1.90", "67", "2,006". */
struct quantity quantity_number(double value);

/* A unit, and how many of the smallest of its kind it is. */
struct quantity_unit {
    const char *name;
    double size;
};

/*
 * For an axis, whose marks all have one unit: the largest of which `value` is
 * one at least. `value` and `size` are in `unit`: "ns", "bytes", "bit/s", or
 * "share", which is shown as "%". Any other unit has no larger ones.
 */
struct quantity_unit quantity_axis_unit(const char *unit, double value);

#define QUANTITY_LABEL_BYTES 256

/* What an axis is called: "latency (ms)"; without a unit, which is "", the name
   alone. */
void quantity_axis_label(const char *name, const char *unit,
                         char label[QUANTITY_LABEL_BYTES]);

/* `part` in `whole`, with one decimal: "12.3 %". Of nothing: "0.0 %". */
struct quantity quantity_share(double part, double whole);

#endif /* SIM_QUANTITY_H */
