/* claim.c - see claim.h: finds claims, and reads what their rules look at. */
#include "cli/lab/paper/claim.h"

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

double claim_value(const struct claim_view *v, uint32_t series, uint32_t x)
{
    SIM_ASSERT(series < v->series_count && x < v->x_count);
    return claim_measure(&v->claim->measure[0], v->reports[series][x]);
}

uint32_t claim_place(const struct claim_view *v, double x)
{
    uint32_t place = 0;
    while (place + 1 < v->x_count && v->x[place] < x) {
        place++;
    }
    return place;
}
