/* text.c - see text.h. */
#include "viz/text.h"

#include <inttypes.h>
#include <stdio.h>

#include "sim/banned.h"

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
