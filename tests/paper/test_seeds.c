/*
 * test_seeds.c - what several seeds of a point come to: medians, intervals,
 * ratios of pairs, and verdicts on which the seeds agree or not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/lab/paper/rows.h"
#include "tests/paper/made_up.h"

#define NEAR 1e-9

/* A grid of a claim at one x; the caller frees it with release. */
static struct grid *grid_of(const char *claim, double x, uint32_t seed_count)
{
    struct grid *g = calloc(1, sizeof(*g));
    assert_non_null(g);
    g->claim = claim_find(claim);
    assert_non_null(g->claim);
    g->view = (struct claim_view){ .claim = g->claim,
                                   .x_count = 1,
                                   .seed_count = seed_count,
                                   .x = { x },
                                   .x_text = { "x" } };
    while (g->claim->series[g->view.series_count].name) {
        g->view.series_count++;
    }
    return g;
}

/* Gives a series what its seeds have; each window is of the class. */
static void set_series(struct grid *g, uint32_t series, made_up_fn *report,
                       const double *y, const char *class)
{
    for (uint32_t i = 0; i < g->view.seed_count; i++) {
        json_t *made = report(y[i]);
        json_object_set_new(json_object_get(made, "steady"), "class",
                            json_string(class));
        json_object_set_new(made, "fingerprint",
                            json_integer((json_int_t)(y[i] * 1000)));
        g->points[series][0][i].report = made;
        g->view.reports[series][0][i] = made;
    }
}

static void release(struct grid *g)
{
    points_clear(g);
    free(g);
}

static struct judged judge_tcp(const double y[5], const char *class)
{
    struct judged j;
    struct grid *g = grid_of("tcp-throughput", 1, 5);
    set_series(g, 0, made_up_payload, y, class);
    judge_grid(g, &j);
    release(g);
    return j;
}

/* ---- Values ------------------------------------------------------------- */

static void a_value_is_the_median_of_its_seeds(void **state)
{
    (void)state;
    struct grid *g = grid_of("tcp-throughput", 1, 5);
    set_series(g, 0, made_up_payload, (double[]){ 500, 900, 510, 100, 505 },
               "flat");
    assert_float_equal(claim_value(&g->view, 0, 0), 505, NEAR);
    struct estimate e = claim_estimate(&g->view, &g->claim->measure[0], 0, 0);
    assert_true(e.has_interval);
    assert_float_equal(e.low, 100, NEAR);
    assert_float_equal(e.high, 900, NEAR);
    release(g);
}

/* Five coins are all heads or all tails in 1 of 16 throws. */
static void five_seeds_bear_less_than_95_percent(void **state)
{
    (void)state;
    assert_float_equal(claim_coverage(5), 15.0 / 16, NEAR);
    assert_float_equal(claim_coverage(2), 0.5, NEAR);
    assert_float_equal(claim_coverage(6), 0.95, NEAR);
}

static void one_seed_has_no_interval(void **state)
{
    (void)state;
    struct grid *g = grid_of("tcp-throughput", 1, 1);
    set_series(g, 0, made_up_payload, (double[]){ 500 }, "flat");
    struct estimate e = claim_estimate(&g->view, &g->claim->measure[0], 0, 0);
    assert_false(e.has_interval);
    assert_float_equal(e.value, 500, NEAR);
    release(g);
}

/* The medians are 300 and 100, and their ratio 3; the ratios of the pairs are 1,
   2, 4, 1.5 and 1.6. */
static void ratios_are_of_pairs(void **state)
{
    (void)state;
    struct grid *g = grid_of("fig5-factor", 1, 5);
    set_series(g, 0, made_up_payload, (double[]){ 90, 200, 400, 300, 320 },
               "flat");
    set_series(g, 1, made_up_payload, (double[]){ 90, 100, 100, 200, 200 },
               "flat");
    struct estimate e = claim_ratio(&g->view, 1, 0);
    assert_float_equal(e.value, 1.6, NEAR);
    assert_float_equal(e.low, 1, NEAR);
    assert_float_equal(e.high, 4, NEAR);
    release(g);
}

/* Of switching, 9 us more for each seed but one, though the seeds are apart. */
static void differences_are_of_pairs(void **state)
{
    (void)state;
    struct grid *g = grid_of("fig4-cause", 1, 3);
    set_series(g, 0, made_up_switching, (double[]){ 1, 20, 300 }, "flat");
    set_series(g, 1, made_up_switching, (double[]){ 10, 29, 301 }, "flat");
    struct estimate e = claim_excess(&g->view, 0, g->claim->measure[0].read);
    assert_float_equal(e.value, 9, 1e-6);
    release(g);
}

/* ---- Verdicts ----------------------------------------------------------- */

static void a_claim_holds_if_all_seeds_agree(void **state)
{
    (void)state;
    struct judged j = judge_tcp((double[]){ 500, 510, 600, 610, 620 }, "flat");
    assert_int_equal(j.verdict, VERDICT_HOLDS);
    assert_int_equal(j.holding, 5);
    char text[VERDICT_BYTES];
    verdict_write(&j, text);
    assert_string_equal(text, "holds (5 of 5 seeds)");
    j = judge_tcp((double[]){ 700, 710, 720, 730, 740 }, "flat");
    assert_int_equal(j.verdict, VERDICT_DOES_NOT_HOLD);
    verdict_write(&j, text);
    assert_string_equal(text, "does not hold (0 of 5 seeds)");
}

