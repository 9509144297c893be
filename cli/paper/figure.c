/* figure.c - see figure.h. It fills in what `iksim plot` reads from runs. */
#include "cli/paper/figure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/experiment/plot.h"

#define PATH_BYTES 4096

/* The points that there are. Their texts are borrowed: plot_clear is not for
   this one. */
static size_t fill_points(const struct grid *g, struct plot_point *points)
{
    const struct claim_view *v = &g->view;
    size_t count = 0;
    for (uint32_t s = 0; s < v->series_count; s++) {
        for (uint32_t i = 0; i < v->x_count; i++) {
            if (!g->points[s][i].report) {
                continue;
            }
            points[count++] = (struct plot_point){
                .x = (char *)(uintptr_t)v->x_text[i],
                .by = (char *)(uintptr_t)g->claim->series[s].name,
                .x_value = v->x[i],
                .mean = claim_value(v, s, i),
                .count = 1,
            };
        }
    }
    return count;
}

static bool draw(const struct row *row, const char *folder, const char *suffix)
{
    const struct claim *c = row->claim;
    struct plot_point points[CLAIM_SERIES_LIMIT * CLAIM_X_LIMIT];
    struct plot_options options = {
        .x = c->axis.name,
        .y = c->measure[0].name,
        .by = c->series[1].name ? "series" : NULL,
        .has_log_x = c->axis.is_log,
    };
    struct plot p = {
        .options = &options,
        .points = points,
        .count = fill_points(row->main, points),
        .x_axis = { .is_number = true, .scale = 1, .unit = "" },
        .y_axis = { .is_number = true, .scale = 1, .unit = c->measure[0].unit },
        .seeds_min = 1,
        .seeds_max = 1,
    };
    snprintf(p.base, sizeof(p.base), "%s", c->name);
    char path[PATH_BYTES];
    int n = snprintf(path, sizeof(path), "%s/%s.%s", folder, c->name, suffix);
    if (n <= 0 || n >= PATH_BYTES) {
        cli_complain("the folder's name is too long");
        return false;
    }
    return p.count == 0 || plot_draw(&p, path);
}

bool figure_draw(const struct row *row, const char *folder)
{
    if (!row->claim->base) {
        return true;
    }
    return draw(row, folder, "svg") && draw(row, folder, "png");
}
