/*
 * compare_table.h - prints what a comparison found, as a table and as JSON.
 */
#ifndef CLI_LAB_COMPARE_COMPARE_TABLE_H
#define CLI_LAB_COMPARE_COMPARE_TABLE_H

#include "cli/lab/compare/condition.h"
#include "cli/lab/compare/runset.h"
#include "cli/lab/compare/statistics.h"

/* The figures that are compared: those with a short name, then others that
   conditions name. */
#define COMPARED_LIMIT 64

struct compared {
    struct figure_ref figures[COMPARED_LIMIT];
    size_t count;
};

void compared_init(struct compared *c);

/* Returns the place of a figure, which is added if it has none. */
size_t compared_add(struct compared *c, struct figure_ref figure);

/* The comparison of one configuration: a span of the runs of each set. */
struct comparison {
    const char *config; /* Borrowed. */
    const struct runset_run *a, *b;
    size_t a_count, b_count;
    bool is_paired;
    enum estimand estimand;
    const struct compared *compared;
    bool has[COMPARED_LIMIT]; /* By place in `compared`: every run has the
                                 figure. */
    struct difference differences[COMPARED_LIMIT];
    bool is_shown[COMPARED_LIMIT]; /* After Holm's correction. */
};

/* Whether a condition of --fail-if holds of one comparison. */
struct verdict {
    const struct condition *condition; /* Borrowed. */
    const char *config;
    double value; /* The value that was tested. */
    bool holds;   /* True: the call fails. */
};

void compare_print(const struct comparison *c);

/* NULL: out of memory. */
json_t *compare_to_json(const struct comparison *c);

/* Writes "'p99 > +5%' holds: it is +7.3 %". */
void compare_describe(const struct verdict *v, char *text, size_t bytes);

#endif /* CLI_LAB_COMPARE_COMPARE_TABLE_H */
