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

/* Fills in the points that have a report. False: out of memory. */
static bool fill_points(const struct grid *g, struct plot *p)
{
    const struct claim_view *v = &g->view;
    bool is_whole = true;
    p->points =
        calloc((size_t)v->series_count * v->x_count + 1, sizeof(*p->points));
    for (uint32_t s = 0; p->points && s < v->series_count; s++) {
        for (uint32_t i = 0; i < v->x_count; i++) {
            if (!g->points[s][i].report) {
                continue;
            }
            struct plot_point *point = &p->points[p->count++];
            *point = (struct plot_point){
                .x = strdup(v->x_text[i]),
                .by = strdup(g->claim->series[s].name),
                .x_value = v->x[i],
                .mean = claim_value(v, s, i),
                .count = 1,
            };
            is_whole = is_whole && point->x && point->by;
        }
    }
    return p->points && is_whole;
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
    struct plot p = {
        .options = &options,
        .x_axis = { .is_number = true, .scale = 1, .unit = "" },
        .y_axis = { .is_number = true, .scale = 1, .unit = c->measure[0].unit },
        .seeds_min = 1,
        .seeds_max = 1,
    };
    snprintf(p.base, sizeof(p.base), "%s", c->name);
    snprintf(p.x_name, sizeof(p.x_name), "%s", c->axis.name);
    snprintf(p.y_name, sizeof(p.y_name), "%s", c->measure[0].name);
    char path[PATH_BYTES];
    int n = snprintf(path, sizeof(path), "%s/%s.%s", folder, c->name, suffix);
    bool is_good = fill_points(row->main, &p);
    if (!is_good) {
        cli_complain("out of memory for the picture");
    } else if (n <= 0 || n >= PATH_BYTES) {
        cli_complain("the folder's name is too long");
        is_good = false;
    } else if (p.count > 0) {
        is_good = plot_draw(&p, path);
    }
    plot_clear(&p);
    return is_good;
}

bool figure_draw(const struct row *row, const char *folder)
{
    if (!row->claim->base) {
        return true;
    }
    return draw(row, folder, "svg") && draw(row, folder, "png");
}
