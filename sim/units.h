/*
 * units.h - quantities as people write them: "500ms", "16MiB", "1Gbit", "5%".
 *
 * Reading is exact: a value that is not a whole number of the smallest unit, or
 * does not fit, is refused. Writing gives text that reads back to the same
 * number.
 */
#ifndef SIM_UNITS_H
#define SIM_UNITS_H

#include "sim/base.h"

#define UNITS_BYTES 32 /* Room for anything written here. */

/*
 * Each returns NULL, or what is wrong as the end of a sentence ("must be
 * ..."), with *value unchanged.
 */
SIM_MUST_USE const char *units_read_whole(const char *text, uint64_t *value);
SIM_MUST_USE const char *units_read_real(const char *text, double *value);
/* ns, us, ms, s */
SIM_MUST_USE const char *units_read_time(const char *text, uint64_t *ns);
/* B or none, KiB, MiB, GiB */
SIM_MUST_USE const char *units_read_size(const char *text, uint64_t *bytes);
/* bit, Kbit, Mbit, Gbit; a second */
SIM_MUST_USE const char *units_read_bitrate(const char *text, uint64_t *bits);
/* 0.05 or 5%: parts per million, 0 to 1,000,000. */
SIM_MUST_USE const char *units_read_fraction(const char *text, uint64_t *ppm);

void units_write_whole(uint64_t value, char text[UNITS_BYTES]);
void units_write_real(double value, char text[UNITS_BYTES]);
void units_write_time(uint64_t ns, char text[UNITS_BYTES]);
void units_write_size(uint64_t bytes, char text[UNITS_BYTES]);
void units_write_bitrate(uint64_t bits, char text[UNITS_BYTES]);
void units_write_fraction(uint64_t ppm, char text[UNITS_BYTES]);

#endif /* SIM_UNITS_H */
