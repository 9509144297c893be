/*
 * search.h - finds the largest of a row of values that meets a condition, by
 * bisection. The result is right if every value fails that is larger than one
 * that fails; the values that are tried may contradict this.
 *
 * The search asks for one place after the other, so that several of them can be
 * tried side by side: search_next says which, search_note what came of it.
 */
#ifndef CLI_LAB_CAPACITY_SEARCH_H
#define CLI_LAB_CAPACITY_SEARCH_H

#include "sim/base.h"

struct search {
    uint64_t last;   /* Places are 0 to last. */
    uint64_t probes; /* Places that are tried first, evenly spread, both ends
                        among them: >= 2, or more than last: all are tried.
                        0: the search begins at `guess`, and goes away from it
                        in steps that double. */
    uint64_t guess;  /* 0 to last. */

    /* Found so far; search_begin sets it. */
    bool is_found;  /* False: no place that was tried meets the condition. */
    uint64_t best;  /* Valid if is_found. */
    uint64_t above; /* The first that does not; last + 1: there is none. */
    uint64_t noted; /* Places. */
    uint64_t step;
};

/* How many probes there are, and the place of the k-th. */
uint64_t search_probe_count(const struct search *s);
uint64_t search_probe_place(const struct search *s, uint64_t k);

void search_begin(struct search *s);

/* False: the search is over. Else the caller tries the place, and notes it. */
SIM_MUST_USE bool search_next(const struct search *s, uint64_t *place);
void search_note(struct search *s, uint64_t place, bool meets);

/* Runs a search from its beginning. `try_place` tries a place; false: the search
   cannot go on. Returns false if it returned false. */
SIM_MUST_USE bool search_run(struct search *s,
                             bool (*try_place)(void *ctx, uint64_t place,
                                               bool *meets),
                             void *ctx);

#endif /* CLI_LAB_CAPACITY_SEARCH_H */
