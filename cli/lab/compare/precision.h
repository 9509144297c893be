/*
 * precision.h - `iksim run --until 'p99 +-5%'`: adds seeds until the interval of
 * a figure's median over them is that narrow.
 *
 * To look at an interval again and again, and to stop where it happens to be
 * narrow, makes it hold the truth less often: one of 95 % at each look held it
 * in 91 to 94 of 100 synthetic experiments. So the first look is at ten seeds,
 * each further one at a quarter more, and each at an interval of 97 %, which
 * under this rule is one of 95 % (tests/compare/test_precision.c measures it).
 */
#ifndef CLI_LAB_COMPARE_PRECISION_H
#define CLI_LAB_COMPARE_PRECISION_H

#include "cli/lab/compare/condition.h"
#include "cli/lab/compare/statistics.h"

#define PRECISION_LOOK        0.97 /* The confidence at each look. */
#define PRECISION_SEEDS_FIRST 10
#define PRECISION_SEEDS_MOST  1000

struct precision {
    const char *text; /* Borrowed; as it was written. NULL: none is asked. */
    struct figure_ref figure;
    double share; /* Of the median, to either side. */
};

/* Reads FIGURE +-N%, or FIGURE ±N%. False: `message` says why not. */
SIM_MUST_USE bool precision_parse(const char *text, struct precision *p,
                                  char message[CONDITION_MESSAGE_BYTES]);

/* Returns at how many seeds to look after `count`, of which 0 is the
   beginning. */
size_t precision_next(size_t count);

/* Estimates the median of the values, which are sorted, and says whether the
   interval is narrow enough. */
bool precision_is_met(const struct precision *p, double *values, size_t count,
                      struct estimate *e);

/* What is run: the arguments of `iksim run`, borrowed. */
struct precision_call {
    const struct precision *precision;
    const char *path;
    const char *const *sets;
    uint32_t set_count;
    bool json;
};

/* Runs seed after seed, and prints the figure. Returns the exit code: 1 if
   PRECISION_SEEDS_MOST are too few. */
int precision_run(const struct precision_call *call);

#endif /* CLI_LAB_COMPARE_PRECISION_H */