static void it_is_undecided_if_one_seed_does_not(void **state)
{
    (void)state;
    char text[VERDICT_BYTES];
    struct judged j = judge_tcp((double[]){ 500, 510, 600, 610, 700 }, "flat");
    assert_int_equal(j.verdict, VERDICT_UNDECIDED);
    assert_true(j.judgement.holds);
    verdict_write(&j, text);
    assert_string_equal(text, "undecided (4 of 5 seeds)");
    j = judge_tcp((double[]){ 500, 710, 720, 730, 740 }, "flat");
    assert_int_equal(j.verdict, VERDICT_UNDECIDED);
    assert_false(j.judgement.holds);
}

static void a_window_that_is_not_steady_leaves_no_verdict(void **state)
{
    (void)state;
    struct judged j = judge_tcp((double[]){ 500, 510, 600, 610, 620 }, "drift");
    assert_int_equal(j.verdict, VERDICT_UNSTEADY);
    assert_int_equal(judged_unsteady(&j), 5);
    assert_int_equal(j.tally.made, 5);
    assert_non_null(strstr(j.judgement.ours, "600 Mbit/s"));
}

/* Ten thousand VMs are asked once each. */
static void what_happens_once_needs_no_steady_window(void **state)
{
    (void)state;
    struct judged j;
    struct grid *g = grid_of("vms-10000", 10000, 2);
    set_series(g, 0, made_up_ten_thousand, (double[]){ 10000, 10000 }, "drift");
    judge_grid(g, &j);
    assert_int_equal(j.verdict, VERDICT_HOLDS);
    assert_int_equal(judged_unsteady(&j), 2);
    release(g);
}

static void a_missing_seed_leaves_no_result(void **state)
{
    (void)state;
    struct judged j;
    struct grid *g = grid_of("tcp-throughput", 1, 3);
    set_series(g, 0, made_up_payload, (double[]){ 500, 510, 520 }, "flat");
    json_decref(g->points[0][0][2].report);
    g->points[0][0][2] = (struct point){ .why = "it broke" };
    judge_grid(g, &j);
    assert_int_equal(j.verdict, VERDICT_NO_RESULT);
    assert_non_null(strstr(j.judgement.ours, "it broke"));
    assert_int_equal(j.tally.planned, 3);
    assert_int_equal(j.tally.made, 2);
    assert_false(points_has_all(g, 0, 0));
    release(g);
}

/* Nothing came of any run: rules about shapes would hold. */
static void nothing_measured_is_no_result(void **state)
{
    (void)state;
    static const double zeros[CLAIM_SEEDS_LIMIT];
    for (const struct claim *c = claim_first(); c; c = claim_next(c)) {
        struct judged j;
        if (c->kind != CLAIM_EMERGENT) {
            continue;
        }
        struct grid *g = grid_of(c->name, 1, 2);
        for (uint32_t s = 0; s < g->view.series_count; s++) {
            set_series(g, s, made_up_nothing, zeros, "flat");
        }
        judge_grid(g, &j);
        assert_int_equal(j.verdict, VERDICT_NO_RESULT);
        release(g);
    }
}

/* Where seeds change nothing, the tally knows. */
static void seeds_that_are_alike_are_counted(void **state)
{
    (void)state;
    struct judged j = judge_tcp((double[]){ 500, 500, 500, 500, 510 }, "flat");
    assert_int_equal(j.tally.alike, 3);
}

/* ---- One warm-up -------------------------------------------------------- */

/* Four grids: two of new runs, one that shares a run with the second, one that
   has no new runs and joins the first and the second. */
static void grids_that_share_runs_are_one_group(void **state)
{
    (void)state;
    uint32_t groups[6] = { 0 };
    points_join(groups, 0, 2, (uint32_t[]){ 0, 1 }, 2);
    points_join(groups, 2, 4, (uint32_t[]){ 2, 3 }, 2);
    assert_int_equal(groups[0], groups[1]);
    assert_int_equal(groups[2], groups[3]);
    assert_int_not_equal(groups[0], groups[2]);
    points_join(groups, 4, 5, (uint32_t[]){ 3, 4 }, 2);
    assert_int_equal(groups[4], groups[2]);
    assert_int_not_equal(groups[4], groups[0]);
    points_join(groups, 5, 6, (uint32_t[]){ 5 }, 1);
    points_join(groups, 6, 6, (uint32_t[]){ 2, 0 }, 2);
    for (int i = 1; i < 5; i++) {
        assert_int_equal(groups[i], groups[0]);
    }
    assert_int_not_equal(groups[5], groups[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_the_median_of_its_seeds),
        cmocka_unit_test(five_seeds_bear_less_than_95_percent),
        cmocka_unit_test(one_seed_has_no_interval),
        cmocka_unit_test(ratios_are_of_pairs),
        cmocka_unit_test(differences_are_of_pairs),
        cmocka_unit_test(a_claim_holds_if_all_seeds_agree),
        cmocka_unit_test(it_is_undecided_if_one_seed_does_not),
        cmocka_unit_test(a_window_that_is_not_steady_leaves_no_verdict),
        cmocka_unit_test(what_happens_once_needs_no_steady_window),
        cmocka_unit_test(a_missing_seed_leaves_no_result),
        cmocka_unit_test(grids_that_share_runs_are_one_group),
        cmocka_unit_test(nothing_measured_is_no_result),
        cmocka_unit_test(seeds_that_are_alike_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
