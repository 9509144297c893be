/*
 * rows.h - the rows of `iksim paper`: each a claim, its runs, and what its rule
 * says of them.
 */
#ifndef CLI_LAB_PAPER_ROWS_H
#define CLI_LAB_PAPER_ROWS_H

#include "cli/lab/paper/points.h"

#define ROWS_VARIANT_LIMIT 8

enum verdict {
    VERDICT_NONE, /* The claim is of a kind that has none. */
    VERDICT_HOLDS,
    VERDICT_DOES_NOT_HOLD,
    VERDICT_NO_RESULT, /* A run is missing; `ours` says why. */
};

struct row {
    const struct claim *claim;
    struct grid *main;
    struct grid *open; /* NULL: the claim has none. */
    struct grid *variants[ROWS_VARIANT_LIMIT];
    uint32_t variant_count; /* 0: none were asked for. */
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
 * All claims, or only one (NULL: all), and their runs. With POINTS_FULL each
 * emergent one gets its quick runs again for each variant. False: complained.
 * rows_release is allowed either way.
 */
SIM_MUST_USE bool rows_make(struct rows *r, const struct claim *only);
void rows_release(struct rows *r);

/* Reads what has been run, and judges. False: complained. */
SIM_MUST_USE bool rows_judge(struct rows *r, struct database *db);

const char *verdict_name(enum verdict v);

#endif /* CLI_LAB_PAPER_ROWS_H */
