/*
 * condition.h - conditions on a figure of a report: "p99 > +5%",
 * "timed_out <= 1%", "virq.delay_ns.p99 < 1ms".
 */
#ifndef CLI_LAB_COMPARE_CONDITION_H
#define CLI_LAB_COMPARE_CONDITION_H

#include "cli/lab/compare/statistics.h"
#include "sim/report/figures.h"

/* A condition is FIGURE OPERATOR VALUE. */
enum condition_operator { LESS, LESS_OR_EQUAL, MORE, MORE_OR_EQUAL };

struct condition {
    const char *text; /* Borrowed; as it was written. */
    struct figure_ref figure;
    enum condition_operator relation;
    double value;    /* In the figure's unit, or a fraction if is_percent. */
    bool is_percent; /* The value has a % sign. */
    bool is_signed;  /* The value has a + or - sign. */
};

#define CONDITION_MESSAGE_BYTES 512
#define CONDITION_LIMIT         16

/* Those of a call, in its order. */
struct conditions {
    struct condition items[CONDITION_LIMIT];
    size_t count;
};

/* Reads a condition. False: `message` says why not. */
SIM_MUST_USE bool condition_parse(const char *text, struct condition *c,
                                  char message[CONDITION_MESSAGE_BYTES]);

/* Reads one more of a struct conditions; a cli_read_fn. */
bool conditions_read(const char *text, void *at,
                     char message[CONDITION_MESSAGE_BYTES]);

/* Finds the value that is tested: a change, a difference, or B's own. False: it
   is a change in per cent, from 0. */
SIM_MUST_USE bool condition_value(const struct condition *c,
                                  const struct difference *d, double *value);

bool condition_holds(const struct condition *c, double value);

#endif /* CLI_LAB_COMPARE_CONDITION_H */
