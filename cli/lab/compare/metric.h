/*
 * metric.h - the figures of a report that runs are compared by, and conditions
 * on them: "p99 > +5%", "timed_out <= 1%".
 */
#ifndef CLI_LAB_COMPARE_METRIC_H
#define CLI_LAB_COMPARE_METRIC_H

#include <jansson.h>

#include "sim/base.h"

enum metric_unit { METRIC_COUNT, METRIC_RATE, METRIC_TIME, METRIC_INDEX };

struct metric {
    const char *name;
    const char *section; /* Of the report; */
    const char *part;    /* an object in it, or NULL; */
    const char *key;     /* and the number. */
    enum metric_unit unit;
    const char *summary;
};

/* Ended by a NULL name, in the order in which they are shown. */
extern const struct metric metrics[];

#define METRIC_LIMIT 16 /* There are fewer. */

/* NULL: there is none of that name. */
const struct metric *metric_find(const char *name);

/* False: the report has no such number. Times are in nanoseconds. */
SIM_MUST_USE bool metric_read(const struct metric *metric, const json_t *report,
                              double *value);

#define METRIC_TEXT_BYTES 32

/* With its unit, four digits: "1.234 ms", "2,006". */
void metric_write(const struct metric *metric, double value,
                  char text[METRIC_TEXT_BYTES]);

/* METRIC OPERATOR VALUE. */
enum condition_operator { LESS, LESS_OR_EQUAL, MORE, MORE_OR_EQUAL };

struct condition {
    const char *text; /* Borrowed; as it was written. */
    const struct metric *metric;
    enum condition_operator relation;
    double value;    /* In the metric's unit; of a per cent, a hundredth. */
    bool is_percent; /* The value has a % sign; */
    bool is_signed;  /* a + or - before it. */
};

#define CONDITION_MESSAGE_BYTES 512
#define CONDITION_LIMIT         16

/* False: one sentence in `message`. */
SIM_MUST_USE bool condition_parse(const char *text, struct condition *c,
                                  char message[CONDITION_MESSAGE_BYTES]);

bool condition_holds(const struct condition *c, double value);

#endif /* CLI_LAB_COMPARE_METRIC_H */
