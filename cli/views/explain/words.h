/* words.h - writes numbers as text for people. */
#ifndef CLI_VIEWS_EXPLAIN_WORDS_H
#define CLI_VIEWS_EXPLAIN_WORDS_H

#include "sim/base.h"

#define WORDS_BYTES 64

/* Writes three digits and a unit: "276 us", "46.7 ms". */
void words_duration(uint64_t cycles, uint64_t cpu_hz, char text[WORDS_BYTES]);

/* Writes a time to the nanosecond: "3.214057 ms". */
void words_moment(uint64_t cycles, uint64_t cpu_hz, char text[WORDS_BYTES]);

/* Writes "first", "2nd", "11th". */
void words_place(uint64_t place, char text[WORDS_BYTES]);

/* Writes "1 frame", "2 frames", "no frames". */
void words_count(uint64_t count, const char *noun, char text[WORDS_BYTES]);

#endif /* CLI_VIEWS_EXPLAIN_WORDS_H */
