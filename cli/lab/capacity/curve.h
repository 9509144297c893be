/*
 * curve.h - what a search for capacity saw: a point for each value that was
 * tried, with a run for each seed, and remarks on points that contradict the
 * search.
 *
 * A run passes if it meets every objective and its window was flat. A point
 * passes if more than half of its runs do. A run of which that cannot be said is
 * in doubt: its window was not flat, and it is not one that missed an objective
 * because it is overloaded, which no longer window would change.
 */
#ifndef CLI_LAB_CAPACITY_CURVE_H
#define CLI_LAB_CAPACITY_CURVE_H

#include "cli/lab/capacity/ladder.h"
#include "cli/lab/compare/condition.h"
#include "cli/lab/compare/statistics.h"
#include "cli/run/trial.h"

#define CURVE_SEEDS_LIMIT 100

struct curve_run {
    bool is_made;
    bool meets, is_flat, is_overloaded;
    double figures[CONDITION_LIMIT]; /* By objective; valid if result has a
                                        report. */
    struct trial_result result;
};

struct curve_point {
    uint64_t place;
    double x;
    char value[LADDER_VALUE_BYTES]; /* As it was given to --set. */
    uint64_t window_ns;
    struct curve_run *runs; /* Owned; by seed. */
};

struct curve {
    const struct condition *objectives; /* Borrowed. */
    size_t objective_count;
    uint64_t first_seed;
    uint32_t seed_count;        /* 1 to CURVE_SEEDS_LIMIT. */
    bool takes_any_window;      /* All windows count as if they were flat. */
    struct curve_point *points; /* Owned; by place after curve_sort. */
    size_t count;
};

/* Returns the point of a place; one of another window loses its runs. NULL: out
   of memory. The pointer holds until the next point is added. */
struct curve_point *curve_at(struct curve *c, uint64_t place, const char *value,
                             uint64_t window_ns);

/* NULL: the place was not tried. */
const struct curve_point *curve_find(const struct curve *c, uint64_t place);

/* Judges the result of a run, which the curve then owns. */
void curve_add(const struct curve *c, struct curve_point *p, uint32_t seed,
               const struct trial_result *result);

void curve_sort(struct curve *c);
void curve_release(struct curve *c);

/* ---- What passes --------------------------------------------------------- */

bool curve_run_passes(const struct curve *c, const struct curve_run *r);

/* Every seed was run there. */
bool curve_is_whole(const struct curve *c, const struct curve_point *p);

/* How many runs of the point pass, and are in doubt. */
uint32_t curve_passing(const struct curve *c, const struct curve_point *p);
uint32_t curve_in_doubt(const struct curve *c, const struct curve_point *p);

/* More than half of the runs meet the objectives, whatever their windows were. */
bool curve_meets(const struct curve *c, const struct curve_point *p);

bool curve_passes(const struct curve *c, const struct curve_point *p);

/* The median over the runs, and its interval if there are at least two of them.
   False: no run has a report. */
SIM_MUST_USE bool curve_estimate(const struct curve *c,
                                 const struct curve_point *p, size_t objective,
                                 struct estimate *e);

/* ---- Contradictions ------------------------------------------------------ */

#define CURVE_NOTE_BYTES 256

/*
 * Find where the curve contradicts bisection, which supposes that it is
 * monotonic: a value that fails below one that passes, or a figure that gets
 * better as the value grows. They write one sentence; false: there is no such
 * place.
 */
bool curve_find_failure_below(const struct curve *c, char *note);
bool curve_find_turn(const struct curve *c, size_t objective, char *note);

/* ---- For people and programs --------------------------------------------- */

/* The points at which every seed was run. */
void curve_print(const struct curve *c, const char *key);
json_t *curve_to_json(const struct curve *c); /* All of them. */

#endif /* CLI_LAB_CAPACITY_CURVE_H */
