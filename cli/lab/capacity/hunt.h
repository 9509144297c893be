/*
 * hunt.h - finds the largest value of a key at which objectives are met, over
 * several seeds.
 *
 * A value passes if in more than half of the seeds the run meets every objective
 * and its window was flat (curve.h). The first seed alone is bisected over the
 * whole span, for its objectives; all seeds then begin where that ends, and go
 * away from there in steps that double, until a value passes and the next does
 * not. Where every seed is monotonic this is the largest that passes, and the
 * median of the seeds' own capacities, each the largest value that passes with
 * that seed. These are then found too, beginning at the answer, and give the
 * interval: order statistics of the median, which need no assumption about how
 * capacities are distributed.
 *
 * If the first value that does not pass would pass were its doubtful windows
 * flat, all windows begin where they ended, if the warm-up is `auto`, and become
 * twice as long, up to a bound; the search goes on from its answer.
 *
 * Which values are tried does not depend on how many runs are made at a time.
 */
#ifndef CLI_LAB_CAPACITY_HUNT_H
#define CLI_LAB_CAPACITY_HUNT_H

#include "cli/lab/capacity/bound.h"
#include "cli/lab/capacity/curve.h"
#include "cli/lab/capacity/search.h"
#include "cli/lab/sweep/pilot.h"

#define HUNT_WORD_BYTES 256

/* What the pilots have found. */
struct hunt_warmup {
    bool is_wanted; /* The scenario's is `auto`. */
    uint64_t ms;    /* The longest so far, and what windows were too short; */
    bool has_grown; /* in the midst of the search, which is void. */
    char word[PILOT_WORD_BYTES]; /* "": no setting of ours. */
    uint64_t *places;            /* Owned; those that have been piloted. */
    size_t count;
};

struct hunt {
    /* Set by the caller, all borrowed. */
    const char *path;
    const char *const *sets;
    uint32_t set_count;
    const char *key;
    const struct ladder *ladder; /* The values that may be tried. */
    bool is_warm;
    struct guard *guard; /* Whose run this process is; NULL: it is none. */
    uint32_t jobs;       /* >= 1. */
    uint32_t doublings;  /* Of the window, at most. */
    struct curve curve;  /* Objectives, seed_count and takes_any_window are set;
                           owned afterwards. */
    struct search search; /* probes is set; then the answer. */

    /* Found. */
    uint64_t window_ns; /* Of the last runs; 0: not known, or varied. */
    uint32_t doubled;
    int64_t own[CURVE_SEEDS_LIMIT]; /* The place of each seed's capacity; -1:
                                       below all. */
    struct hunt_warmup warmup;
    char complaint[SCENARIO_MESSAGE_BYTES]; /* Why it ended. */

    struct warm **warm; /* Owned, by seed; NULL: cold. */
};

/* False: `complaint` says why. hunt_release is allowed either way. */
SIM_MUST_USE bool hunt_run(struct hunt *h);
void hunt_release(struct hunt *h);

/* Estimates the capacity of the median seed, its interval at confidence
   *confidence; one seed has none. Its ends are one step below the span, or its
   end, if that is all that is known. */
void hunt_estimate(const struct hunt *h, struct estimate *e,
                   double *confidence);

/* The last point that passes and the first that does not; NULL: there is none. */
const struct curve_point *hunt_passing(const struct hunt *h);
const struct curve_point *hunt_failing(const struct hunt *h);

/* What the runs of a point were busy with: medians. False: p is NULL, or no run
   has a report. */
SIM_MUST_USE bool hunt_bound(const struct hunt *h, const struct curve_point *p,
                             struct bound_figures *f);

/* True: the first value that does not pass might, were its windows flat. */
bool hunt_is_in_doubt(const struct hunt *h);

#endif /* CLI_LAB_CAPACITY_HUNT_H */
