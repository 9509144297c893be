/* claim.c - see claim.h: finds claims, and reads what their rules look at. */
#include "cli/lab/paper/claim.h"

#include <math.h>
#include <string.h>

const struct claim *claim_find(const char *name)
{
    for (const struct claim *c = claim_first(); c; c = claim_next(c)) {
        if (strcmp(c->name, name) == 0) {
            return c;
        }
    }
    return NULL;
}

const char *claim_kind_name(enum claim_kind kind)
{
    static const char *const names[] = { "input", "derived", "emergent",
                                         "unstated" };
    return names[kind];
}

double claim_group_figure(const json_t *report, uint32_t group,
                          enum figure_id id)
{
    double value = 0;
    bool is_there =
        figure_read(report, (struct figure_ref){ id, group }, &value);
    SIM_ASSERT(is_there);
    return value;
}

double claim_figure(const json_t *report, enum figure_id id)
{
    return claim_group_figure(report, 0, id);
}

double claim_measure(const struct claim_measure *m, const json_t *report)
{
    return m->read ? m->read(report)
                   : claim_figure(report, m->figure) / m->scale;
}

/* ---- Over seeds --------------------------------------------------------- */

/* What is computed of a point, for one of its seeds. */
struct reading {
    const struct claim_view *view;
    uint32_t series, x;
    const struct claim_measure *measure;
    claim_read_fn *read;
    claim_view_fn *compute;
    enum figure_id figure;
};

typedef double reading_fn(const struct reading *r, uint32_t seed);

static struct estimate estimate(const struct reading *r, reading_fn *compute)
{
    const struct claim_view *v = r->view;
    double values[CLAIM_SEEDS_LIMIT];
    SIM_ASSERT(r->series < v->series_count && r->x < v->x_count);
    SIM_ASSERT(v->seed_count > 0 && v->seed_count <= CLAIM_SEEDS_LIMIT);
    for (uint32_t i = 0; i < v->seed_count; i++) {
        values[i] = compute(r, i);
    }
    struct estimate e = { .value = values[0], .is_defined = true };
    if (v->seed_count > 1) {
        median_estimate(values, v->seed_count, STATISTICS_CONFIDENCE, &e);
    }
    return e;
}

static const json_t *report_of(const struct reading *r, uint32_t series,
                               uint32_t seed)
{
    return r->view->reports[series][r->x][seed];
}

static double read_at(const struct reading *r, uint32_t seed)
{
    return r->read(report_of(r, r->series, seed));
}

static double figure_at(const struct reading *r, uint32_t seed)
{
    return claim_figure(report_of(r, r->series, seed), r->figure);
}

static double measure_at(const struct reading *r, uint32_t seed)
{
    return claim_measure(r->measure, report_of(r, r->series, seed));
}

static double ratio_at(const struct reading *r, uint32_t seed)
{
    return claim_measure(r->measure, report_of(r, 0, seed)) /
           fmax(1e-9, claim_measure(r->measure, report_of(r, r->series, seed)));
}

static double excess_at(const struct reading *r, uint32_t seed)
{
    return r->read(report_of(r, 1, seed)) - r->read(report_of(r, 0, seed));
}

double claim_read(const struct claim_view *v, uint32_t series, uint32_t x,
                  claim_read_fn *read)
{
    struct reading r = { .view = v, .series = series, .x = x, .read = read };
    return estimate(&r, read_at).value;
}

double claim_median(const struct claim_view *v, uint32_t series, uint32_t x,
                    enum figure_id id)
{
    struct reading r = { .view = v, .series = series, .x = x, .figure = id };
    return estimate(&r, figure_at).value;
}

struct estimate claim_estimate(const struct claim_view *v,
                               const struct claim_measure *m, uint32_t series,
                               uint32_t x)
{
    struct reading r = { .view = v, .series = series, .x = x, .measure = m };
    return estimate(&r, measure_at);
}

double claim_value(const struct claim_view *v, uint32_t series, uint32_t x)
{
    return claim_estimate(v, &v->claim->measure[0], series, x).value;
}

struct estimate claim_ratio(const struct claim_view *v, uint32_t over,
                            uint32_t x)
{
    const struct claim_measure *m = &v->claim->measure[0];
    struct reading r = { .view = v, .series = over, .x = x, .measure = m };
    return estimate(&r, ratio_at);
}

struct estimate claim_excess(const struct claim_view *v, uint32_t x,
                             claim_read_fn *read)
{
    struct reading r = { .view = v, .x = x, .read = read };
    return estimate(&r, excess_at);
}

static double view_at(const struct reading *r, uint32_t seed)
{
    struct claim_view one;
    claim_take_seed(r->view, seed, &one);
    return r->compute(&one);
}

struct estimate claim_each(const struct claim_view *v, claim_view_fn *compute)
{
    struct reading r = { .view = v, .compute = compute };
    return estimate(&r, view_at);
}

double claim_coverage(uint32_t seed_count)
{
    struct sample s = { .a_count = seed_count,
                        .b_count = seed_count,
                        .is_paired = true };
    return statistics_most_coverage(&s);
}

void claim_take_seed(const struct claim_view *v, uint32_t seed,
                     struct claim_view *one)
{
    *one = *v;
    one->seed_count = 1;
    for (uint32_t s = 0; s < v->series_count; s++) {
        for (uint32_t i = 0; i < v->x_count; i++) {
            one->reports[s][i][0] = v->reports[s][i][seed];
        }
    }
}

/* ---- The axis ----------------------------------------------------------- */

uint32_t claim_place(const struct claim_view *v, double x)
{
    uint32_t place = 0;
    while (place + 1 < v->x_count && v->x[place] < x) {
        place++;
    }
    return place;
}
