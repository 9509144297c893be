/* moment.c - see moment.h. */
#include "sim/scenario/moment.h"

#include <stdio.h>
#include <string.h>

#include "sim/banned.h"

#define WINDOW "window"
#define WARMUP "run.warmup"
#define AUTO   "auto"

const char *moment_read(const char *text, uint64_t *moment)
{
    const char *plus = text + strlen(WINDOW);
    if (strcmp(text, WINDOW) == 0 || strcmp(text, WARMUP) == 0) {
        *moment = SCENARIO_FROM_WINDOW;
        return NULL;
    }
    if (strncmp(text, WINDOW, strlen(WINDOW)) != 0 || *plus != '+') {
        return units_read_time(text, moment);
    }
    const char *wrong = units_read_time(plus + 1, moment);
    if (!wrong && *moment >= SCENARIO_FROM_WINDOW) {
        wrong = "must be a time";
    }
    *moment |= SCENARIO_FROM_WINDOW;
    return wrong;
}

void moment_write(uint64_t moment, char text[UNITS_BYTES])
{
    char time[UNITS_BYTES];
    units_write_time(scenario_ns_of(moment), time);
    if (!scenario_is_from_window(moment)) {
        snprintf(text, UNITS_BYTES, "%s", time);
    } else if (scenario_ns_of(moment) == 0) {
        snprintf(text, UNITS_BYTES, "%s", WINDOW);
    } else {
        snprintf(text, UNITS_BYTES, "%s+%.*s", WINDOW,
                 (int)(UNITS_BYTES - sizeof(WINDOW) - 1), time);
    }
}

const char *span_read(const char *text, uint64_t *span)
{
    if (strcmp(text, AUTO) == 0) {
        *span = SCENARIO_AUTO;
        return NULL;
    }
    return units_read_time(text, span);
}

void span_write(uint64_t span, char text[UNITS_BYTES])
{
    if (span == SCENARIO_AUTO) {
        snprintf(text, UNITS_BYTES, "%s", AUTO);
    } else {
        units_write_time(span, text);
    }
}
