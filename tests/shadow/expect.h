/*
 * expect.h - a list of figures by their place in a report, each with what it
 * should be; and the judgement of a report by such a list.
 */
#ifndef TESTS_SHADOW_EXPECT_H
#define TESTS_SHADOW_EXPECT_H

#include <jansson.h>
#include <stdio.h>

#include "sim/base.h"

#define EXPECT_PATH_BYTES 64

struct expectation {
    char path[EXPECT_PATH_BYTES]; /* As "load.latency_ns.p99", "groups.0.vms" */
    const char *text;             /* Borrowed; NULL: a number. */
    double least, most;
    bool was_found; /* In the report. */
};

struct expectations {
    struct expectation *items; /* Owned. */
    size_t count, room;
};

void expect_release(struct expectations *e);

/* The value is a whole number, a number rounded to `step`, one that lies
   between two, or a text that is borrowed. */
void expect_whole(struct expectations *e, const char *path, uint64_t value);
void expect_real(struct expectations *e, const char *path, double value,
                 double step);
void expect_between(struct expectations *e, const char *path, double least,
                    double most);
void expect_text(struct expectations *e, const char *path, const char *text);

/* A text, "true" or "false", or a boolean. */
void expect_flag(struct expectations *e, const char *path, bool value);

/* Whatever was added from item `first` on may be wrong by so much. */
#define EXPECT_NOTHING 1e300 /* It may be anything. */
void expect_widen(struct expectations *e, size_t first, double slack);

/* A place in a report that nothing is expected of, and why. */
struct untold {
    const char *path; /* Of a figure, or of an object and all in it. */
    const char *why;
};

/*
 * Each number and text of the report is expected, and is as expected, or is
 * among the untold, which a NULL path ends; and all that is expected is there.
 * What is wrong is printed. Returns how much is.
 */
unsigned expect_judge(struct expectations *e, json_t *report,
                      const struct untold *untold, const char *name, FILE *out);

#endif /* TESTS_SHADOW_EXPECT_H */
