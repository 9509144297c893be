/*
 * trials.h - the runs of `iksim isolate`: the victims alone and beside each
 * attacker, under each preset, all from the same seeds; and what they came to.
 *
 * The runs are a plan, so `iksim run` makes each, guarded and in its sandbox, and
 * a database keeps the results.
 */
#ifndef CLI_LAB_ISOLATE_TRIALS_H
#define CLI_LAB_ISOLATE_TRIALS_H

#include <jansson.h>

#include "cli/lab/compare/compare_table.h"
#include "cli/lab/isolate/attackers.h"
#include "cli/lab/sweep/database.h"
#include "cli/lab/sweep/plan.h"

#define ISOLATE_SEEDS_LIMIT  64
#define ISOLATE_LIST_LIMIT   16 /* Presets; numbers of attackers. */
#define ISOLATE_ATTACK_LIMIT 64 /* Attackers. */

/* What is wanted; all borrowed. */
struct isolate_want {
    const char *path; /* The victims' scenario. */
    const char *const *sets;
    uint32_t set_count;
    const char *presets[ISOLATE_LIST_LIMIT];
    uint32_t preset_count;
    const struct attacker *attackers[ISOLATE_ATTACK_LIMIT];
    uint32_t attacker_count;
    uint32_t counts[ISOLATE_LIST_LIMIT];
    uint32_t count_count;
    uint32_t seed_count;
    uint64_t warmup_ns;
    uint64_t window_ns; /* 0: that of the scenario. */
};

/* What is shown of a cell, each a figure of the victims. */
enum isolate_figure {
    ISOLATE_THROUGHPUT, /* Right answers a second. */
    ISOLATE_P50,
    ISOLATE_P99,
    ISOLATE_FIGURES
};

/* The runs of one preset and attack, one a seed. */
struct isolate_cell {
    const char *preset;
    const struct attacker *attacker;      /* NULL: the victims are alone. */
    uint32_t count;                       /* Attackers. */
    uint32_t runs[ISOLATE_SEEDS_LIMIT];   /* Places in the plan. */
    json_t *reports[ISOLATE_SEEDS_LIMIT]; /* Owned. */
    double wall_s[ISOLATE_SEEDS_LIMIT];
    const char *why; /* NULL: all runs have a report. */
    /* Valid if `why` is NULL; sums and medians over the seeds. */
    uint64_t sent, answered, wrong;
    double wall;
    double taken; /* By attackers, of the processor's time. */
    /* Of a partition beside attackers: its runs are those it has alone, to the
       bit, or differ in these layers, which are keys. */
    bool is_equal;
    json_t *differing; /* Owned; NULL: not compared so. */
    const struct isolate_cell *alone;
    bool has[ISOLATE_FIGURES]; /* There were answers to measure. */
    struct difference differences[ISOLATE_FIGURES];
};

struct isolate {
    struct isolate_want want;
    struct plan plan;
    uint32_t victim_groups;
    struct isolate_cell *cells; /* By preset; the first of each is alone. */
    uint32_t cell_count;
    struct verdict *verdicts; /* Owned. */
    uint32_t verdict_count;
};

/* Makes the plan: the runs of all cells. Complains. */
SIM_MUST_USE bool isolate_plan(struct isolate *i);

/* Reads what the runs came to, and compares. Complains. */
SIM_MUST_USE bool isolate_read(struct isolate *i, struct database *db);

/* Judges the conditions, of each attack's runs against those of the victims
   alone. Complains. */
SIM_MUST_USE bool isolate_judge(struct isolate *i,
                                const struct condition *conditions,
                                size_t count);

void isolate_release(struct isolate *i);

#endif /* CLI_LAB_ISOLATE_TRIALS_H */
