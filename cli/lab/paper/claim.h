/*
 * claim.h - a claim of the paper: a sentence, the paper's figure, the runs that
 * bear on it, and the rule by which these runs decide whether it holds.
 *
 * A claim's points are its series times the values of its axis. Each point is
 * one run for each of several seeds; `open` adds as many runs under an open
 * loop, for their latency. What rules look at are medians over the seeds.
 */
#ifndef CLI_LAB_PAPER_CLAIM_H
#define CLI_LAB_PAPER_CLAIM_H

#include <jansson.h>

#include "cli/lab/compare/statistics.h"
#include "sim/report/figures.h"

/* Seeds of each point: of all rows, with --quick, and at most. */
#define CLAIM_SEEDS       5
#define CLAIM_SEEDS_QUICK 1
#define CLAIM_SEEDS_LIMIT 20

#define CLAIM_SERIES_LIMIT  8
#define CLAIM_X_LIMIT       16
#define CLAIM_MEASURE_LIMIT 4
#define CLAIM_MARK_LIMIT    2
#define CLAIM_OURS_BYTES    256

enum claim_kind {
    CLAIM_INPUT,    /* The model takes the paper's figure; no verdict. */
    CLAIM_DERIVED,  /* The figure follows from inputs; no verdict. */
    CLAIM_EMERGENT, /* The model does not contain the figure: a verdict. */
    CLAIM_UNSTATED, /* The paper does not state the figure; no verdict. */
};

/* Settings are KEY=VALUE, separated by `;`. */
struct claim_series {
    const char *name;
    const char *sets; /* Settings of this series, or "". */
};

struct claim_axis {
    const char *name;
    const char *sets;         /* Settings; '@' stands for the value. */
    const char *quick, *full; /* Values, separated by blanks. */
    bool is_log;
};

/* What is drawn over the axis: a figure of a run, divided by `scale`, or what
   `read` computes from several figures. */
struct claim_measure {
    const char *name, *unit;
    enum figure_id figure;
    double scale;
    double (*read)(const json_t *report); /* NULL: `figure` is drawn. */
};

enum claim_mark_kind {
    CLAIM_AT_Y,  /* The values of the first measure. */
    CLAIM_AT_X,  /* The values on the axis. */
    CLAIM_TIMES, /* Multiples of what a series has in our runs. */
    CLAIM_PLUS,  /* What a series has in our runs, and so much more. */
};

/* What the paper's text states of what is drawn, to be drawn beside it. */
struct claim_mark {
    const char *label; /* With the node; the paper's axes are not known. */
    enum claim_mark_kind kind;
    double low, high; /* Equal: a line; else a band. */
    uint32_t series;  /* Of CLAIM_TIMES and CLAIM_PLUS, which are lines. */
};

/* The borrowed reports of all points of a claim. */
struct claim_view {
    const struct claim *claim;
    uint32_t series_count, x_count, seed_count;
    const char *x_text[CLAIM_X_LIMIT];
    double x[CLAIM_X_LIMIT]; /* 0 if the axis has words. */
    const json_t *reports[CLAIM_SERIES_LIMIT][CLAIM_X_LIMIT][CLAIM_SEEDS_LIMIT];
};

struct claim_judgement {
    char ours[CLAIM_OURS_BYTES]; /* What the runs showed, in a few words. */
    bool holds;                  /* Valid for emergent claims. */
};

struct claim {
    const char *name;
    const char *node;  /* The place in the paper; see docs/experiments.md. */
    const char *claim; /* The claim, in a sentence. */
    const char *paper; /* The paper's figure, in a few words. */
    enum claim_kind kind;
    /* What a value or a mechanism of the model was chosen after, so that the
       row is no independent evidence; NULL: it is. */
    const char *suggested_by;
    const char *rule; /* The rule in words; NULL unless emergent. */
    /* The rule as code, which for claims without a verdict writes `ours`
       only. */
    void (*judge)(const struct claim_view *v, struct claim_judgement *j);

    /* The runs. */
    const char *base; /* A scenario's name in workloads/paper/; NULL: the claim
                         needs no runs. */
    const char *sets; /* The settings of all points; NULL: there are none. */
    struct claim_series series[CLAIM_SERIES_LIMIT]; /* Ended by a NULL name. */
    struct claim_axis axis;
    /* The first measure is drawn; a NULL name ends the list. */
    struct claim_measure measure[CLAIM_MEASURE_LIMIT];
    /* The subject is what happens once, so that its verdict does not wait for a
       steady window. */
    bool needs_no_steady_state;
    bool is_ratio; /* The rule divides the first series by the second; tables
                      by each of the others. */
    /* The paper does not state its quantum, on which the measure depends: other
       values are drawn, too. */
    bool hangs_on_quantum;
    const char *open; /* The settings of an open loop; NULL: no such runs. */
    struct claim_mark mark[CLAIM_MARK_LIMIT]; /* Ended by a NULL label. */
};

/* Iterate over all claims, in the order of the paper. NULL: there are no
   more. */
const struct claim *claim_first(void);
const struct claim *claim_next(const struct claim *c);

/* The claims by part of the paper, each list ended by a NULL name. */
extern const struct claim input_claims[], micro_claims[], interrupt_claims[],
    memory_claims[], game_claims[], fairness_claims[];

/* Values to try for what the paper does not state, ended by a NULL name. */
extern const struct claim_series claim_variants[];

bool claim_varies_quantum(const struct claim_series *variant);

/* NULL: no claim has that name. */
const struct claim *claim_find(const char *name);

const char *claim_kind_name(enum claim_kind kind);

/* ---- For rules ----------------------------------------------------------- */

/* Return a figure of a report, or of one of its groups. The report must have
   the figure, which points_read checks. */
double claim_figure(const json_t *report, enum figure_id id);
double claim_group_figure(const json_t *report, uint32_t group,
                          enum figure_id id);

double claim_measure(const struct claim_measure *m, const json_t *report);

typedef double claim_read_fn(const json_t *report);

/* Return the median over the view's seeds of what is read from the reports of a
   point, of a figure, and of the claim's first measure. */
double claim_read(const struct claim_view *v, uint32_t series, uint32_t x,
                  claim_read_fn *read);
double claim_median(const struct claim_view *v, uint32_t series, uint32_t x,
                    enum figure_id id);
double claim_value(const struct claim_view *v, uint32_t series, uint32_t x);

/*
 * Estimate the median of a measure at a point; of what the first series has by
 * what the series `over` has; of how much more is read from a report of the second.
 * What two series have is paired by seed, and then the median is taken. There
 * is no interval of one seed.
 */
struct estimate claim_estimate(const struct claim_view *v,
                               const struct claim_measure *m, uint32_t series,
                               uint32_t x);
struct estimate claim_ratio(const struct claim_view *v, uint32_t over,
                            uint32_t x);
struct estimate claim_excess(const struct claim_view *v, uint32_t x,
                             claim_read_fn *read);

/* Estimates the median of what is computed of a view of one seed. */
typedef double claim_view_fn(const struct claim_view *one);
struct estimate claim_each(const struct claim_view *v, claim_view_fn *compute);

/* Returns the probability with which an interval holds what it estimates: few
   seeds bear less than 95 %. */
double claim_coverage(uint32_t seed_count);

/* Makes a view of one seed of another view. */
void claim_take_seed(const struct claim_view *v, uint32_t seed,
                     struct claim_view *one);

/* Returns the place of a value on the axis, or x_count - 1 if all are
   smaller. */
uint32_t claim_place(const struct claim_view *v, double x);

#endif /* CLI_LAB_PAPER_CLAIM_H */
