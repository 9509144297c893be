/*
 * plot.h - draws lines, stacked areas and steps as SVG inside a page.
 *
 * A plot is data; its colours and fonts come from the page, by class
 * (cli/views/page/style.c), so that it can be read in light, in dark and on
 * paper.
 */
#ifndef CLI_VIEWS_PAGE_PLOT_H
#define CLI_VIEWS_PAGE_PLOT_H

#include <stdio.h>

#include "sim/vocabulary/palette.h"

#define PLOT_SERIES_LIMIT 8
#define PLOT_BAND_LIMIT   8

struct plot_line {
    const char *name;
    const double *y; /* NAN: there is no value. */
    enum palette_color color;
};

/* A part of the x axis with a name: a phase of the run. */
struct plot_band {
    const char *name;
    double from, to;
    bool is_marked; /* The band is shaded: it is the measured window. */
};

enum plot_unit {
    PLOT_NUMBER, /* A count, or a rate. */
    PLOT_NS,     /* Time. */
    PLOT_BYTES,
    PLOT_PERCENT,
};

enum plot_kind { PLOT_LINES, PLOT_STACK, PLOT_STEPS };

struct html_plot {
    const char *title;
    const char *x_name, *y_name; /* The units are added. */
    enum plot_unit x_unit, y_unit;
    enum plot_kind kind;
    bool has_log_x;
    bool has_log_y;  /* Values that are not above 0 are not shown. */
    double y_least;  /* The axis of y ends here or beyond. */
    const double *x; /* Ascending. */
    size_t count;
    struct plot_line lines[PLOT_SERIES_LIMIT];
    uint32_t line_count;
    struct plot_band bands[PLOT_BAND_LIMIT];
    uint32_t band_count;
};

/* Writes a <figure>, which says so if there is nothing to show. */
void html_plot_write(FILE *file, const struct html_plot *p);

#endif /* CLI_VIEWS_PAGE_PLOT_H */
