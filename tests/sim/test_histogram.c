/* test_histogram.c - percentiles, against a sorted array. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/histogram.h"
#include "sim/random.h"

#define VALUES 10000

static int compare(const void *a, const void *b)
{
    const uint64_t *x = a;
    const uint64_t *y = b;
    return (*x > *y) - (*x < *y);
}

static void check_percentiles(const struct histogram *h,
                              const uint64_t values[VALUES])
{
    static const uint32_t per_mille[] = { 0,   1,   10,  250, 500,
                                          900, 990, 999, 1000 };
    for (size_t i = 0; i < sizeof(per_mille) / sizeof(per_mille[0]); i++) {
        uint32_t rank = (VALUES * per_mille[i] + 999) / 1000;
        uint64_t exact = values[rank ? rank - 1 : 0];
        uint64_t got = hist_percentile(h, per_mille[i]);
        assert_true(got >= exact);
        assert_true(got - exact <= exact / 128);
    }
}

static void percentiles_are_within_a_128th_of_the_true_ones(void **state)
{
    (void)state;
    static struct histogram h;
    static uint64_t values[VALUES];
    for (unsigned bits = 1; bits <= 64; bits++) {
        struct rng r;
        rng_init(&r, bits, "test", 0);
        hist_init(&h);
        for (uint32_t i = 0; i < VALUES; i++) {
            /* All magnitudes up to that number of bits. */
            values[i] = rng_u64(&r) >> (64 - bits) >> rng_below(&r, bits);
            hist_record(&h, values[i]);
        }
        qsort(values, VALUES, sizeof(values[0]), compare);
        check_percentiles(&h, values);
        assert_int_equal(h.count, VALUES);
        assert_int_equal(h.min, values[0]);
        assert_int_equal(h.max, values[VALUES - 1]);
    }
}

static void small_values_are_exact(void **state)
{
    (void)state;
    static struct histogram h;
    hist_init(&h);
    for (uint64_t i = 0; i < 100; i++) {
        hist_record(&h, i);
    }
    for (uint32_t i = 1; i <= 100; i++) {
        assert_int_equal(hist_percentile(&h, i * 10), i - 1);
    }
    assert_true(hist_mean(&h) == 49.5);
}

static void an_empty_histogram_is_all_zero(void **state)
{
    (void)state;
    static struct histogram h;
    hist_init(&h);
    assert_int_equal(hist_percentile(&h, 500), 0);
    assert_true(hist_mean(&h) == 0);
    assert_int_equal(h.max, 0);
}

static void a_sum_that_overflows_saturates(void **state)
{
    (void)state;
    static struct histogram h;
    hist_init(&h);
    hist_record(&h, UINT64_MAX);
    hist_record(&h, UINT64_MAX);
    assert_int_equal(h.sum, UINT64_MAX);
    assert_int_equal(hist_percentile(&h, 1000), UINT64_MAX);
}

/* Wilks's numbers, as they are printed: 59 for 95 %, 299 for 99 %, 2,995 for
   99.9 %; of the median, that of the binomial tables. */
static void a_percentile_takes_as_many_values_as_the_tables_say(void **state)
{
    (void)state;
    assert_int_equal(hist_least_count(500), 6);
    assert_int_equal(hist_least_count(900), 29);
    assert_int_equal(hist_least_count(950), 59);
    assert_int_equal(hist_least_count(990), 299);
    assert_int_equal(hist_least_count(999), 2995);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(percentiles_are_within_a_128th_of_the_true_ones),
        cmocka_unit_test(small_values_are_exact),
        cmocka_unit_test(an_empty_histogram_is_all_zero),
        cmocka_unit_test(a_sum_that_overflows_saturates),
        cmocka_unit_test(a_percentile_takes_as_many_values_as_the_tables_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
