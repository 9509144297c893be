/*
 * capacity_search.h - finds the largest of a row of values that meets a
 * condition, by bisection. The result is right if every value fails that is
 * larger than one that fails; the values that are tried may contradict this.
 */
#ifndef CLI_LAB_COMPARE_CAPACITY_SEARCH_H
#define CLI_LAB_COMPARE_CAPACITY_SEARCH_H

#include "sim/base.h"

struct search {
    uint64_t last;   /* Places are 0 to last. */
    uint64_t probes; /* Places that are tried first, evenly spread, both ends
                        among them; >= 2. More than last: all are tried. */
    /* Tries a place, each at most once. False: the search cannot go on. */
    bool (*try_place)(void *ctx, uint64_t place, bool *meets);
    void *ctx;
    /* Set by search_run. */
    bool is_found; /* False: no place that was tried meets the condition. */
    uint64_t best; /* Valid if is_found. */
};

/* How many probes there are, and the place of the k-th. */
uint64_t search_probe_count(const struct search *s);
uint64_t search_probe_place(const struct search *s, uint64_t k);

/* Runs the search. False: try_place returned false. */
SIM_MUST_USE bool search_run(struct search *s);

#endif /* CLI_LAB_COMPARE_CAPACITY_SEARCH_H */
