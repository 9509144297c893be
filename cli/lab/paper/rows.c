/* rows.c - see rows.h. */
#include "cli/lab/paper/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

const char *verdict_name(enum verdict v)
{
    static const char *const names[] = {
        "", "holds", "does not hold", "undecided", "not steady", "no result"
    };
    return names[v];
}

void verdict_write(const struct judged *j, char text[VERDICT_BYTES])
{
    bool is_of_seeds = j->verdict == VERDICT_HOLDS ||
                       j->verdict == VERDICT_DOES_NOT_HOLD ||
                       j->verdict == VERDICT_UNDECIDED;
    int used = snprintf(text, VERDICT_BYTES, "%s", verdict_name(j->verdict));
    if (is_of_seeds) {
        snprintf(text + used, VERDICT_BYTES - (size_t)used,
                 " (%u of %u seed%s)", j->holding, j->seeds,
                 j->seeds == 1 ? "" : "s");
    }
}

uint32_t judged_unsteady(const struct judged *j)
{
    const struct steady_tally *t = &j->tally.steady;
    return t->runs - t->of[STEADY_FLAT];
}

/* ---- The runs ----------------------------------------------------------- */

/* Not all variants bear on what the paper does not measure. */
static bool is_varied(const struct claim *c, const struct claim_series *variant)
{
    return c->kind == CLAIM_EMERGENT ||
           (c->hangs_on_quantum && claim_varies_quantum(variant));
}

static bool make_row(struct rows *r, struct row *row)
{
    struct points *p = &r->points;
    const struct claim *c = row->claim;
    struct points_want want = { .extent = r->extent,
                                .seed_count = r->seed_count };
    row->main = points_add(p, c, want);
    bool is_good = row->main;
    if (is_good && c->open) {
        want.is_open = true;
        row->open = points_add(p, c, want);
        is_good = row->open;
    }
    want = (struct points_want){ .extent = POINTS_QUICK,
                                 .seed_count = CLAIM_SEEDS_QUICK };
    for (want.variant = claim_variants;
         is_good && r->extent == POINTS_FULL && want.variant->name;
         want.variant++) {
        if (!is_varied(c, want.variant)) {
            continue;
        }
        SIM_ASSERT(row->variant_count < ROWS_VARIANT_LIMIT);
        struct grid *g = points_add(p, c, want);
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
    return true;
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

/* ---- Verdicts ----------------------------------------------------------- */

/* Adds to the judgement how many requests were cut off. */
static void note_failures(const struct claim_view *v,
                          struct claim_judgement *judgement)
{
    double failed = 0;
    for (uint32_t s = 0; s < v->series_count; s++) {
        for (uint32_t x = 0; x < v->x_count; x++) {
            for (uint32_t seed = 0; seed < v->seed_count; seed++) {
                failed +=
                    claim_figure(v->reports[s][x][seed], FIGURE_LOAD_FAILED);
            }
        }
    }
    size_t used = strlen(judgement->ours);
    if (failed > 0) {
        snprintf(judgement->ours + used, sizeof(judgement->ours) - used,
                 " (%.0f requests cut off)", failed);
    }
}

static uint32_t count_holding(const struct claim_view *v)
{
    uint32_t holding = 0;
    for (uint32_t seed = 0; seed < v->seed_count; seed++) {
        struct claim_view one;
        struct claim_judgement judgement = { .holds = false };
        claim_take_seed(v, seed, &one);
        v->claim->judge(&one, &judgement);
        holding += judgement.holds;
    }
    return holding;
}

/* Where all is 0, rules about shapes might hold. */
static bool measures_nothing(const struct claim_view *v)
{
    for (uint32_t s = 0; s < v->series_count; s++) {
        for (uint32_t x = 0; x < v->x_count; x++) {
            if (claim_value(v, s, x) != 0) {
                return false;
            }
        }
    }
    return v->series_count > 0;
}

static enum verdict decide(const struct claim *c, const struct judged *j)
{
    bool holds = j->judgement.holds;
    if (c->kind != CLAIM_EMERGENT) {
        return VERDICT_NONE;
    }
    if (judged_unsteady(j) > 0 && !c->needs_no_steady_state) {
        return VERDICT_UNSTEADY;
    }
    if (j->holding != (holds ? j->seeds : 0)) {
        return VERDICT_UNDECIDED;
    }
    return holds ? VERDICT_HOLDS : VERDICT_DOES_NOT_HOLD;
}

void judge_grid(const struct grid *grid, struct judged *j)
{
    const struct claim_view *v = &grid->view;
    const struct point *missing = points_find_missing(grid);
    *j = (struct judged){ .seeds = v->seed_count, .tally = points_count(grid) };
    if (missing) {
        snprintf(j->judgement.ours, sizeof(j->judgement.ours), "no result: %s",
                 missing->why ? missing->why : "out of memory");
        j->verdict = VERDICT_NO_RESULT;
        return;
    }
    if (measures_nothing(v)) {
        snprintf(j->judgement.ours, sizeof(j->judgement.ours),
                 "no result: %s is 0 in all runs", v->claim->measure[0].name);
        j->verdict = VERDICT_NO_RESULT;
        return;
    }
    v->claim->judge(v, &j->judgement);
    j->holding = count_holding(v);
    note_failures(v, &j->judgement);
    j->verdict = decide(v->claim, j);
}

static bool judge_row(struct rows *r, struct row *row, struct database *db)
{
    struct points *p = &r->points;
    bool is_good = points_read(p, db, row->main) &&
                   (!row->open || points_read(p, db, row->open));
    for (uint32_t v = 0; is_good && v < row->variant_count; v++) {
        is_good = points_read(p, db, row->variants[v]);
        judge_grid(row->variants[v], &row->variants_judged[v]);
    }
    judge_grid(row->main, &row->judged);
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
