/* text.h - figures as people read them: few digits, a unit, no more. */
#ifndef VIZ_TEXT_H
#define VIZ_TEXT_H

#include "sim/base.h"

#define TEXT_BYTES 48

struct text {
    char bytes[TEXT_BYTES];
};

/* 950, 12.3 k, 4.56 M. */
struct text text_count(uint64_t value);

/* 12,345,678 */
struct text text_whole(uint64_t value);

/* A span of time in three digits: 980 ns, 12.3 us, 4.56 ms, 1.20 s. */
struct text text_span(uint64_t ns);

/* A moment, so exact that a step of one event can be seen: 1.234 567 8 s. */
struct text text_moment(uint64_t ns);

/* How fast, in thousandths of real time: 1/1000, 2x. */
struct text text_speed(double ratio);

#endif /* VIZ_TEXT_H */
