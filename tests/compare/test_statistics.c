/* test_statistics.c - how often an interval holds the truth, and intervals and
   tests against printed tables. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cli/lab/compare/statistics.h"
#include "sim/random.h"

#define PAIRS_MOST  32
#define EXPERIMENTS 5000
#define REQUESTS    200

/* cmocka of Debian 12 compares only floats. */
static void expect_near(double value, double wanted, double slack)
{
    if (!(fabs(value - wanted) <= slack)) {
        fail_msg("%.17g instead of %.17g", value, wanted);
    }
}

/* Box and Muller. */
static double draw_normal(struct rng *rng)
{
    double radius = sqrt(-2 * log(1 - rng_unit(rng)));
    return radius * cos(6.283185307179586 * rng_unit(rng));
}

static double draw_lognormal(struct rng *rng)
{
    return exp(draw_normal(rng));
}

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* The p99 of a short run's latencies, which have a long tail. */
static double draw_p99(struct rng *rng)
{
    double latencies[REQUESTS];
    for (size_t i = 0; i < REQUESTS; i++) {
        latencies[i] = draw_lognormal(rng);
    }
    qsort(latencies, REQUESTS, sizeof(*latencies), by_value);
    return latencies[REQUESTS * 99 / 100];
}

/* B is slower by three tenths. */
static double draw_p99_change(struct rng *rng)
{
    double a = draw_p99(rng);
    return 1.3 * draw_p99(rng) - a;
}

typedef double draw_fn(struct rng *rng);

/* ---- Coverage ------------------------------------------------------------ */

/* Returns how many of the experiments' intervals hold the truth. A pair's
   difference is drawn; what the pair has in common is to be taken out. */
static int count_held(draw_fn *draw, enum estimand estimand, size_t pairs,
                      double truth, int experiments)
{
    struct rng rng;
    rng_init(&rng, 7, "coverage", (uint32_t)pairs);
    int held = 0;
    for (int e = 0; e < experiments; e++) {
        double a[PAIRS_MOST];
        double b[PAIRS_MOST];
        for (size_t i = 0; i < pairs; i++) {
            a[i] = 1000 + 20 * draw_normal(&rng);
            b[i] = a[i] + draw(&rng);
        }
        struct sample s = { a, b, pairs, pairs, true };
        struct difference d;
        assert_true(statistics_compare(&s, estimand, &d));
        held += d.absolute.has_interval && d.absolute.low <= truth &&
                truth <= d.absolute.high;
    }
    return held;
}

/* The median of a distribution that has no formula, from many draws. */
static double median_of(draw_fn *draw)
{
    enum { DRAWS = 40001 };
    double *values = calloc(DRAWS, sizeof(*values));
    struct rng rng;
    rng_init(&rng, 11, "truth", 0);
    assert_non_null(values);
    for (size_t i = 0; i < DRAWS; i++) {
        values[i] = draw(&rng);
    }
    qsort(values, DRAWS, sizeof(*values), by_value);
    double median = values[DRAWS / 2];
    free(values);
    return median;
}

static const size_t sizes[] = { 6, 9, 12, 20 };

static void the_medians_interval_holds_it_93_to_98_times_of_100(void **state)
{
    (void)state;
    const struct {
        const char *name;
        draw_fn *draw;
        double truth;
        int experiments;
    } kinds[] = {
        { "normal", draw_normal, 0, EXPERIMENTS },
        { "lognormal", draw_lognormal, 1, EXPERIMENTS },
        { "p99", draw_p99_change, median_of(draw_p99_change), 1500 },
    };
    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
            int held = count_held(kinds[k].draw, ESTIMAND_MEDIAN, sizes[i],
                                  kinds[k].truth, kinds[k].experiments);
            double share = 100.0 * held / kinds[k].experiments;
            print_message("median, %s, %zu pairs: %.1f %%\n", kinds[k].name,
                          sizes[i], share);
            assert_true(share >= 93 && share <= 98);
        }
    }
}

