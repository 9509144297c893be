/*
 * search.h - finds the largest of a row of values that meets a condition, by
 * bisection. The result is right if every value fails that is larger than one
 * that fails; the values that are tried may contradict this.
 */
#ifndef CLI_LAB_CAPACITY_SEARCH_H
#define CLI_LAB_CAPACITY_SEARCH_H

#include "sim/base.h"

struct search {
    uint64_t last;   /* Places are 0 to last. */
    uint64_t probes; /* Places that are tried first, evenly spread, both ends
                        among them; >= 2. More than last: all are tried. */
    bool has_guess;  /* No probes: the search begins at a place, and goes away
                        from it in steps that double. */
    uint64_t guess;  /* 0 to last; valid if has_guess. */
    /* Tries a place, each at most once. False: the search cannot go on. */
    bool (*try_place)(void *ctx, uint64_t place, bool *meets);
    void *ctx;
    /* Set by search_run. */
    bool is_found;  /* False: no place that was tried meets the condition. */
    uint64_t best;  /* Valid if is_found. */
    uint64_t above; /* The first that does not; last + 1: there is none. */
};

/* How many probes there are, and the place of the k-th. */
uint64_t search_probe_count(const struct search *s);
uint64_t search_probe_place(const struct search *s, uint64_t k);

/* Runs the search. False: try_place returned false. */
SIM_MUST_USE bool search_run(struct search *s);

#endif /* CLI_LAB_CAPACITY_SEARCH_H */
