/*
 * rule.h - what the rules of claims share: how values are looked at over an
 * axis, and the settings and measures that several claims name.
 *
 * Rules were written before the first run, and are not bent to fit: what does
 * not hold is shown so, and docs/experiments.md says why. Figures of the paper
 * are its text's; those of its figures' curves are not known to us, so rules
 * are about shapes, and loose. "About" in a rule is its percentage.
 *
 * Capacity is the payload that is sent in the window: answers that began
 * before it count with what of them is in it, and none waits for its end.
 *
 * What the paper does not state is chosen once: 200 clients in a closed loop
 * for capacity, spread evenly unless Zipf is named; a working set that puts the
 * cliff where the paper has it (its place is then an input).
 */
#ifndef CLI_LAB_PAPER_RULE_H
#define CLI_LAB_PAPER_RULE_H

#include <stdio.h>

#include "cli/lab/paper/claim.h"
#include "cli/lab/paper/measure.h"

/* The head of a rule: `v` is what was measured, `j` what comes of it. */
#define JUDGE(name) \
    static void name(const struct claim_view *v, struct claim_judgement *j)

#define WRITE(j, ...) snprintf((j)->ours, sizeof((j)->ours), __VA_ARGS__)

/* ---- Over an axis -------------------------------------------------------- */

struct range {
    double least, most;
    uint32_t least_at, most_at; /* Places on the axis. */
};

/* Of a series, over the values of x from `low` to `high`. */
struct range rule_range(const struct claim_view *v, uint32_t series, double low,
                        double high);

/* The first series by the second; at a place, and over an axis. */
double rule_ratio(const struct claim_view *v, uint32_t x);
struct range rule_ratios(const struct claim_view *v, double low, double high);

/* At the first value of x, and at the last, whose text is rule_end. */
double rule_first(const struct claim_view *v, uint32_t series);
double rule_last(const struct claim_view *v, uint32_t series);
const char *rule_end(const struct claim_view *v);

/* ---- Runs ---------------------------------------------------------------- */

#define FULL 800 /* VMs that still fit in memory. */

#define OVER_VMS(quick_values, full_values) \
    {                                       \
        .name = "VMs",                      \
        .sets = "vms[0].count=@",           \
        .quick = quick_values,              \
        .full = full_values,                \
    }
#define OVER_VMS_LOG(quick_values, full_values) \
    {                                           \
        .name = "VMs",                          \
        .sets = "vms[0].count=@",               \
        .is_log = true,                         \
        .quick = quick_values,                  \
        .full = full_values,                    \
    }
#define OVER_SPINNERS(quick_values, full_values) \
    {                                            \
        .name = "spinning VMs",                  \
        .sets = "vms[2].count=@",                \
        .quick = quick_values,                   \
        .full = full_values,                     \
    }
#define OF_INTERRUPTS                                       \
    {                                                       \
        { "batched", "" },                                  \
        { "synchronous", "kernel.interrupts=synchronous" }, \
    }

/* An open loop that a machine with documents of 100 KB can bear. */
#define OPEN_LARGE "load[0].clients=;load[0].rate=300;run.drain=2s"

/* ---- Measures ------------------------------------------------------------ */

#define PAYLOAD     { "payload sent", "Mbit/s", .read = measure_payload_mbps }
#define ANSWERS     { "answers", "1/s", FIGURE_LOAD_THROUGHPUT, 1, NULL }
#define LATENCY     { "latency", "ms", FIGURE_LOAD_LATENCY_MEAN, 1e6, NULL }
#define OF_CAPACITY .measure = { PAYLOAD, ANSWERS }

#endif /* CLI_LAB_PAPER_RULE_H */
