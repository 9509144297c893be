/*
 * points.h - the runs that claims need, as one plan, and their results as what
 * a rule looks at. Claims share runs: a run is in the plan once.
 */
#ifndef CLI_LAB_PAPER_POINTS_H
#define CLI_LAB_PAPER_POINTS_H

#include "cli/lab/paper/claim.h"
#include "cli/lab/sweep/database.h"
#include "cli/lab/sweep/plan.h"

enum points_extent { POINTS_QUICK, POINTS_FULL };

#define POINTS_NONE UINT32_MAX

struct point {
    uint32_t run;    /* In the plan; POINTS_NONE: `why` says why not. */
    json_t *report;  /* Owned; NULL: `why` says why not. */
    const char *why; /* In the arena. */
};

/* One claim's runs under one set of what the paper does not state. */
struct grid {
    const struct claim *claim;
    const struct claim_series *variant; /* NULL: as the scenarios say. */
    bool is_open; /* `open` has been added: looked at for latencies. */
    struct claim_view view; /* Borrows from the points. */
    struct point points[CLAIM_SERIES_LIMIT][CLAIM_X_LIMIT];
};

struct points {
    struct plan plan;
    const char *folder;       /* Of the base scenarios; borrowed. */
    const char *const *extra; /* Settings for every run; borrowed. */
    uint32_t extra_count;
};

/* False: complained. points_release is allowed either way. */
SIM_MUST_USE bool points_init(struct points *p, const char *folder);
void points_release(struct points *p);

/* Adds the claim's runs to the plan. NULL: complained. What is wrong with a
   run is kept with its point. Owned by the points. */
struct grid *points_add(struct points *p, const struct claim *claim,
                        enum points_extent extent,
                        const struct claim_series *variant, bool is_open);

/* After the last: the plan can be run. False: complained. */
SIM_MUST_USE bool points_finish(struct points *p);

/* Reads the results of the grid's runs. False: complained. */
SIM_MUST_USE bool points_read(struct points *p, struct database *db,
                              struct grid *grid);
void points_clear(struct grid *grid);

/* The first point without a report; NULL: a rule may look at the view. */
const struct point *points_find_missing(const struct grid *grid);

#endif /* CLI_LAB_PAPER_POINTS_H */
