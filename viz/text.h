/* text.h - writes moments and speeds; sim/quantity.h writes all else. */
#ifndef VIZ_TEXT_H
#define VIZ_TEXT_H

#include "sim/base.h"

#define TEXT_BYTES 48

struct text {
    char bytes[TEXT_BYTES];
};

/* A moment, so exact that a step of one event can be seen: 1.234 567 8 s. */
struct text text_moment(uint64_t ns);

/* The speed of virtual time, relative to real time: 1/1000, 2x. */
struct text text_speed(double ratio);

#endif /* VIZ_TEXT_H */
