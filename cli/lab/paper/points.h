/*
 * points.h - makes one plan of the runs that claims need, and reads the results
 * into the views that rules look at. Claims share runs: a run is in the plan
 * once.
 */
#ifndef CLI_LAB_PAPER_POINTS_H
#define CLI_LAB_PAPER_POINTS_H

#include "cli/lab/paper/claim.h"
#include "cli/lab/sweep/database.h"
#include "cli/lab/sweep/plan.h"
#include "sim/steady/tally.h"

enum points_extent { POINTS_QUICK, POINTS_FULL };

#define POINTS_NONE UINT32_MAX

struct point {
    uint32_t run;    /* Its place in the plan; POINTS_NONE: `why` says why. */
    json_t *report;  /* Owned; NULL: `why` says why not. */
    const char *why; /* In the plan's arena. */
};

/* Which runs of a claim are wanted. */
struct points_want {
    enum points_extent extent;
    uint32_t seed_count;                /* 1 to CLAIM_SEEDS_LIMIT. */
    const struct claim_series *variant; /* NULL: the scenarios unchanged. */
    bool is_open; /* The runs have the claim's open loop, for latencies. */
};

/* The runs of a claim, under one variant. */
struct grid {
    const struct claim *claim;
    struct points_want want;
    struct claim_view view; /* Borrows from the points. */
    struct point points[CLAIM_SERIES_LIMIT][CLAIM_X_LIMIT][CLAIM_SEEDS_LIMIT];
};

struct points {
    struct plan plan;
    /* In the plan's arena: the runs of a grid have one number, and so have those
       of grids that share runs. */
    uint32_t *groups;
    const char *folder;       /* The folder of base scenarios; borrowed. */
    const char *const *extra; /* Settings for every run; borrowed. */
    uint32_t extra_count;
};

/* Begins an empty plan. Complains; points_release is allowed either way. */
SIM_MUST_USE bool points_init(struct points *p, const char *folder);
void points_release(struct points *p);

/* Adds the claim's runs to the plan, and returns their grid, which `p` owns. A
   run that cannot be built is no failure: its point says why. Complains. */
struct grid *points_add(struct points *p, const struct claim *claim,
                        struct points_want want);

/*
 * Of `count` runs with the numbers of their groups, those from `before` on being
 * new: puts the listed ones, which all new ones are among, into one group, with
 * all others of the groups that they are in.
 */
void points_join(uint32_t *groups, uint32_t before, uint32_t count,
                 const uint32_t *runs, uint32_t run_count);

/*
 * Ends the plan, which can then be run. Where run.warmup is `auto`, pilots find what
 * the runs of a grid need, and all get the longest (sweep/warmup.h). Complains.
 */
SIM_MUST_USE bool points_finish(struct points *p, struct database *db,
                                uint32_t job_count);

/* Reads the results of the grid's runs. Complains. */
SIM_MUST_USE bool points_read(struct points *p, struct database *db,
                              struct grid *grid);
void points_clear(struct grid *grid);

/* Returns the first point without a report. NULL: all points have one, so that
   a rule may look at the view. */
const struct point *points_find_missing(const struct grid *grid);

/* True: all seeds of the point have a report. */
bool points_has_all(const struct grid *grid, uint32_t series, uint32_t x);

/* The grid's runs: how many there are, how many have a report; how many were
   compared with the first seed of their point, and how many of these have its
   fingerprint; and of how many the window was of which class. */
struct points_tally {
    uint32_t planned, made, compared, alike;
    struct steady_tally steady;
};
struct points_tally points_count(const struct grid *grid);

#endif /* CLI_LAB_PAPER_POINTS_H */