/* No interval for a mean can hold it so often whatever the distribution is
   (Bahadur and Savage, 1956). What this one does is what docs/compare.md
   says. */
static void the_means_interval_holds_it_as_often_as_is_said(void **state)
{
    (void)state;
    const int few = 200;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        double normal =
            100.0 * count_held(draw_normal, ESTIMAND_MEAN, sizes[i], 0, few) /
            (double)few;
        double skewed =
            100.0 *
            count_held(draw_lognormal, ESTIMAND_MEAN, sizes[i], exp(0.5), few) /
            (double)few;
        print_message("mean, %zu pairs: normal %.1f %%, lognormal %.1f %%\n",
                      sizes[i], normal, skewed);
        assert_true(normal >= 90 && normal <= 99);
        assert_true(skewed >= 84 && skewed <= 98);
    }
}

static void groups_without_pairs_are_held_too(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 3, "groups", 0);
    int held = 0;
    for (int e = 0; e < EXPERIMENTS; e++) {
        double a[8];
        double b[10];
        for (size_t i = 0; i < 10; i++) {
            b[i] = 5 + draw_lognormal(&rng);
        }
        for (size_t i = 0; i < 8; i++) {
            a[i] = draw_lognormal(&rng);
        }
        struct sample s = { a, b, 8, 10, false };
        struct difference d;
        assert_true(statistics_compare(&s, ESTIMAND_MEDIAN, &d));
        held += d.absolute.low <= 5 && 5 <= d.absolute.high;
    }
    print_message("without pairs, 8 and 10 runs: %.1f %%\n",
                  100.0 * held / EXPERIMENTS);
    assert_in_range(held, EXPERIMENTS * 94 / 100, EXPERIMENTS * 97 / 100);
}

/* ---- Tables -------------------------------------------------------------- */

/* Of six fair coins all show the same side with a probability of 2/64, of ten
   nine or more with 22/1024. */
static void a_sign_test_is_the_binomial_tables(void **state)
{
    (void)state;
    static const double zeros[10];
    static const double ups[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, -1 };
    struct sample six = { zeros, ups, 6, 6, true };
    struct sample ten = { zeros, ups, 10, 10, true };
    struct difference d;
    assert_true(statistics_compare(&six, ESTIMAND_MEDIAN, &d));
    expect_near(d.p, 2.0 / 64, 1e-12);
    assert_true(statistics_compare(&ten, ESTIMAND_MEDIAN, &d));
    expect_near(d.p, 22.0 / 1024, 1e-12);
}

/* The interval of ten values lies between the second (97.9 %) and the third
   (89.1 %); that of five is the whole range. */
static void an_interval_lies_between_its_order_statistics(void **state)
{
    (void)state;
    static const double zeros[10];
    static const double values[] = { 70, 20, 90, 10, 40, 60, 30, 100, 50, 80 };
    struct sample ten = { zeros, values, 10, 10, true };
    struct sample five = { zeros, values, 5, 5, true };
    struct difference d;
    assert_true(statistics_compare(&ten, ESTIMAND_MEDIAN, &d));
    expect_near(d.absolute.value, 55, 0);
    assert_true(d.absolute.low > 20 && d.absolute.low < 30);
    expect_near(d.absolute.low + d.absolute.high, 110, 1e-9);
    /* Hettmansperger and Sheather's formula, by hand: I = (1002 - 972.8) /
       (1002 - 912), of 1,024; 8 I / (2 + 6 I). */
    expect_near(d.absolute.low, 20 + 10 * 0.657534, 0.01);
    expect_near(statistics_least_shown(&d.absolute), 55 - d.absolute.low, 1e-9);
    assert_true(statistics_compare(&five, ESTIMAND_MEDIAN, &d));
    expect_near(d.absolute.low, 10, 0);
    expect_near(d.absolute.high, 90, 0);
}

/* The printed tables: for 5 % and two sides, U is 5 at most for 6 and 6 values,
   13 for 8 and 8, 127 for 20 and 20 (Mann and Whitney; Milton, 1964). */
