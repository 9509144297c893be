/* print.c - see print.h. */
#include "cli/lab/paper/print.h"

#include <stdio.h>

#include "cli/cli.h"

/* ---- Lines --------------------------------------------------------------- */

void print_list(void)
{
    for (const struct claim *c = claim_first(); c; c = claim_next(c)) {
        printf("%-16s %s (node %s): %s.\n", c->name, claim_kind_name(c->kind),
               c->node, c->claim);
        printf("%-16s the paper: %s\n", "", c->paper);
        if (c->rule) {
            printf("%-16s holds if %s\n", "", c->rule);
        }
        if (c->suggested_by) {
            printf("%-16s not independent: %s\n", "", c->suggested_by);
        }
    }
}

static uint32_t count_variants(const struct row *row, enum verdict verdict)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < row->variant_count; i++) {
        count += row->variant_verdicts[i] == verdict;
    }
    return count;
}

/* Prints whether the verdict depends on what the paper does not state. */
static void print_sensitivity(const struct row *row)
{
    if (row->variant_count == 0) {
        return;
    }
    printf(" | holds in %u of %u variants", count_variants(row, VERDICT_HOLDS),
           row->variant_count);
    const char *before = ", otherwise with ";
    for (uint32_t i = 0; i < row->variant_count; i++) {
        if (row->variant_verdicts[i] != row->verdict) {
            printf("%s%s", before, row->variants[i]->variant->name);
            before = ", ";
        }
    }
}

void print_lines(const struct rows *r)
{
    for (uint32_t i = 0; i < r->count; i++) {
        const struct row *row = &r->items[i];
        const struct claim *c = row->claim;
        printf("%s | %s | paper: %s | ours: %s", c->name, c->claim, c->paper,
               row->judgement.ours);
        print_sensitivity(row);
        printf(" | %s", claim_kind_name(c->kind));
        if (c->suggested_by) {
            printf(", not independent: %s", c->suggested_by);
        }
        if (row->verdict != VERDICT_NONE) {
            printf(" | %s", verdict_name(row->verdict));
        }
        putchar('\n');
    }
}

/* ---- In full ------------------------------------------------------------- */

static void print_latency(const json_t *report)
{
    static const enum figure_id latencies[] = { FIGURE_LOAD_LATENCY_P50,
                                                FIGURE_LOAD_LATENCY_P99,
                                                FIGURE_LOAD_LATENCY_P999 };
    for (size_t i = 0; i < sizeof(latencies) / sizeof(latencies[0]); i++) {
        printf(" %10.3g", claim_figure(report, latencies[i]) / 1e6);
    }
    printf(" %9.0f", claim_figure(report, FIGURE_LOAD_TIMED_OUT) +
                         claim_figure(report, FIGURE_LOAD_UNANSWERED));
}

static void print_point(const struct grid *g, uint32_t series, uint32_t x)
{
    const struct claim *c = g->claim;
    const json_t *report = g->points[series][x].report;
    printf("  %-22s %10s", c->series[series].name, g->view.x_text[x]);
    if (!report) {
        const char *why = g->points[series][x].why;
        printf("  no result: %s\n", why ? why : "out of memory");
        return;
    }
    for (uint32_t m = 0; m < CLAIM_MEASURE_LIMIT && c->measure[m].name; m++) {
        printf(" %12.4g", claim_measure(&c->measure[m], report));
    }
    if (claim_figure(report, FIGURE_LOAD_SENT) > 0) {
        print_latency(report);
    }
    putchar('\n');
}

static void print_grid(const struct grid *g, const char *title)
{
    const struct claim *c = g->claim;
    printf("\n%s: %s", title, c->axis.name);
    for (uint32_t m = 0; m < CLAIM_MEASURE_LIMIT && c->measure[m].name; m++) {
        printf("; %s%s%s%s", c->measure[m].name,
               c->measure[m].unit[0] ? " (" : "", c->measure[m].unit,
               c->measure[m].unit[0] ? ")" : "");
    }
    printf("; latency of 50, 99, 99.9 %% (ms); requests lost\n");
    for (uint32_t s = 0; s < g->view.series_count; s++) {
        for (uint32_t i = 0; i < g->view.x_count; i++) {
            print_point(g, s, i);
        }
    }
}

