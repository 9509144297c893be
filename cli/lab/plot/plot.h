/*
 * plot.h - what `iksim plot` draws: means over seeds, as lines.
 */
#ifndef CLI_LAB_PLOT_PLOT_H
#define CLI_LAB_PLOT_PLOT_H

#include <stdio.h>

#include "cli/lab/sweep/database.h"
#include "sim/steady/tally.h"

#define PLOT_WHERE_LIMIT 32
#define PLOT_NAME_BYTES  192

struct plot_where {
    const char *items[PLOT_WHERE_LIMIT]; /* KEY=VALUE */
    uint32_t count;
};

struct plot_options {
    const char *x;  /* A key of scenarios, `name`, or a figure. */
    const char *y;  /* A figure. */
    const char *by; /* NULL: one line. */
    struct plot_where where;
    bool has_log_x, has_log_y;
};

/* What an axis shows: values divided by `scale`, in `unit`. */
struct plot_axis {
    bool is_number; /* False: words, in order of appearance. */
    double scale;
    const char *unit; /* "" when there is none. */
};

struct plot_point {
    char *x, *by; /* Owned; values as text. If x is a figure, `x` holds all
                     settings. */
    double x_value;
    double by_value;   /* 0 if `by` is a word. */
    double mean, half; /* The interval is mean - half to mean + half. */
    double sum, squares;
    uint32_t count;
};

struct plot {
    const struct plot_options *options;
    struct plot_point *points; /* By line, then by x. */
    size_t count;
    struct plot_axis x_axis, y_axis;
    char x_name[PLOT_NAME_BYTES], y_name[PLOT_NAME_BYTES]; /* In words. */
    int64_t seeds_min, seeds_max; /* The fewest and the most runs of a point. */
    struct steady_tally steady;   /* Of all runs. */
    char base[128];               /* The scenario; "": there are several. */
};

/* Reads the runs and computes the points. Complains; plot_clear is allowed
   either way. */
SIM_MUST_USE bool plot_read(struct plot *p, struct database *db,
                            const struct plot_options *options);
void plot_clear(struct plot *p);

/* Writes the plot as a program for gnuplot, which draws into `path`; NULL: SVG
   on stdout. */
void plot_write(const struct plot *p, const char *path, FILE *file);

/* Has gnuplot draw the plot into `path`; NULL: SVG on stdout. Complains. */
SIM_MUST_USE bool plot_draw(const struct plot *p, const char *path);

#endif /* CLI_LAB_PLOT_PLOT_H */
