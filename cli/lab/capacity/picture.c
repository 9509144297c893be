/* picture.c - see picture.h. */
#define _POSIX_C_SOURCE 200809L
#include "cli/lab/capacity/picture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/lab/plot/plot.h"

#define TITLE_BYTES 160

/* Beyond this ratio of the greatest to the least value, what is near the
   objective would lie on the axis. */
#define RATIO_LIMIT 30

/* False: out of memory. */
static bool add_point(struct plot *p, const struct hunt *h,
                      const struct curve_point *from)
{
    struct estimate e;
    if (!curve_is_whole(&h->curve, from) ||
        !curve_estimate(&h->curve, from, 0, &e)) {
        return true;
    }
    struct plot_point *to = &p->points[p->count++];
    *to = (struct plot_point){
        .x = strdup(from->value),
        .by = strdup("median"),
        .value = e.value,
        .low = e.has_interval ? e.low : e.value,
        .high = e.has_interval ? e.high : e.value,
        .count = h->curve.seed_count,
    };
    for (uint32_t i = 0; i < h->curve.seed_count; i++) {
        steady_tally_add(&p->steady, from->runs[i].result.report);
    }
    return to->x && to->by;
}

/* False: complained. */
static bool fill(struct plot *p, const struct hunt *h)
{
    bool is_good = true;
    p->points = calloc(h->curve.count + 1, sizeof(*p->points));
    for (size_t i = 0; p->points && is_good && i < h->curve.count; i++) {
        is_good = add_point(p, h, &h->curve.points[i]);
    }
    if (!p->points || !is_good) {
        cli_complain("out of memory for the picture");
        return false;
    }
    if (p->count == 0) {
        cli_complain("there is nothing to draw: no run came to a report");
    }
    return p->count > 0;
}

static bool is_logarithmic(const struct plot *p, double limit)
{
    double least = limit;
    double most = limit;
    for (size_t i = 0; i < p->count; i++) {
        least = fmin(least, p->points[i].value);
        most = fmax(most, p->points[i].value);
    }
    return least > 0 && most > RATIO_LIMIT * least;
}

bool picture_draw(const struct hunt *h, struct plot_drawer *d)
{
    const struct condition *o = &h->curve.objectives[0];
    char title[TITLE_BYTES];
    const double least = ladder_value(h->ladder, 0);
    double confidence;
    struct estimate e;
    hunt_estimate(h, &e, &confidence);
    struct plot_options options = { .x = h->key };
    struct plot_mark marks[] = {
        { .label = o->text, .low = o->value, .high = o->value },
        { .label = "capacity", .is_x = true, .low = e.low, .high = e.high },
    };
    struct plot p = {
        .options = &options,
        .title = title,
        .marks = marks,
        .mark_count = e.has_interval && e.high >= least ? 2 : 1,
    };
    marks[1].low = fmax(e.low, least);
    snprintf(title, sizeof(title),
             "medians over %u seeds, and their intervals; capacity: interval "
             "of %.1f %%",
             h->curve.seed_count, 100 * confidence);
    bool is_good = fill(&p, h);
    if (is_good) {
        plot_name_axes(&p, o->figure);
        if (o->is_percent) {
            p.y_axis = (struct plot_axis){ true, 0.01, "% of all requests" };
        }
        options.has_log_y = is_logarithmic(&p, o->value);
        is_good = plot_drawer_end(d, &p);
    }
    plot_clear(&p);
    return is_good;
}
