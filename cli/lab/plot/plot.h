/*
 * plot.h - what `iksim plot` and `iksim paper` draw: values over seeds, as
 * lines, and what is given beside them.
 */
#ifndef CLI_LAB_PLOT_PLOT_H
#define CLI_LAB_PLOT_PLOT_H

#include <stdio.h>
#include <sys/types.h>

#include "cli/lab/sweep/database.h"
#include "sim/report/figures.h"
#include "sim/steady/tally.h"

#define PLOT_WHERE_LIMIT   32
#define PLOT_NAME_BYTES    192
#define PLOT_VARIANT_LIMIT 4 /* As many kinds of dashes. */

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

/* How a line is drawn, which all of its points say. */
enum plot_style {
    PLOT_MEASURED, /* With symbols, and intervals. */
    PLOT_THIN,     /* A variant of a measured line, in that line's colour. */
    PLOT_GIVEN,    /* Dashed: nobody measured that here. */
    PLOT_MISSING,  /* Crosses at the bottom: there is no value at these x. */
};

struct plot_point {
    char *x, *by; /* Owned; values as text. If x is a figure, `x` holds all
                     settings. */
    double x_value;
    double by_value; /* 0 if `by` is a word. */
    double value;
    double low, high; /* The interval; both are the value if there is none. */
    double sum, squares;
    uint32_t count;
    enum plot_style style;
    uint32_t color; /* PLOT_THIN: that of the measured line with this number; */
    uint32_t variant; /* which of plot.variants it is. */
};

/* A value that was stated elsewhere, as a line across the plot, or a band. */
struct plot_mark {
    const char *label; /* Borrowed. */
    bool is_x;         /* False: a value of y. */
    double low, high;  /* As values of points are; equal: a line. */
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
    const char *title; /* NULL: the scenario, and how many seeds there are. */
    const struct plot_mark *marks; /* Borrowed. */
    size_t mark_count;
    const char
        *variants[PLOT_VARIANT_LIMIT]; /* Names of PLOT_THIN; borrowed. */
    size_t variant_count;
};

/* Reads the runs and computes the points. Complains; plot_clear is allowed
   either way. */
SIM_MUST_USE bool plot_read(struct plot *p, struct database *db,
                            const struct plot_options *options);
void plot_clear(struct plot *p);

/* Names the axes of a plot of a figure over a key, options->x, and places its
   points by their texts. */
void plot_name_axes(struct plot *p, struct figure_ref y);

/* Writes the plot as a program for gnuplot, which draws into `path`; NULL: SVG
   on stdout. */
void plot_write(const struct plot *p, const char *path, FILE *file);

/*
 * A process that waits to draw one plot into `path` (NULL: SVG on stdout): to be
 * started before a sandbox closes, in which neither files are opened nor is
 * gnuplot started. Complains.
 */
struct plot_drawer {
    const char *path; /* Borrowed. */
    pid_t pid;        /* 0: there is none. */
    int fd;           /* It reads gnuplot's program from here. */
};

SIM_MUST_USE bool plot_drawer_start(struct plot_drawer *d, const char *path);
/* Has it draw the plot, if there is one, and waits for its end. False: nothing is
   drawn. Complains. */
bool plot_drawer_end(struct plot_drawer *d, const struct plot *p);

/* Has gnuplot draw the plot into `path`; NULL: SVG on stdout. Complains. */
SIM_MUST_USE bool plot_draw(const struct plot *p, const char *path);

#endif /* CLI_LAB_PLOT_PLOT_H */
