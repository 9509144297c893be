/*
 * bound.h - what bounds a capacity: the resource that is short where the
 * objectives are first missed.
 *
 * By the utilization law the processor and the disks serve no more than they do
 * when they are always busy, and the busiest of them is the bottleneck (Denning
 * and Buzen, "The operational analysis of queueing network models", Computing
 * Surveys 10, 1978). Two things stand behind that: disks may be busy with pages
 * for which memory is too small, and a VM may wait at the gate and ask nobody for
 * anything. If nothing is busy, clients wait for something else: the link,
 * timeouts, a quantum, sleep.
 */
#ifndef CLI_LAB_CAPACITY_BOUND_H
#define CLI_LAB_CAPACITY_BOUND_H

#include <jansson.h>

#include "sim/base.h"

enum bound {
    BOUND_PROCESSOR,
    BOUND_DISK,
    BOUND_MEMORY,
    BOUND_GATE,
    BOUND_NONE,
};

enum bound_measure {
    BUSY_PROCESSOR, /* Shares of the window. */
    BUSY_DISKS,
    USED_MEMORY,        /* The most in the run, as a share of all frames. */
    PAGES_MOVED,        /* In and out, a second. */
    PAGES_BY_TRANSFERS, /* Pages moved for each request to a disk. */
    GATE_WAIT,          /* Mean, ns. */
    GATE_BY_LATENCY,    /* The same, as a share of the mean latency. */
    BOUND_MEASURE_COUNT
};

struct bound_figures {
    double of[BOUND_MEASURE_COUNT];
};

/* Reads them from a report. False: it lacks one. */
SIM_MUST_USE bool bound_read(const json_t *report, struct bound_figures *f);

/* From the figures where the objectives are missed. */
enum bound bound_judge(const struct bound_figures *f);

/* "the processor". */
const char *bound_phrase(enum bound b);

/* One of the words processor, disk, memory, gate, none. */
const char *bound_name(enum bound b);

/* Prints the figures of two points side by side; each NULL: there is none. */
void bound_print(const struct bound_figures *passing, const char *at_passing,
                 const struct bound_figures *failing, const char *at_failing);

/* An object of the figures. */
json_t *bound_to_json(const struct bound_figures *f);

#endif /* CLI_LAB_CAPACITY_BOUND_H */
