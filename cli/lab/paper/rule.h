/*
 * rule.h - what the rules of claims share: functions over the values of an
 * axis, and the settings and measures that several claims name.
 *
 * Rules were written before the first run, and are not changed to fit: a claim
 * that does not hold is shown as such, and docs/experiments.md says why.
 * Numbers of the paper come from its text; those behind the curves of its
 * figures are not known, so rules are about shapes, and loose. "About" in the
 * paper is a percentage in a rule.
 *
 * Capacity is the payload that is sent in the window: of an answer that is sent
 * in part before or after the window, the part within it counts.
 *
 * What the paper does not state is chosen once: 200 clients in a closed loop
 * for capacity, spread evenly unless Zipf is named; a working set that puts the
 * cliff where the paper has it (the place of the cliff is then an input).
 */
#ifndef CLI_LAB_PAPER_RULE_H
#define CLI_LAB_PAPER_RULE_H

#include <stdio.h>

#include "cli/lab/paper/claim.h"
#include "cli/lab/paper/measure.h"

/* The head of a rule: `v` is what was measured, `j` is the judgement. */
#define JUDGE(name) \
    static void name(const struct claim_view *v, struct claim_judgement *j)

#define WRITE(j, ...) snprintf((j)->ours, sizeof((j)->ours), __VA_ARGS__)

/* ---- Over an axis -------------------------------------------------------- */

struct range {
    double least, most;
    uint32_t least_at, most_at; /* Places on the axis. */
};

/* Returns the range of a series, over the values of x from `low` to `high`. */
struct range rule_range(const struct claim_view *v, uint32_t series, double low,
                        double high);

/* Divide the first series by the second, at a place, and by any other, over an
   axis. */
double rule_ratio(const struct claim_view *v, uint32_t x);
struct range rule_ratios(const struct claim_view *v, uint32_t over, double low,
                         double high);

/* Return a series' value at the first value of x, its value at the last, and
   the text of the last. */
double rule_first(const struct claim_view *v, uint32_t series);
double rule_last(const struct claim_view *v, uint32_t series);
const char *rule_end(const struct claim_view *v);

/* ---- Runs ---------------------------------------------------------------- */

#define FULL 800 /* The largest number of VMs that still fit in memory. */

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
/* The paper's synchronous kernel is to "immediately context switch into a VM when
   an interrupt arrives for it" (node 24), and nothing exempts a VM that was itself
   switched to: so `nested` is what rules compare with. */
#define OF_INTERRUPTS                                       \
    {                                                       \
        { "batched", "" },                                  \
        { "nested", "kernel.interrupts=nested" },           \
        { "synchronous", "kernel.interrupts=synchronous" }, \
    }

/* An open loop that a machine can serve with documents of 100 KB. */
#define OPEN_LARGE "load[0].clients=;load[0].rate=300;run.drain=2s"

/* ---- What rows depend on ------------------------------------------------- */

/* Mechanisms that runs before them have suggested; docs/experiments.md. */
#define AFTER_NESTING                                                      \
    "nested interrupts and transmission in turns, chosen after runs (3.7 " \
    "% was seen)"
#define AFTER_BLOCKS \
    "whole blocks from a static swap, chosen after runs (cliffs were seen)"
#define AFTER_CYCLES                                               \
    "cycles by instruction class, chosen after runs (2 to 3 were " \
    "seen to fit)"

/* ---- Measures ------------------------------------------------------------ */

#define PAYLOAD     { "payload sent", "Mbit/s", .read = measure_payload_mbps }
#define ANSWERS     { "answers", "1/s", FIGURE_LOAD_ANSWERED, 1, NULL }
#define LATENCY     { "latency", "ms", FIGURE_LOAD_LATENCY_MEAN, 1e6, NULL }
#define OF_CAPACITY .measure = { PAYLOAD, ANSWERS }

#endif /* CLI_LAB_PAPER_RULE_H */
