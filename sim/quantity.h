/*
 * quantity.h - quantities as people look at them: three digits and a unit. They
 * are rounded and do not read back; units.h has those that do.
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

/* "1.23 ms"; below a microsecond whole nanoseconds: "276 ns". */
struct quantity quantity_time(double ns);

/* "16.0 KiB" */
struct quantity quantity_size(double bytes);

#endif /* SIM_QUANTITY_H */
