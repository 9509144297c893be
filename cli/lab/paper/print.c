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
        count += row->variants_judged[i].verdict == verdict;
    }
    return count;
}

/* Prints whether the verdict depends on what the paper does not state. */
static void print_sensitivity(const struct row *row)
{
    if (row->variant_count == 0 || row->judged.verdict == VERDICT_NONE) {
        return;
    }
    printf(" | holds in %u of %u variants", count_variants(row, VERDICT_HOLDS),
           row->variant_count);
    const char *before = ", otherwise with ";
    for (uint32_t i = 0; i < row->variant_count; i++) {
        if (row->variants_judged[i].verdict != row->judged.verdict) {
            printf("%s%s", before, row->variants[i]->want.variant->name);
            before = ", ";
        }
    }
}

static const char *plural(uint32_t count)
{
    return count == 1 ? "" : "s";
}

/* Prints what the runs were: "5 seeds, 3 of 50 runs not steady". Where the seeds
   change nothing, their agreement shows nothing. */
static void print_runs(const struct row *row)
{
    const struct judged *j = &row->judged;
    uint32_t said = j->tally.steady.runs;
    uint32_t unsteady = judged_unsteady(j);
    uint32_t others = j->tally.made - j->tally.made / j->seeds;
    printf("%u seed%s%s", j->seeds, plural(j->seeds),
           j->seeds > 1 && j->tally.alike == others
               ? " that are alike, since nothing is drawn"
               : "");
    if (unsteady > 0) {
        printf(", %u of %u run%s not steady", unsteady, said, plural(said));
    } else if (said > 0) {
        printf(", %u run%s, steady", said, plural(said));
    }
}

void print_lines(const struct rows *r)
{
    char verdict[VERDICT_BYTES];
    for (uint32_t i = 0; i < r->count; i++) {
        const struct row *row = &r->items[i];
        const struct claim *c = row->claim;
        printf("%s | %s | paper: %s | ours: %s", c->name, c->claim, c->paper,
               row->judged.judgement.ours);
        print_sensitivity(row);
        printf(" | %s", claim_kind_name(c->kind));
        if (c->suggested_by) {
            printf(", not independent: %s", c->suggested_by);
        }
        if (c->base) {
            printf(" | ");
            print_runs(row);
        }
        if (row->judged.verdict != VERDICT_NONE) {
            verdict_write(&row->judged, verdict);
            printf(" | %s", verdict);
        }
        putchar('\n');
    }
}

/* ---- In full ------------------------------------------------------------- */

static void print_latency(const struct claim_view *v, uint32_t series,
                          uint32_t x)
{
    static const enum figure_id latencies[] = { FIGURE_LOAD_LATENCY_P50,
                                                FIGURE_LOAD_LATENCY_P99,
                                                FIGURE_LOAD_LATENCY_P999 };
    for (size_t i = 0; i < sizeof(latencies) / sizeof(latencies[0]); i++) {
        printf(" %10.3g", claim_median(v, series, x, latencies[i]) / 1e6);
    }
    printf(" %9.0f", claim_median(v, series, x, FIGURE_LOAD_TIMED_OUT) +
                         claim_median(v, series, x, FIGURE_LOAD_UNANSWERED));
}

static void print_estimate(const struct estimate *e)
{
    printf(" %12.4g", e->value);
    if (e->has_interval) {
        char range[64];
        snprintf(range, sizeof(range), "[%.4g, %.4g]", e->low, e->high);
        printf(" %24s", range);
    }
}

/* Prints why the point has no result, of the first run that has none. */
static void print_why(const struct grid *g, uint32_t series, uint32_t x)
{
    for (uint32_t i = 0; i < g->view.seed_count; i++) {
        const struct point *point = &g->points[series][x][i];
        if (!point->report) {
            printf("  no result: %s\n",
                   point->why ? point->why : "out of memory");
            return;
        }
    }
}

static void print_point(const struct grid *g, uint32_t series, uint32_t x)
{
    const struct claim *c = g->claim;
    const struct claim_view *v = &g->view;
    printf("  %-22s %10s", c->series[series].name, v->x_text[x]);
    if (!points_has_all(g, series, x)) {
        print_why(g, series, x);
        return;
    }
    for (uint32_t m = 0; m < CLAIM_MEASURE_LIMIT && c->measure[m].name; m++) {
        struct estimate e = claim_estimate(v, &c->measure[m], series, x);
        print_estimate(&e);
    }
    if (claim_median(v, series, x, FIGURE_LOAD_SENT) > 0) {
        print_latency(v, series, x);
    }
    putchar('\n');
}

static void print_ratios(const struct grid *g)
{
    char name[64];
    snprintf(name, sizeof(name), "%s/%s", g->claim->series[0].name,
             g->claim->series[1].name);
    for (uint32_t i = 0; i < g->view.x_count; i++) {
        if (points_has_all(g, 0, i) && points_has_all(g, 1, i)) {
            struct estimate e = claim_ratio(&g->view, i);
            printf("  %-22s %10s", name, g->view.x_text[i]);
            print_estimate(&e);
            putchar('\n');
        }
    }
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
    if (g->view.seed_count > 1) {
        printf("  medians of %u seeds, and intervals that hold the median with "
               "%.3g %%\n",
               g->view.seed_count, claim_coverage(g->view.seed_count) * 100);
    } else {
        printf("  of one seed, so there are no intervals\n");
    }
    for (uint32_t s = 0; s < g->view.series_count; s++) {
        for (uint32_t i = 0; i < g->view.x_count; i++) {
            print_point(g, s, i);
        }
    }
    if (c->is_ratio) {
        print_ratios(g);
    }
}

static void print_variants(const struct row *row)
{
    for (uint32_t i = 0; i < row->variant_count; i++) {
        const struct judged *j = &row->variants_judged[i];
        printf("%s%-24s %-14s %s\n", i == 0 ? "\nWith other values:\n" : "",
               row->variants[i]->want.variant->name, verdict_name(j->verdict),
               j->judgement.ours);
    }
}

void print_in_full(const struct row *row)
{
    const struct claim *c = row->claim;
    char verdict[VERDICT_BYTES];
    printf("%s (%s, node %s)\n  %s.\n  paper:  %s\n  ours:   %s\n", c->name,
           claim_kind_name(c->kind), c->node, c->claim, c->paper,
           row->judged.judgement.ours);
    if (c->suggested_by) {
        printf("  not independent: %s\n", c->suggested_by);
    }
    if (c->base) {
        printf("  runs:   ");
        print_runs(row);
        putchar('\n');
    }
    if (c->rule) {
        verdict_write(&row->judged, verdict);
        printf("  rule:   %s\n  verdict: %s\n", c->rule, verdict);
    }
    if (c->base) {
        print_grid(row->main, "Measured");
    }
    if (row->open) {
        print_grid(row->open, "Under an open loop");
    }
    print_variants(row);
}

/* ---- JSON ---------------------------------------------------------------- */

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

/* The first series by the second, seed by seed. */
static json_t *json_ratios(const struct grid *g)
{
    json_t *array = json_array();
    for (uint32_t i = 0; g->claim->is_ratio && i < g->view.x_count; i++) {
        if (points_has_all(g, 0, i) && points_has_all(g, 1, i)) {
            struct estimate e = claim_ratio(&g->view, i);
            json_array_append_new(array,
                                  json_pack("{s:s, s:f, s:o}", "x",
                                            g->view.x_text[i], "ratio", e.value,
                                            "interval", json_interval(&e)));
        }
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
