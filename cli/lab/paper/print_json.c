/* print_json.c - prints the rows as JSON; see print.h. */
#include "cli/lab/paper/print.h"

#include <stdio.h>

#include "cli/cli.h"

static json_t *json_interval(const struct estimate *e)
{
    return e->has_interval ? json_pack("[f, f]", e->low, e->high) : json_null();
}

/* What one seed has. */
static json_t *json_seed(const struct grid *g, uint32_t series, uint32_t x,
                         uint32_t seed)
{
    const struct claim *c = g->claim;
    const json_t *report = g->points[series][x][seed].report;
    json_t *object = json_object();
    for (uint32_t m = 0; m < CLAIM_MEASURE_LIMIT && c->measure[m].name; m++) {
        json_object_set_new(object, c->measure[m].name,
                            json_real(claim_measure(&c->measure[m], report)));
    }
    json_object_set_new(object, "latency_ns",
                        json_deep_copy(json_object_get(
                            json_object_get(report, "load"), "latency_ns")));
    json_object_set_new(object, "steady",
                        json_deep_copy(json_object_get(
                            json_object_get(report, "steady"), "class")));
    json_object_set_new(object, "fingerprint",
                        json_deep_copy(json_object_get(report, "fingerprint")));
    return object;
}

static json_t *json_point(const struct grid *g, uint32_t series, uint32_t x)
{
    const struct claim *c = g->claim;
    json_t *object = json_pack("{s:s, s:s}", "series", c->series[series].name,
                               "x", g->view.x_text[x]);
    json_t *intervals = json_object();
    json_t *seeds = json_array();
    for (uint32_t i = 0; i < g->view.seed_count; i++) {
        const struct point *point = &g->points[series][x][i];
        if (!point->report) {
            json_object_set_new(object, "no_result",
                                json_string(point->why ? point->why : ""));
        } else {
            json_array_append_new(seeds, json_seed(g, series, x, i));
        }
    }
    bool is_whole = points_has_all(g, series, x);
    for (uint32_t m = 0;
         is_whole && m < CLAIM_MEASURE_LIMIT && c->measure[m].name; m++) {
        struct estimate e = claim_estimate(&g->view, &c->measure[m], series, x);
        json_object_set_new(object, c->measure[m].name, json_real(e.value));
        json_object_set_new(intervals, c->measure[m].name, json_interval(&e));
    }
    json_object_set_new(object, "intervals", intervals);
    json_object_set_new(object, "seeds", seeds);
    return object;
}

static void add_ratios(const struct grid *g, uint32_t over, json_t *array)
{
    for (uint32_t i = 0; i < g->view.x_count; i++) {
        if (points_has_all(g, 0, i) && points_has_all(g, over, i)) {
            struct estimate e = claim_ratio(&g->view, over, i);
            json_array_append_new(array,
                                  json_pack("{s:s, s:s, s:f, s:o}", "over",
                                            g->claim->series[over].name, "x",
                                            g->view.x_text[i], "ratio", e.value,
                                            "interval", json_interval(&e)));
        }
    }
}

/* The first series by each of the others, seed by seed. */
static json_t *json_ratios(const struct grid *g)
{
    json_t *array = json_array();
    uint32_t count = g->claim->is_ratio ? g->view.series_count : 0;
    for (uint32_t s = 1; s < count; s++) {
        add_ratios(g, s, array);
    }
    return array;
}

static json_t *json_grid(const struct grid *g)
{
    json_t *array = json_array();
    for (uint32_t s = 0; s < g->view.series_count; s++) {
        for (uint32_t i = 0; i < g->view.x_count; i++) {
            json_array_append_new(array, json_point(g, s, i));
        }
    }
    return array;
}

/* What the paper states, as it is drawn. */
static json_t *json_marks(const struct claim *c)
{
    static const char *const kinds[] = { "y", "x", "times", "plus" };
    json_t *array = json_array();
    for (uint32_t i = 0; i < CLAIM_MARK_LIMIT && c->mark[i].label; i++) {
        const struct claim_mark *m = &c->mark[i];
        json_t *object =
            json_pack("{s:s, s:s, s:f, s:f}", "label", m->label, "of",
                      kinds[m->kind], "low", m->low, "high", m->high);
        if (m->kind == CLAIM_TIMES || m->kind == CLAIM_PLUS) {
            json_object_set_new(object, "series",
                                json_string(c->series[m->series].name));
        }
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *json_judged(const struct judged *j)
{
    return json_pack(
        "{s:s?, s:s, s:i, s:i, s:i, s:i, s:o}", "verdict",
        j->verdict == VERDICT_NONE ? NULL : verdict_name(j->verdict), "ours",
        j->judgement.ours, "seeds", (int)j->seeds, "seeds_holding",
        (int)j->holding, "runs", (int)j->tally.planned, "runs_made",
        (int)j->tally.made, "windows", steady_tally_to_json(&j->tally.steady));
}

static json_t *json_row(const struct row *row)
{
    const struct claim *c = row->claim;
    json_t *object = json_judged(&row->judged);
    json_t *about =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s?, s:s?}", "name", c->name,
                  "node", c->node, "claim", c->claim, "paper", c->paper, "kind",
                  claim_kind_name(c->kind), "suggested_by", c->suggested_by,
                  "rule", c->rule);
    json_object_update(object, about);
    json_decref(about);
    json_object_set_new(object, "coverage",
                        row->judged.seeds > 1
                            ? json_real(claim_coverage(row->judged.seeds))
                            : json_null());
    json_object_set_new(object, "stated", json_marks(c));
    json_object_set_new(object, "points", json_grid(row->main));
    json_object_set_new(object, "ratios", json_ratios(row->main));
    if (row->open) {
        json_object_set_new(object, "open_loop", json_grid(row->open));
    }
    json_t *variants = json_array();
    for (uint32_t i = 0; i < row->variant_count; i++) {
        json_t *variant = json_judged(&row->variants_judged[i]);
        json_object_set_new(variant, "variant",
                            json_string(row->variants[i]->want.variant->name));
        json_array_append_new(variants, variant);
    }
    json_object_set_new(object, "variants", variants);
    return object;
}

bool print_json(const struct rows *r)
{
    json_t *array = json_array();
    for (uint32_t i = 0; i < r->count; i++) {
        json_array_append_new(array, json_row(&r->items[i]));
    }
    bool is_good =
        array &&
        json_dumpf(array, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6)) == 0;
    putchar('\n');
    json_decref(array);
    if (!is_good) {
        cli_complain("out of memory for the table");
    }
    return is_good;
}
