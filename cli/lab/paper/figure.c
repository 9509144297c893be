/* figure.c - see figure.h. The plot is filled in as `iksim plot` fills it in
   from runs. */
#define _POSIX_C_SOURCE 200809L
#include "cli/lab/paper/figure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/lab/plot/plot.h"

#define PATH_BYTES 4096

struct figure_plot {
    const struct row *row;
    struct plot plot;
    struct plot_mark marks[CLAIM_MARK_LIMIT];
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

static void add_measured(struct figure_plot *f)
{
    const struct grid *g = f->row->main;
    for (uint32_t s = 0; s < g->view.series_count; s++) {
        for (uint32_t i = 0; i < g->view.x_count; i++) {
            if (g->points[s][i].report) {
                set_value(add_point(f, g->claim->series[s].name, PLOT_MEASURED,
                                    &g->view, i),
                          claim_value(&g->view, s, i));
            }
        }
    }
}

/* ---- What the paper states ---------------------------------------------- */

static void add_multiple(struct figure_plot *f, const struct claim_mark *m,
                         double factor)
{
    const struct grid *g = f->row->main;
    for (uint32_t i = 0; i < g->view.x_count; i++) {
        if (g->points[m->series][i].report) {
            set_value(add_point(f, m->label, PLOT_GIVEN, &g->view, i),
                      factor * claim_value(&g->view, m->series, i));
        }
    }
}

static void add_marks(struct figure_plot *f)
{
    const struct claim_mark *marks = f->row->claim->mark;
    for (uint32_t i = 0; i < CLAIM_MARK_LIMIT && marks[i].label; i++) {
        const struct claim_mark *m = &marks[i];
        if (m->kind == CLAIM_TIMES) {
            add_multiple(f, m, m->low);
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

static bool draw(const struct row *row, const char *folder, const char *suffix)
{
    const struct claim *c = row->claim;
    struct plot_options options = {
        .x = c->axis.name,
        .y = c->measure[0].name,
        .by = c->series[1].name ? "series" : NULL,
        .has_log_x = c->axis.is_log,
    };
    struct figure_plot f = { .row = row, .is_whole = true };
    struct plot *p = &f.plot;
    *p = (struct plot){
        .options = &options,
        .x_axis = { .is_number = true, .scale = 1, .unit = "" },
        .y_axis = { .is_number = true, .scale = 1, .unit = c->measure[0].unit },
        .seeds_min = 1,
        .seeds_max = 1,
        .marks = f.marks,
    };
    snprintf(p->base, sizeof(p->base), "%s", c->name);
    snprintf(p->x_name, sizeof(p->x_name), "%s", c->axis.name);
    snprintf(p->y_name, sizeof(p->y_name), "%s", c->measure[0].name);
    add_measured(&f);
    bool has_any = p->count > 0;
    add_marks(&f);
    char path[PATH_BYTES];
    int n = snprintf(path, sizeof(path), "%s/%s.%s", folder, c->name, suffix);
    bool is_good = f.is_whole;
    if (!is_good) {
        cli_complain("out of memory for the picture");
    } else if (n <= 0 || n >= PATH_BYTES) {
        cli_complain("the folder's name is too long");
        is_good = false;
    } else if (has_any) {
        is_good = plot_draw(p, path);
    }
    plot_clear(p);
    return is_good;
}

bool figure_draw(const struct row *row, const char *folder)
{
    if (!row->claim->base) {
        return true;
    }
    return draw(row, folder, "svg") && draw(row, folder, "png");
}
