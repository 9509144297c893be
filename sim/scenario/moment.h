/*
 * moment.h - times that are more than a number: moments, which may be after the
 * window's start, and spans, which may be as long as it takes.
 */
#ifndef SIM_SCENARIO_MOMENT_H
#define SIM_SCENARIO_MOMENT_H

#include "sim/units.h"

/* A moment is a time after the end of boot or, with this bit, after the
   window's start. */
#define SCENARIO_FROM_WINDOW (UINT64_C(1) << 63)

static inline bool scenario_is_from_window(uint64_t moment)
{
    return (moment & SCENARIO_FROM_WINDOW) != 0;
}

static inline uint64_t scenario_ns_of(uint64_t moment)
{
    return moment & ~SCENARIO_FROM_WINDOW;
}

/* Of a warm-up: as long as it takes. */
#define SCENARIO_AUTO UINT64_MAX

/* "2s"; "window" and, as the window begins when the warm-up is over, "run.warmup";
   "window+1s". NULL, or what is wrong. */
const char *moment_read(const char *text, uint64_t *moment);
void moment_write(uint64_t moment, char text[UNITS_BYTES]);

/* "500ms", or "auto". */
const char *span_read(const char *text, uint64_t *span);
void span_write(uint64_t span, char text[UNITS_BYTES]);

#endif /* SIM_SCENARIO_MOMENT_H */
