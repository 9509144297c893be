/*
 * rows.h - the rows of `iksim paper`: each has a claim, its runs, and what the
 * claim's rule says of these runs.
 */
#ifndef CLI_LAB_PAPER_ROWS_H
#define CLI_LAB_PAPER_ROWS_H

#include "cli/lab/paper/points.h"

#define ROWS_VARIANT_LIMIT 12

enum verdict {
    VERDICT_NONE, /* Claims of this kind have no verdict. */
    VERDICT_HOLDS,
    VERDICT_DOES_NOT_HOLD,
    VERDICT_UNDECIDED, /* Not all seeds agree with the medians over them. */
    VERDICT_UNSTEADY,  /* A run was not steady in its window, which must be
                          mended before there is a verdict. */
    VERDICT_NO_RESULT, /* A run is missing; `ours` says why. */
};

/* What a claim's rule says of a grid. */
struct judged {
    enum verdict verdict;
    struct claim_judgement judgement; /* Of the medians over the seeds. */
    uint32_t seeds, holding;          /* `holding`: seeds of which it holds. */
    struct points_tally tally;
};

struct row {
    const struct claim *claim;
    struct grid *main;
    struct grid *open; /* NULL: the claim has no open loop. */
    struct grid *variants[ROWS_VARIANT_LIMIT];
    uint32_t variant_count; /* 0: no variants were asked for. */
    struct judged judged;
    struct judged variants_judged[ROWS_VARIANT_LIMIT];
};

struct rows {
    struct points points;
    struct row *items; /* Owned. */
    uint32_t count;
    enum points_extent extent;
    uint32_t seed_count; /* Of each point; variants have one. */
};

/*
 * Makes a row for each claim, or one row for `only`, unless it is NULL, and
 * plans their runs. With POINTS_FULL each emergent claim has its quick runs, of
 * one seed, once more for each variant, and each other claim that hangs on the
 * quantum for each of its values. Complains; rows_release is allowed either
 * way.
 */
SIM_MUST_USE bool rows_make(struct rows *r, const struct claim *only);
void rows_release(struct rows *r);

/* Reads the results of the runs, and judges the claims. Complains. */
SIM_MUST_USE bool rows_judge(struct rows *r, struct database *db);

/* How many bytes the longest verdict takes. */
#define VERDICT_BYTES 64

/* Writes "holds (5 of 5 seeds)". */
void verdict_write(const struct judged *j, char text[VERDICT_BYTES]);

/* Returns the verdict in a few words, without the seeds. */
const char *verdict_name(enum verdict v);

/* Returns the number of runs that were not steady in their windows. */
uint32_t judged_unsteady(const struct judged *j);

/* Applies the claim's rule to the medians over the seeds of a grid, and to each
   seed. */
void judge_grid(const struct grid *grid, struct judged *j);

#endif /* CLI_LAB_PAPER_ROWS_H */
