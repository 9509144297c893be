/* rows.c - see rows.h. */
#include "cli/lab/paper/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

const char *verdict_name(enum verdict v)
{
    static const char *const names[] = { "", "holds", "does not hold",
                                         "no result" };
    return names[v];
}

static bool make_row(struct rows *r, struct row *row)
{
    struct points *p = &r->points;
    const struct claim *c = row->claim;
    bool is_good = true;
    row->main = points_add(p, c, r->extent, NULL, false);
    is_good = row->main;
    if (is_good && c->open) {
        row->open = points_add(p, c, r->extent, NULL, true);
        is_good = row->open;
    }
    bool varies = r->extent == POINTS_FULL && c->kind == CLAIM_EMERGENT;
    for (const struct claim_series *v = claim_variants;
         is_good && varies && v->name; v++) {
        SIM_ASSERT(row->variant_count < ROWS_VARIANT_LIMIT);
        struct grid *g = points_add(p, c, POINTS_QUICK, v, false);
        row->variants[row->variant_count++] = g;
        is_good = g;
    }
    return is_good;
}

bool rows_make(struct rows *r, const struct claim *only)
{
    uint32_t limit = 0;
    for (const struct claim *c = claim_first(); c; c = claim_next(c)) {
        limit++;
    }
    r->items = calloc(limit + 1, sizeof(*r->items));
    if (!r->items) {
        cli_complain("out of memory");
        return false;
    }
    for (const struct claim *c = claim_first(); c; c = claim_next(c)) {
        if (only && only != c) {
            continue;
        }
        struct row *row = &r->items[r->count++];
        row->claim = c;
        if (!make_row(r, row)) {
            return false;
        }
    }
    return points_finish(&r->points);
}

void rows_release(struct rows *r)
{
    for (uint32_t i = 0; i < r->count; i++) {
        struct row *row = &r->items[i];
        if (row->main) {
            points_clear(row->main);
        }
        if (row->open) {
            points_clear(row->open);
        }
        for (uint32_t v = 0; v < row->variant_count; v++) {
            if (row->variants[v]) {
                points_clear(row->variants[v]);
            }
        }
    }
    free(r->items);
    points_release(&r->points);
}

/* Adds to the judgement how many requests were cut off. */
static void note_failures(const struct grid *grid,
                          struct claim_judgement *judgement)
{
    double failed = 0;
    for (uint32_t s = 0; s < grid->view.series_count; s++) {
        for (uint32_t x = 0; x < grid->view.x_count; x++) {
            failed +=
                claim_figure(grid->view.reports[s][x], FIGURE_LOAD_FAILED);
        }
    }
    size_t used = strlen(judgement->ours);
    if (failed > 0) {
        snprintf(judgement->ours + used, sizeof(judgement->ours) - used,
                 " (%.0f requests cut off)", failed);
    }
}

/* Applies the claim's rule to a grid. */
static enum verdict judge_grid(const struct grid *grid,
                               struct claim_judgement *judgement)
{
    const struct claim *c = grid->claim;
    *judgement = (struct claim_judgement){ .holds = false };
    const struct point *missing = points_find_missing(grid);
    if (missing) {
        snprintf(judgement->ours, sizeof(judgement->ours), "no result: %s",
                 missing->why ? missing->why : "out of memory");
        return VERDICT_NO_RESULT;
    }
    c->judge(&grid->view, judgement);
    note_failures(grid, judgement);
    if (c->kind != CLAIM_EMERGENT) {
        return VERDICT_NONE;
    }
    return judgement->holds ? VERDICT_HOLDS : VERDICT_DOES_NOT_HOLD;
}

static bool judge_row(struct rows *r, struct row *row, struct database *db)
{
    struct points *p = &r->points;
    bool is_good = points_read(p, db, row->main) &&
                   (!row->open || points_read(p, db, row->open));
    for (uint32_t v = 0; is_good && v < row->variant_count; v++) {
        is_good = points_read(p, db, row->variants[v]);
        row->variant_verdicts[v] =
            judge_grid(row->variants[v], &row->variant_judgements[v]);
    }
    row->verdict = judge_grid(row->main, &row->judgement);
    return is_good;
}

bool rows_judge(struct rows *r, struct database *db)
{
    for (uint32_t i = 0; i < r->count; i++) {
        if (!judge_row(r, &r->items[i], db)) {
            return false;
        }
    }
    return true;
}
