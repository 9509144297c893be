/*
 * runset.h - reads the runs to be compared: a run directory, a folder of run
 * directories, or the finished runs of a sweep's database, all of them or a
 * group.
 *
 * Runs that differ in nothing but the seed have one `config`. In a database the
 * config is what the plan set, without the keys by which the group was chosen;
 * run directories have none.
 */
#ifndef CLI_LAB_COMPARE_RUNSET_H
#define CLI_LAB_COMPARE_RUNSET_H

#include <jansson.h>

#include "sim/base.h"

struct runset_run {
    int64_t seed;
    char *config;   /* Owned; "": there is none. */
    char *images;   /* Owned; the guests' hashes, sorted, each once. */
    json_t *report; /* Owned. */
};

struct runset {
    const char *name;        /* The argument that names the set; borrowed. */
    struct runset_run *runs; /* Owned; sorted by config and seed, which differ
                                between any two. */
    size_t count;
};

/*
 * Loads the set that `word` names: DIR, DB, or DB:KEY=VALUE[,KEY=VALUE]...
 * Complains; runset_release is allowed either way.
 */
SIM_MUST_USE bool runset_load(struct runset *set, const char *word);
void runset_release(struct runset *set);

/* Removes from each config the settings that all runs of both sets share, since
   they distinguish nothing. False: out of memory. */
SIM_MUST_USE bool runset_forget_common(struct runset *a, struct runset *b);

/* Returns the number of runs from `first` on that have the config of
   `first`. */
size_t runset_span(const struct runset *set, size_t first);

#endif /* CLI_LAB_COMPARE_RUNSET_H */
