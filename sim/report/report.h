/*
 * report.h - what came out of a run: as JSON for programs, as a table for
 * people. The same run gives the same bytes of JSON, but for `host`.
 */
#ifndef SIM_REPORT_REPORT_H
#define SIM_REPORT_REPORT_H

#include <stdio.h>

#include "sim/scenario.h"
#include "sim/stats.h"
#include "sim/steady/judge.h"
#include "sim/trace/trace.h"

#define REPORT_SCHEMA 2 /* Of the JSON; readers refuse others. */

/* What depends on the host; it does not reach the simulation. */
struct report_host {
    double wall_s;
    double mips; /* Guest instructions a microsecond of wall time. */
    uint64_t max_rss_kib;
    uint32_t repeats;    /* Of the run, since the engine died. */
    const char *unicorn; /* Its version. */
};

struct report {
    const struct scenario *scenario; /* Borrowed, as what follows. */
    const struct stats *stats;
    const struct trace *trace;
    const struct report_host *host;
    enum guests guests;
    const struct steady *steady; /* Of the window. */
};

/* One object and a newline. False when writing failed. */
SIM_MUST_USE bool report_write_json(const struct report *r, FILE *file);

/* Sections in which nothing happened are left out. */
void report_print(const struct report *r, FILE *file);

#endif /* SIM_REPORT_REPORT_H */
