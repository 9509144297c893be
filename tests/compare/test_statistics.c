/* test_statistics.c - how often an interval holds the truth. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cli/lab/compare/statistics.h"
#include "sim/random.h"

#define PAIRS_MOST 32
#define TRUTH      5.0
#define SEEDS      400

/* cmocka of Debian 12 compares only floats. */
static void expect_near(double value, double wanted, double slack)
{
    if (!(fabs(value - wanted) <= slack)) {
        fail_msg("%.17g instead of %.17g", value, wanted);
    }
}

/* Sum of twelve: near enough to a normal distribution. */
static double draw_normal(struct rng *rng)
{
    double sum = -6;
    for (int i = 0; i < 12; i++) {
        sum += rng_unit(rng);
    }
    return sum;
}

/* As latencies are: mean 1, a long tail. */
static double draw_skewed(struct rng *rng)
{
    return -log(1 - rng_unit(rng));
}

struct way {
    size_t pairs;
    bool is_skewed; /* The noise of the difference. */
    bool is_paired;
    int least, most; /* Of SEEDS. */
};

/* Runs of one seed have much in common: pairing is to take that out. */
static bool covers(const struct way *way, uint64_t seed)
{
    double a[PAIRS_MOST];
    double b[PAIRS_MOST];
    struct rng rng;
    struct difference d;
    rng_init(&rng, seed, "synthetic", 0);
    for (size_t i = 0; i < way->pairs; i++) {
        double noise =
            way->is_skewed ? draw_skewed(&rng) - 1 : draw_normal(&rng);
        a[i] =
            100 + (way->is_paired ? 20 * draw_normal(&rng) : draw_normal(&rng));
        b[i] = (way->is_paired ? a[i] : 100) + TRUTH + noise;
    }
    assert_true(way->is_paired
                    ? statistics_paired(a, b, way->pairs, &d)
                    : statistics_unpaired(a, way->pairs, b, way->pairs, &d));
    assert_true(d.absolute.has_interval);
    return d.absolute.low <= TRUTH && TRUTH <= d.absolute.high;
}

static void intervals_hold_the_truth_95_times_of_100(void **state)
{
    (void)state;
    static const struct way ways[] = {
        { 6, false, true, 370, 392 },  { 10, false, true, 370, 390 },
        { 30, false, true, 370, 390 }, { 10, false, false, 370, 392 },
        { 30, true, true, 364, 390 },
    };
    for (size_t w = 0; w < sizeof(ways) / sizeof(ways[0]); w++) {
        int held = 0;
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            held += covers(&ways[w], seed);
        }
        print_message("%zu %s runs, %s noise: %d of %d\n", ways[w].pairs,
                      ways[w].is_paired ? "paired" : "unpaired",
                      ways[w].is_skewed ? "skewed" : "normal", held, SEEDS);
        assert_in_range(held, ways[w].least, ways[w].most);
    }
}

static void pairing_takes_out_what_seeds_have_in_common(void **state)
{
    (void)state;
    static const double a[] = { 10, 20, 30, 40, 50, 60 };
    static const double b[] = { 11, 21, 31, 41, 51, 61 };
    struct difference paired;
    struct difference unpaired;
    assert_true(statistics_paired(a, b, 6, &paired));
    assert_true(statistics_unpaired(a, 6, b, 6, &unpaired));
    expect_near(paired.absolute.low, 1, 1e-9);
    expect_near(paired.absolute.high, 1, 1e-9);
    assert_true(unpaired.absolute.low < -10 && unpaired.absolute.high > 10);
    expect_near(paired.relative.value, 6.0 / 210, 1e-12);
}

static void the_same_figures_give_the_same_interval(void **state)
{
    (void)state;
    static const double a[] = { 3, 1, 4, 1, 5, 9, 2, 6 };
    static const double b[] = { 2, 7, 1, 8, 2, 8, 1, 8 };
    struct difference first;
    struct difference second;
    assert_true(statistics_paired(a, b, 8, &first));
    assert_true(statistics_paired(a, b, 8, &second));
    assert_memory_equal(&first.absolute.low, &second.absolute.low,
                        sizeof(double));
    assert_memory_equal(&first.absolute.high, &second.absolute.high,
                        sizeof(double));
}

static void one_pair_has_no_interval(void **state)
{
    (void)state;
    double a = 4;
    double b = 5;
    struct difference d;
    assert_true(statistics_paired(&a, &b, 1, &d));
    assert_false(d.absolute.has_interval);
    expect_near(d.relative.value, 0.25, 0);
    a = 0;
    assert_true(statistics_paired(&a, &b, 1, &d));
    assert_false(d.relative.is_defined);
}

static void few_pairs_cannot_promise_much(void **state)
{
    (void)state;
    expect_near(statistics_most_coverage(2), 0.5, 0);
    expect_near(statistics_most_coverage(5), 0.9375, 0);
    expect_near(statistics_most_coverage(6), 0.95, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_hold_the_truth_95_times_of_100),
        cmocka_unit_test(pairing_takes_out_what_seeds_have_in_common),
        cmocka_unit_test(the_same_figures_give_the_same_interval),
        cmocka_unit_test(one_pair_has_no_interval),
        cmocka_unit_test(few_pairs_cannot_promise_much),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