static void groups_are_judged_by_the_mann_whitney_tables(void **state)
{
    (void)state;
    static const struct {
        size_t count, critical;
    } rows[] = { { 6, 5 }, { 8, 13 }, { 20, 127 } };
    for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
        double a[20];
        double b[20];
        size_t n = rows[r].count;
        for (size_t i = 0; i < n; i++) {
            a[i] = 0;
            b[i] = (double)(i + 1);
        }
        /* Moves A up until U is as wanted: each step passes one of B. */
        struct sample s = { a, b, n, n, false };
        struct difference d;
        size_t left = rows[r].critical;
        for (size_t i = 0; left > 0; i++) {
            size_t passed = left < n ? left : n;
            a[i] = (double)passed + 0.5;
            left -= passed;
        }
        assert_true(statistics_compare(&s, ESTIMAND_MEDIAN, &d));
        assert_true(d.p <= 0.05);
        for (size_t i = 0; i < n; i++) {
            if (a[i] < 1) {
                a[i] = 1.5;
                break;
            }
        }
        assert_true(statistics_compare(&s, ESTIMAND_MEDIAN, &d));
        assert_true(d.p > 0.05);
    }
}

/* Holm's own order: 0.01 <= 0.05/4, 0.013 <= 0.05/3, 0.03 > 0.05/2. */
static void holm_stops_at_the_first_that_is_too_great(void **state)
{
    (void)state;
    static const double p[] = { 0.03, 0.01, 0.04, 0.013 };
    bool shown[4];
    assert_true(statistics_holm(p, 4, shown));
    assert_true(shown[1] && shown[3]);
    assert_false(shown[0] || shown[2]);
    assert_true(statistics_least_pairs(1) == 6);
    assert_true(statistics_least_pairs(18) == 10);
}

/* ---- Cases --------------------------------------------------------------- */

static void pairing_takes_out_what_seeds_have_in_common(void **state)
{
    (void)state;
    static const double a[] = { 10, 20, 30, 40, 50, 60 };
    static const double b[] = { 11, 21, 31, 41, 51, 61 };
    struct sample pairs = { a, b, 6, 6, true };
    struct sample groups = { a, b, 6, 6, false };
    for (int e = ESTIMAND_MEDIAN; e <= ESTIMAND_MEAN; e++) {
        struct difference d;
        assert_true(statistics_compare(&pairs, (enum estimand)e, &d));
        expect_near(d.absolute.low, 1, 1e-9);
        expect_near(d.absolute.high, 1, 1e-9);
        expect_near(d.relative.value,
                    e == ESTIMAND_MEAN ? 6.0 / 210 : (1.0 / 30 + 1.0 / 40) / 2,
                    1e-12);
        assert_true(statistics_compare(&groups, (enum estimand)e, &d));
        assert_true(d.absolute.low < -10 && d.absolute.high > 10);
    }
}

static void the_same_figures_give_the_same_interval(void **state)
{
    (void)state;
    static const double a[] = { 3, 1, 4, 1, 5, 9, 2, 6 };
    static const double b[] = { 2, 7, 1, 8, 2, 8, 1, 8 };
    struct sample s = { a, b, 8, 8, true };
    struct difference first;
    struct difference second;
    assert_true(statistics_compare(&s, ESTIMAND_MEAN, &first));
    assert_true(statistics_compare(&s, ESTIMAND_MEAN, &second));
    assert_memory_equal(&first.absolute.low, &second.absolute.low,
                        sizeof(double));
    assert_memory_equal(&first.absolute.high, &second.absolute.high,
                        sizeof(double));
}

/* A thousand of a unit are one of the next: an interval is as wide in either,
   however small the numbers are. */
