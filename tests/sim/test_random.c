/* test_random.c - streams that never change, and our own logarithm. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/random.h"

static void streams_have_their_golden_values(void **state)
{
    (void)state;
    static const struct {
        uint64_t seed;
        const char *name;
        uint64_t index;
        uint64_t first[3];
    } golden[] = {
        { 1,
          "load",
          0,
          { 0x837ad68a29e55ee0, 0x6827b3b1a4f89281, 0xf5440c4aee30da3d } },
        { 1,
          "load",
          1,
          { 0x939ffa2f4a2909c2, 0x9493e87055503800, 0xe0ecec2f0f9fb321 } },
        { 2,
          "load",
          0,
          { 0x2e2ff5c60d67937c, 0xbf9c9877e2870d5f, 0x0bbd0967e33ccb6c } },
        { 0,
          "",
          0,
          { 0xebd8142281f90a65, 0xb07e54495a98eb34, 0xe8f0cbbbfd991d37 } },
    };
    for (size_t i = 0; i < sizeof(golden) / sizeof(golden[0]); i++) {
        struct rng r;
        rng_init(&r, golden[i].seed, golden[i].name, golden[i].index);
        for (int k = 0; k < 3; k++) {
            assert_int_equal(rng_u64(&r), golden[i].first[k]);
        }
    }
}

static void a_draw_from_one_stream_shifts_no_other(void **state)
{
    (void)state;
    struct rng a;
    struct rng b;
    struct rng alone;
    rng_init(&a, 7, "a", 0);
    rng_init(&b, 7, "b", 0);
    rng_init(&alone, 7, "a", 0);
    uint32_t same = 0;
    for (int i = 0; i < 1000; i++) {
        uint64_t from_a = rng_u64(&a);
        same += from_a == rng_u64(&b);
        rng_u64(&b);
        assert_int_equal(from_a, rng_u64(&alone));
    }
    assert_int_equal(same, 0);
}

static void below_is_uniform_and_below(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 1, "below", 0);
    uint32_t seen[7] = { 0 };
    for (int i = 0; i < 70000; i++) {
        seen[rng_below(&r, 7)]++;
    }
    for (int i = 0; i < 7; i++) {
        assert_in_range(seen[i], 9600, 10400);
    }
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(rng_below(&r, 1), 0);
        assert_true(rng_below(&r, UINT64_MAX) < UINT64_MAX);
    }
}

static void exponential_has_its_mean_and_its_tail(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 1, "exponential", 0);
    const double mean = 1e6;
    const uint32_t draws = 1000000;
    double sum = 0;
    uint32_t late = 0;
    for (uint32_t i = 0; i < draws; i++) {
        uint64_t x = rng_exponential(&r, mean);
        sum += (double)x;
        late += (double)x > 3 * mean;
    }
    assert_true(fabs(sum / draws - mean) < mean * 0.005);
    assert_true(fabs(late / (double)draws - exp(-3)) < 0.001);
}

static void pareto_has_its_mean_its_least_and_its_tail(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 1, "pareto", 0);
    const double mean = 1e6;
    const double shape = 2.5;
    const uint32_t draws = 1000000;
    double least = mean * (shape - 1) / shape;
    double sum = 0;
    uint32_t late = 0;
    for (uint32_t i = 0; i < draws; i++) {
        uint64_t x = rng_pareto(&r, mean, shape);
        assert_true((double)x > least - 1);
        sum += (double)x;
        late += (double)x > 4 * least;
    }
    assert_true(fabs(sum / draws - mean) < mean * 0.01);
    assert_true(fabs(late / (double)draws - pow(4, -shape)) < 0.001);
    for (uint32_t i = 0; i < 1000; i++) {
        assert_true(rng_pareto(&r, 0x1p61, 1.001) <= UINT64_C(1) << 62);
    }
}

static double relative_error(double x, double expected)
{
    return expected == 0 ? fabs(x) : fabs((x - expected) / expected);
}

static void logarithm_and_power_agree_with_libm(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 1, "math", 0);
    for (int i = 0; i < 200000; i++) {
        double any = exp((rng_unit(&r) - 0.5) * 1400);
        assert_true(relative_error(det_log(any), log(any)) < 1e-15);
        double near = 1 + (rng_unit(&r) - 0.5) * 1e-3;
        assert_true(relative_error(det_log(near), log(near)) < 1e-15);
        double x = 1 + rng_unit(&r) * 1e6;
        double y = (rng_unit(&r) - 0.5) * 20;
        assert_true(relative_error(det_pow(x, y), pow(x, y)) < 1e-13);
    }
    assert_true(det_log(1) == 0);
    assert_true(det_pow(1, -10) == 1);
    assert_true(relative_error(det_log(5e-324), log(5e-324)) < 1e-15);
    assert_true(relative_error(det_pow(2, 1023), 0x1p1023) < 1e-12);
    assert_true(det_pow(10, -400) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_have_their_golden_values),
        cmocka_unit_test(a_draw_from_one_stream_shifts_no_other),
        cmocka_unit_test(below_is_uniform_and_below),
        cmocka_unit_test(exponential_has_its_mean_and_its_tail),
        cmocka_unit_test(pareto_has_its_mean_its_least_and_its_tail),
        cmocka_unit_test(logarithm_and_power_agree_with_libm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
