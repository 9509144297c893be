/*
 * plot.h - lines, stacked areas and bars as SVG inside a page.
 *
 * A plot is data; colours and fonts are the page's, by class
 * (cli/views/page/style.c), so that it can be read in light, in dark and on paper.
 */
#ifndef CLI_VIEWS_PAGE_PLOT_H
#define CLI_VIEWS_PAGE_PLOT_H

#include <stdio.h>

#include "sim/vocabulary/palette.h"

#define PLOT_SERIES_LIMIT 8
#define PLOT_BAND_LIMIT   8

struct plot_line {
    const char *name;
    const double *y; /* NAN: nothing to show there. */
    enum palette_color color;
};

/* A part of the x axis with a name: a phase of the run. */
struct plot_band {
    const char *name;
    double from, to;
    bool is_marked; /* Shaded: the one that counts. */
};

enum plot_unit {
    PLOT_NUMBER, /* As it is; a count, or a rate. */
    PLOT_NS,     /* Time. */
    PLOT_BYTES,
    PLOT_PERCENT,
};

enum plot_kind { PLOT_LINES, PLOT_STACK, PLOT_STEPS };

struct html_plot {
    const char *title;
    const char *x_name, *y_name; /* Without the unit. */
    enum plot_unit x_unit, y_unit;
    enum plot_kind kind;
    bool has_log_x,
        has_log_y;   /* Of y, what is not above 0 is then not shown. */
    double y_least;  /* The axis reaches at least that far; 0: by the data. */
    const double *x; /* Ascending. */
    size_t count;
    struct plot_line lines[PLOT_SERIES_LIMIT];
    uint32_t line_count;
    struct plot_band bands[PLOT_BAND_LIMIT];
    uint32_t band_count;
};

/* A <figure>; with nothing to show it says so. */
void html_plot_write(FILE *file, const struct html_plot *p);

#endif /* CLI_VIEWS_PAGE_PLOT_H */
