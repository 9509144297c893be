/*
 * claim.h - what a claim of the paper is to us: a sentence, the paper's figure,
 * the runs that bear on it, and the rule by which they decide.
 *
 * A claim's points are its series times the values of its axis. Each point is
 * one run; `open` adds to it one under an open loop, for its latency.
 */
#ifndef CLI_LAB_PAPER_CLAIM_H
#define CLI_LAB_PAPER_CLAIM_H

#include <jansson.h>

#include "sim/report/figures.h"

#define CLAIM_SERIES_LIMIT  8
#define CLAIM_X_LIMIT       16
#define CLAIM_MEASURE_LIMIT 4
#define CLAIM_OURS_BYTES    160

enum claim_kind {
    CLAIM_INPUT,    /* We put the paper's figure in. */
    CLAIM_DERIVED,  /* It follows from figures put in; no verdict. */
    CLAIM_EMERGENT, /* Nobody put it in: a verdict. */
    CLAIM_UNSTATED, /* The paper leaves it out; no verdict. */
};

/* Settings are KEY=VALUE, with `;` between them. */
struct claim_series {
    const char *name;
    const char *sets; /* "" for none. */
};

struct claim_axis {
    const char *name;
    const char *sets;         /* '@' in them stands for the value. */
    const char *quick, *full; /* Values, with blanks between them. */
    bool is_log;
};

/* What is drawn over the axis: a figure of a run by `scale`, or what `read`
   makes of several. */
struct claim_measure {
    const char *name, *unit;
    enum figure_id figure;
    double scale;
    double (*read)(const json_t *report); /* NULL: the figure. */
};

/* The reports of a claim's points; all of them are there. Borrowed. */
struct claim_view {
    const struct claim *claim;
    uint32_t series_count, x_count;
    const char *x_text[CLAIM_X_LIMIT];
    double x[CLAIM_X_LIMIT]; /* 0 for words. */
    const json_t *reports[CLAIM_SERIES_LIMIT][CLAIM_X_LIMIT];
};

struct claim_judgement {
    char ours[CLAIM_OURS_BYTES]; /* What we found, in a few words. */
    bool holds;                  /* Emergent ones only. */
};

struct claim {
    const char *name;
    const char *node;  /* Where in the paper's text; see docs/experiments.md. */
    const char *claim; /* In a sentence. */
    const char *paper; /* Its figure, in a few words. */
    enum claim_kind kind;
    const char *rule; /* In words; NULL unless emergent. */
    /* Its code; for the others it writes `ours` only. */
    void (*judge)(const struct claim_view *v, struct claim_judgement *j);

    /* The runs; base NULL: none are needed. */
    const char *base; /* A scenario's name in workloads/paper/. */
    const char *sets; /* Of all points; NULL for none. */
    struct claim_series series[CLAIM_SERIES_LIMIT]; /* Ended by a NULL name. */
    struct claim_axis axis;
    struct claim_measure measure[CLAIM_MEASURE_LIMIT]; /* The first is drawn;
                                                          a NULL name ends. */
    const char *open; /* Settings; NULL: none is wanted. */
};

/* All claims, in the order of the paper. NULL: there are no more. */
const struct claim *claim_first(void);
const struct claim *claim_next(const struct claim *c);

/* By part of the paper: each ended by a NULL name. */
extern const struct claim input_claims[], micro_claims[], interrupt_claims[],
    memory_claims[], game_claims[], fairness_claims[];

/* What the paper does not state, and values to try; ended by a NULL name. */
extern const struct claim_series claim_variants[];

/* NULL: there is none of that name. */
const struct claim *claim_find(const char *name);

const char *claim_kind_name(enum claim_kind kind);

/* ---- For rules ----------------------------------------------------------- */

/* A figure of a report, of one of its groups. The report must have it:
   points_read sees to that. */
double claim_figure(const json_t *report, enum figure_id id);
double claim_group_figure(const json_t *report, uint32_t group,
                          enum figure_id id);

double claim_measure(const struct claim_measure *m, const json_t *report);

/* The claim's first measure at a point. */
double claim_value(const struct claim_view *v, uint32_t series, uint32_t x);

/* The place of a value on the axis; x_count - 1 when there is none so large. */
uint32_t claim_place(const struct claim_view *v, double x);

#endif /* CLI_LAB_PAPER_CLAIM_H */
