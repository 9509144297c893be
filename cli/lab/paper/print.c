/* print.c - see print.h. */
#include "cli/lab/paper/print.h"

#include <stdio.h>

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
    printf("%u seed%s%s", j->seeds, plural(j->seeds),
           j->tally.compared > 0 && j->tally.alike == j->tally.compared
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

/* Prints the first series by another one. */
static void print_ratios(const struct grid *g, uint32_t over)
{
    char name[64];
    snprintf(name, sizeof(name), "%s/%s", g->claim->series[0].name,
             g->claim->series[over].name);
    for (uint32_t i = 0; i < g->view.x_count; i++) {
        if (points_has_all(g, 0, i) && points_has_all(g, over, i)) {
            struct estimate e = claim_ratio(&g->view, over, i);
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
    for (uint32_t s = 1; c->is_ratio && s < g->view.series_count; s++) {
        print_ratios(g, s);
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
