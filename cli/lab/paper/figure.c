/* figure.c - see figure.h. The plot is filled in as `iksim plot` fills it in
   from runs. */
#define _POSIX_C_SOURCE 200809L
#include "cli/lab/paper/figure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/lab/plot/plot.h"

#define PATH_BYTES  4096
#define TITLE_BYTES 128
#define LABEL_BYTES 128

struct figure_plot {
    const struct row *row;
    struct plot plot;
    struct plot_mark marks[CLAIM_MARK_LIMIT];
    uint32_t color[CLAIM_SERIES_LIMIT]; /* The measured line of a series. */
    char title[TITLE_BYTES];
    bool is_whole; /* False: out of memory. */
};

/* ---- Points ------------------------------------------------------------- */

/* Returns the point, of which the caller sets the value; NULL: out of
   memory. */
static struct plot_point *add_point(struct figure_plot *f, const char *by,
                                    enum plot_style style,
                                    const struct claim_view *v, uint32_t x)
{
    struct plot *p = &f->plot;
    struct plot_point *points =
        realloc(p->points, (p->count + 1) * sizeof(*points));
    if (!points) {
        f->is_whole = false;
        return NULL;
    }
    p->points = points;
    struct plot_point *point = &points[p->count++];
    *point = (struct plot_point){ .x = strdup(v->x_text[x]),
                                  .by = strdup(by),
                                  .x_value = v->x[x],
                                  .style = style,
                                  .count = 1 };
    f->is_whole = f->is_whole && point->x && point->by;
    return point;
}

static void set_value(struct plot_point *point, double value)
{
    if (point) {
        point->value = point->low = point->high = value;
    }
}

static void add_estimate(struct figure_plot *f, const char *by,
                         const struct claim_view *v, uint32_t series,
                         uint32_t x)
{
    struct plot_point *point = add_point(f, by, PLOT_MEASURED, v, x);
    struct estimate e = claim_estimate(v, &v->claim->measure[0], series, x);
    set_value(point, e.value);
    if (point && e.has_interval) {
        point->low = e.low;
        point->high = e.high;
    }
}

static void add_measured(struct figure_plot *f)
{
    const struct grid *g = f->row->main;
    uint32_t lines = 0;
    for (uint32_t s = 0; s < g->view.series_count; s++) {
        size_t before = f->plot.count;
        for (uint32_t i = 0; i < g->view.x_count; i++) {
            if (points_has_all(g, s, i)) {
                add_estimate(f, g->claim->series[s].name, &g->view, s, i);
            }
        }
        f->color[s] = lines;
        lines += f->plot.count > before;
    }
}

/* What the series have with another quantum, of which the paper says
   nothing. */
static void add_variant(struct figure_plot *f, const struct grid *g)
{
    struct plot *p = &f->plot;
    char by[LABEL_BYTES];
    SIM_ASSERT(p->variant_count < PLOT_VARIANT_LIMIT);
    uint32_t variant = (uint32_t)p->variant_count;
    p->variants[p->variant_count++] = g->want.variant->name;
    for (uint32_t s = 0; s < g->view.series_count; s++) {
        snprintf(by, sizeof(by), "%s, %s", g->claim->series[s].name,
                 g->want.variant->name);
        for (uint32_t i = 0; i < g->view.x_count; i++) {
            if (points_has_all(g, s, i)) {
                struct plot_point *point =
                    add_point(f, by, PLOT_THIN, &g->view, i);
                set_value(point, claim_value(&g->view, s, i));
                if (point) {
                    point->color = f->color[s];
                    point->variant = variant;
                }
            }
        }
    }
}

static void add_variants(struct figure_plot *f)
{
    const struct row *row = f->row;
    for (uint32_t i = 0; i < row->variant_count; i++) {
        if (row->claim->hangs_on_quantum &&
            claim_varies_quantum(row->variants[i]->want.variant)) {
            add_variant(f, row->variants[i]);
        }
    }
}

static void add_missing(struct figure_plot *f)
{
    const struct grid *g = f->row->main;
    for (uint32_t s = 0; s < g->view.series_count; s++) {
        for (uint32_t i = 0; i < g->view.x_count; i++) {
            if (!points_has_all(g, s, i)) {
                add_point(f, "no result yet", PLOT_MISSING, &g->view, i);
            }
        }
    }
}

