/*
 * capacity_curve.h - what a search for capacity saw: a point for each value
 * that was tried, with its figures, and remarks on points that contradict the
 * search.
 */
#ifndef CLI_LAB_COMPARE_CAPACITY_CURVE_H
#define CLI_LAB_COMPARE_CAPACITY_CURVE_H

#include "cli/lab/compare/condition.h"
#include "cli/run/trial.h"

#define CURVE_VALUE_BYTES 32

struct curve_point {
    uint64_t place;
    double x;
    char value[CURVE_VALUE_BYTES]; /* As it was given to --set. */
    bool meets;
    double figures[CONDITION_LIMIT]; /* By objective; valid if result has a
                                        report. */
    struct trial_result result;
};

struct curve {
    const struct condition *objectives; /* Borrowed. */
    size_t objective_count;
    struct curve_point *points; /* Owned; by place after curve_sort. */
    size_t count;
};

/* Adds a point and judges its result, which the curve then owns. NULL: out of
   memory. */
struct curve_point *curve_add(struct curve *c, uint64_t place,
                              const char *value,
                              const struct trial_result *result);
void curve_sort(struct curve *c);
void curve_release(struct curve *c);

#define CURVE_NOTE_BYTES 256

/*
 * Find where the curve contradicts bisection, which supposes that it is
 * monotonic: a value that fails below one that meets the objectives, or a
 * figure that gets better as the value grows. They write one sentence; false:
 * there is no such place.
 */
bool curve_find_failure_below(const struct curve *c, char *note);
bool curve_find_turn(const struct curve *c, size_t objective, char *note);

void curve_print(const struct curve *c, const char *key);
json_t *curve_to_json(const struct curve *c);

#endif /* CLI_LAB_COMPARE_CAPACITY_CURVE_H */
