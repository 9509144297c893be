/*
 * runset.h - the runs to be compared, from where they are kept: a run
 * directory, a folder of run directories, or the finished runs of a sweep's
 * database, all of them or a group.
 *
 * Runs that differ in nothing but the seed have one `config`. In a database it
 * is what the plan set, without the keys by which the group was chosen; run
 * directories have none.
 */
#ifndef CLI_LAB_COMPARE_RUNSET_H
#define CLI_LAB_COMPARE_RUNSET_H

#include <jansson.h>

#include "sim/base.h"

struct runset_run {
    int64_t seed;
    char *config;   /* Owned; "" when there is none. */
    char *images;   /* Owned: the guests' hashes, sorted and once each. */
    json_t *report; /* Owned. */
};

struct runset {
    const char *name;        /* As it was asked for; borrowed. */
    struct runset_run *runs; /* Owned; by config, then seed: all different. */
    size_t count;
};

/*
 * `word` is DIR, DB, or DB:KEY=VALUE[,KEY=VALUE]... False: complained; then
 * runset_release is allowed too.
 */
SIM_MUST_USE bool runset_load(struct runset *set, const char *word);
void runset_release(struct runset *set);

/* Takes out of each config what all runs of both sets have: it tells none from
   another. False: out of memory. */
SIM_MUST_USE bool runset_forget_common(struct runset *a, struct runset *b);

/* The number of runs from `first` on that have its config. */
size_t runset_span(const struct runset *set, size_t first);

#endif /* CLI_LAB_COMPARE_RUNSET_H */
