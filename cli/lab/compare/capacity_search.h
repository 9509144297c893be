/*
 * capacity_search.h - the largest of a row of values that meets something, with
 * few tries. It is right if whatever is larger than a value that fails fails
 * as well; what it tries may show that this is not so.
 */
#ifndef CLI_LAB_COMPARE_CAPACITY_SEARCH_H
#define CLI_LAB_COMPARE_CAPACITY_SEARCH_H

#include "sim/base.h"

struct search {
    uint64_t last;   /* Places are 0 to last. */
    uint64_t probes; /* Tried first, evenly spread, both ends of them; >= 2.
                        More than last: all are tried. */
    /* Tries a place. False: the search cannot go on. Each is tried once. */
    bool (*try_place)(void *ctx, uint64_t place, bool *meets);
    void *ctx;
    /* Of search_run. */
    bool is_found; /* False: no place that was tried meets it. */
    uint64_t best; /* Valid then. */
};

/* False: a try could not be made. */
SIM_MUST_USE bool search_run(struct search *s);

#endif /* CLI_LAB_COMPARE_CAPACITY_SEARCH_H */