static void a_means_interval_is_the_same_in_every_unit(void **state)
{
    (void)state;
    const double a[] = { 3, 5, 4, 7, 6, 2 };
    const double b[] = { 6, 9, 5, 8, 12, 7, 10 };
    double small_a[6];
    double small_b[7];
    for (size_t i = 0; i < 7; i++) {
        small_a[i % 6] = a[i % 6] / 1024;
        small_b[i] = b[i] / 1024;
    }
    for (int is_paired = 0; is_paired < 2; is_paired++) {
        struct sample large = { a, b, 6, is_paired ? 6 : 7, is_paired };
        struct sample small = large;
        small.a = small_a;
        small.b = small_b;
        struct difference d;
        struct difference e;
        assert_true(statistics_compare(&large, ESTIMAND_MEAN, &d));
        assert_true(statistics_compare(&small, ESTIMAND_MEAN, &e));
        assert_true(d.absolute.low < d.absolute.high);
        expect_near(e.absolute.low * 1024, d.absolute.low, 1e-9);
        expect_near(e.absolute.high * 1024, d.absolute.high, 1e-9);
        expect_near(e.relative.low, d.relative.low, 1e-9);
        expect_near(e.relative.high, d.relative.high, 1e-9);
        expect_near(e.p, d.p, 1e-12);
    }
}

static void one_pair_has_no_interval(void **state)
{
    (void)state;
    double a = 4;
    double b = 5;
    struct sample s = { &a, &b, 1, 1, true };
    struct difference d;
    assert_true(statistics_compare(&s, ESTIMAND_MEDIAN, &d));
    assert_false(d.absolute.has_interval);
    expect_near(d.relative.value, 0.25, 0);
    a = 0;
    assert_true(statistics_compare(&s, ESTIMAND_MEDIAN, &d));
    assert_false(d.relative.is_defined);
}

static void a_change_from_0_has_no_share(void **state)
{
    (void)state;
    static const double zeros[6];
    static const double b[] = { 1, 2, 3, 4, 5, 6 };
    struct sample up = { zeros, b, 6, 6, true };
    struct sample none = { zeros, zeros, 6, 6, true };
    for (int e = ESTIMAND_MEDIAN; e <= ESTIMAND_MEAN; e++) {
        struct difference d;
        assert_true(statistics_compare(&up, (enum estimand)e, &d));
        assert_false(d.relative.is_defined);
        assert_true(d.absolute.is_defined && d.absolute.has_interval);
        assert_true(statistics_compare(&none, (enum estimand)e, &d));
        assert_true(d.relative.is_defined);
        expect_near(d.relative.high, 0, 0);
        expect_near(d.p, 1, 0);
    }
}

static void few_pairs_cannot_promise_much(void **state)
{
    (void)state;
    struct sample s = { .a_count = 2, .b_count = 2, .is_paired = true };
    expect_near(statistics_most_coverage(&s), 0.5, 0);
    s.a_count = s.b_count = 5;
    expect_near(statistics_most_coverage(&s), 0.9375, 0);
    s.a_count = s.b_count = 6;
    expect_near(statistics_most_coverage(&s), 0.95, 0);
    /* Of three and three, all of B above all of A: one of 20 arrangements. */
    s = (struct sample){ .a_count = 3, .b_count = 3 };
    expect_near(statistics_most_coverage(&s), 0.9, 1e-12);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_medians_interval_holds_it_93_to_98_times_of_100),
        cmocka_unit_test(the_means_interval_holds_it_as_often_as_is_said),
        cmocka_unit_test(groups_without_pairs_are_held_too),
        cmocka_unit_test(a_sign_test_is_the_binomial_tables),
        cmocka_unit_test(an_interval_lies_between_its_order_statistics),
        cmocka_unit_test(groups_are_judged_by_the_mann_whitney_tables),
        cmocka_unit_test(holm_stops_at_the_first_that_is_too_great),
        cmocka_unit_test(pairing_takes_out_what_seeds_have_in_common),
        cmocka_unit_test(the_same_figures_give_the_same_interval),
        cmocka_unit_test(a_means_interval_is_the_same_in_every_unit),
        cmocka_unit_test(one_pair_has_no_interval),
        cmocka_unit_test(a_change_from_0_has_no_share),
        cmocka_unit_test(few_pairs_cannot_promise_much),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
