/*
 * compare_table.h - what a comparison found, for people and for programs.
 */
#ifndef CLI_LAB_COMPARE_COMPARE_TABLE_H
#define CLI_LAB_COMPARE_COMPARE_TABLE_H

#include "cli/lab/compare/condition.h"
#include "cli/lab/compare/runset.h"
#include "cli/lab/compare/statistics.h"

/* The figures that are compared: those with a short name, then what conditions
   name besides. */
#define COMPARED_LIMIT 64

struct compared {
    struct figure_ref figures[COMPARED_LIMIT];
    size_t count;
};

void compared_init(struct compared *c);

/* The place of a figure, which is added if it has none. */
size_t compared_add(struct compared *c, struct figure_ref figure);

/* One configuration: spans of the two sets' runs. */
struct comparison {
    const char *config; /* Borrowed. */
    const struct runset_run *a, *b;
    size_t a_count, b_count;
    bool is_paired;
    const struct compared *compared;
    bool has[COMPARED_LIMIT]; /* By place in `compared`: every run has it. */
    struct difference differences[COMPARED_LIMIT];
};

/* What --fail-if said of one comparison. */
struct verdict {
    const struct condition *condition; /* Borrowed. */
    const char *config;
    double value; /* What was compared. */
    bool holds;   /* So the call fails. */
};

void compare_print(const struct comparison *c);

/* NULL: out of memory. */
json_t *compare_to_json(const struct comparison *c);

/* "p99 > +5%: it is +7.3 %" */
void compare_describe(const struct verdict *v, char *text, size_t bytes);

#endif /* CLI_LAB_COMPARE_COMPARE_TABLE_H */