/* ---- What the paper states ---------------------------------------------- */

static void add_relative(struct figure_plot *f, const struct claim_mark *m)
{
    const struct grid *g = f->row->main;
    for (uint32_t i = 0; i < g->view.x_count; i++) {
        if (points_has_all(g, m->series, i)) {
            double of = claim_value(&g->view, m->series, i);
            set_value(add_point(f, m->label, PLOT_GIVEN, &g->view, i),
                      m->kind == CLAIM_TIMES ? m->low * of : m->low + of);
        }
    }
}

static void add_marks(struct figure_plot *f)
{
    const struct claim_mark *marks = f->row->claim->mark;
    for (uint32_t i = 0; i < CLAIM_MARK_LIMIT && marks[i].label; i++) {
        const struct claim_mark *m = &marks[i];
        if (m->kind == CLAIM_TIMES || m->kind == CLAIM_PLUS) {
            add_relative(f, m);
            continue;
        }
        f->marks[f->plot.mark_count++] =
            (struct plot_mark){ .label = m->label,
                                .is_x = m->kind == CLAIM_AT_X,
                                .low = m->low,
                                .high = m->high };
    }
}

/* ---- The whole ---------------------------------------------------------- */

/* Of one seed the plot says itself that there are no intervals. */
static void write_title(struct figure_plot *f)
{
    const struct grid *g = f->row->main;
    const struct points_tally *t = &f->row->judged.tally;
    const char *name = g->claim->name;
    if (t->made < t->planned) {
        snprintf(f->title, TITLE_BYTES, "%s: incomplete: %u of %u runs", name,
                 t->made, t->planned);
    } else if (g->view.seed_count > 1) {
        snprintf(f->title, TITLE_BYTES,
                 "%s: medians of %u seeds, with their intervals (%.3g %%)",
                 name, g->view.seed_count,
                 claim_coverage(g->view.seed_count) * 100);
    } else {
        return;
    }
    f->plot.title = f->title;
}

static void fill(struct figure_plot *f)
{
    const struct claim *c = f->row->claim;
    struct plot *p = &f->plot;
    p->marks = f->marks;
    p->steady = f->row->judged.tally.steady;
    snprintf(p->base, sizeof(p->base), "%s", c->name);
    snprintf(p->x_name, sizeof(p->x_name), "%s", c->axis.name);
    snprintf(p->y_name, sizeof(p->y_name), "%s", c->measure[0].name);
    add_measured(f);
    if (p->count > 0) {
        add_variants(f);
        add_marks(f);
        add_missing(f);
        write_title(f);
    }
}

static bool draw(const struct row *row, const char *folder, const char *suffix)
{
    const struct claim *c = row->claim;
    struct plot_options options = {
        .x = c->axis.name,
        .y = c->measure[0].name,
        .by = c->series[1].name ? "series" : NULL,
        .has_log_x = c->axis.is_log,
    };
    struct figure_plot f = {
        .row = row,
        .is_whole = true,
        .plot = { .options = &options,
                  .x_axis = { .is_number = true, .scale = 1, .unit = "" },
                  .y_axis = { .is_number = true,
                              .scale = 1,
                              .unit = c->measure[0].unit },
                  .seeds_min = 1,
                  .seeds_max = 1 },
    };
    fill(&f);
    char path[PATH_BYTES];
    int n = snprintf(path, sizeof(path), "%s/%s.%s", folder, c->name, suffix);
    bool is_good = f.is_whole;
    if (!is_good) {
        cli_complain("out of memory for the picture");
    } else if (n <= 0 || n >= PATH_BYTES) {
        cli_complain("the folder's name is too long");
        is_good = false;
    } else if (f.plot.count > 0) {
        is_good = plot_draw(&f.plot, path);
    }
    plot_clear(&f.plot);
    return is_good;
}

bool figure_draw(const struct row *row, const char *folder)
{
    if (!row->claim->base) {
        return true;
    }
    return draw(row, folder, "svg") && draw(row, folder, "png");
}
