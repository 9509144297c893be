/*
 * rows.h - the rows of `iksim paper`: each has a claim, its runs, and what the
 * claim's rule says of these runs.
 */
#ifndef CLI_LAB_PAPER_ROWS_H
#define CLI_LAB_PAPER_ROWS_H

#include "cli/lab/paper/points.h"

#define ROWS_VARIANT_LIMIT 8

enum verdict {
    VERDICT_NONE, /* Claims of this kind have no verdict. */
    VERDICT_HOLDS,
    VERDICT_DOES_NOT_HOLD,
    VERDICT_NO_RESULT, /* A run is missing; `ours` says why. */
};

struct row {
    const struct claim *claim;
    struct grid *main;
    struct grid *open; /* NULL: the claim has no open loop. */
    struct grid *variants[ROWS_VARIANT_LIMIT];
    uint32_t variant_count; /* 0: no variants were asked for. */
    enum verdict verdict;
    struct claim_judgement judgement;
    enum verdict variant_verdicts[ROWS_VARIANT_LIMIT];
    struct claim_judgement variant_judgements[ROWS_VARIANT_LIMIT];
};

struct rows {
    struct points points;
    struct row *items; /* Owned. */
    uint32_t count;
    enum points_extent extent;
};

/*
 * Makes a row for each claim, or one row for `only`, unless it is NULL, and
 * plans their runs. With POINTS_FULL each emergent claim has its quick runs
 * once more for each variant. Complains; rows_release is allowed either way.
 */
SIM_MUST_USE bool rows_make(struct rows *r, const struct claim *only);
void rows_release(struct rows *r);

/* Reads the results of the runs, and judges the claims. Complains. */
SIM_MUST_USE bool rows_judge(struct rows *r, struct database *db);

const char *verdict_name(enum verdict v);

#endif /* CLI_LAB_PAPER_ROWS_H */