void print_in_full(const struct row *row)
{
    const struct claim *c = row->claim;
    printf("%s (%s, node %s)\n  %s.\n  paper:  %s\n  ours:   %s\n", c->name,
           claim_kind_name(c->kind), c->node, c->claim, c->paper,
           row->judgement.ours);
    if (c->suggested_by) {
        printf("  not independent: %s\n", c->suggested_by);
    }
    if (c->rule) {
        printf("  rule:   %s\n  verdict: %s\n", c->rule,
               verdict_name(row->verdict));
    }
    if (c->base) {
        print_grid(row->main, "Measured");
    }
    if (row->open) {
        print_grid(row->open, "Under an open loop");
    }
    for (uint32_t i = 0; i < row->variant_count; i++) {
        printf("%s%-18s %-14s %s\n", i == 0 ? "\nWith other values:\n" : "",
               row->variants[i]->variant->name,
               verdict_name(row->variant_verdicts[i]),
               row->variant_judgements[i].ours);
    }
}

/* ---- JSON ---------------------------------------------------------------- */

static json_t *json_latency(const json_t *report)
{
    return json_deep_copy(
        json_object_get(json_object_get(report, "load"), "latency_ns"));
}

static json_t *json_point(const struct grid *g, uint32_t series, uint32_t x)
{
    const struct claim *c = g->claim;
    const struct point *point = &g->points[series][x];
    json_t *object = json_pack("{s:s, s:s}", "series", c->series[series].name,
                               "x", g->view.x_text[x]);
    if (!point->report) {
        json_object_set_new(object, "no_result",
                            json_string(point->why ? point->why : ""));
        return object;
    }
    for (uint32_t m = 0; m < CLAIM_MEASURE_LIMIT && c->measure[m].name; m++) {
        json_object_set_new(
            object, c->measure[m].name,
            json_real(claim_measure(&c->measure[m], point->report)));
    }
    json_object_set_new(object, "latency_ns", json_latency(point->report));
    json_object_set_new(
        object, "fingerprint",
        json_incref(json_object_get(point->report, "fingerprint")));
    return object;
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
    static const char *const kinds[] = { "y", "x", "times" };
    json_t *array = json_array();
    for (uint32_t i = 0; i < CLAIM_MARK_LIMIT && c->mark[i].label; i++) {
        const struct claim_mark *m = &c->mark[i];
        json_t *object =
            json_pack("{s:s, s:s, s:f, s:f}", "label", m->label, "of",
                      kinds[m->kind], "low", m->low, "high", m->high);
        if (m->kind == CLAIM_TIMES) {
            json_object_set_new(object, "series",
                                json_string(c->series[m->series].name));
        }
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *json_row(const struct row *row)
{
    const struct claim *c = row->claim;
    json_t *object = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s?, s:s?, s:s?}", "name", c->name,
        "node", c->node, "claim", c->claim, "paper", c->paper, "ours",
        row->judgement.ours, "kind", claim_kind_name(c->kind), "suggested_by",
        c->suggested_by, "rule", c->rule, "verdict",
        row->verdict == VERDICT_NONE ? NULL : verdict_name(row->verdict));
    json_object_set_new(object, "stated", json_marks(c));
    json_object_set_new(object, "points", json_grid(row->main));
    if (row->open) {
        json_object_set_new(object, "open_loop", json_grid(row->open));
    }
    json_t *variants = json_array();
    for (uint32_t i = 0; i < row->variant_count; i++) {
        json_array_append_new(
            variants, json_pack("{s:s, s:s, s:s}", "variant",
                                row->variants[i]->variant->name, "verdict",
                                verdict_name(row->variant_verdicts[i]), "ours",
                                row->variant_judgements[i].ours));
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
