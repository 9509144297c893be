/* test_zipf.c - draws obey the law, by a chi-square test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/arena.h"
#include "sim/random.h"
#include "workloads/zipf.h"

#define COUNT 100
#define DRAWS 1000000

/* Of a chi-square with 99 degrees of freedom, the 99.9th percentile. */
#define CHI_SQUARE_99_P999 148.23

static double chi_square(const struct zipf *z, double alpha, struct rng *r)
{
    static uint32_t seen[COUNT];
    memset(seen, 0, sizeof(seen));
    for (uint32_t i = 0; i < DRAWS; i++) {
        seen[zipf_draw(z, r)]++;
    }
    double total = 0;
    for (uint32_t rank = 1; rank <= COUNT; rank++) {
        total += det_pow(rank, -alpha);
    }
    double sum = 0;
    for (uint32_t rank = 1; rank <= COUNT; rank++) {
        double expected = DRAWS * det_pow(rank, -alpha) / total;
        double off = seen[z->by_rank[rank - 1]] - expected;
        sum += off * off / expected;
    }
    return sum;
}

static void draws_obey_the_law(void **state)
{
    (void)state;
    static const double alphas[] = { 0, 0.5, 1, 1.5 };
    struct arena arena;
    assert_true(arena_map(&arena, 1 << 20));
    for (size_t i = 0; i < sizeof(alphas) / sizeof(alphas[0]); i++) {
        struct rng ranks;
        struct rng r;
        rng_init(&ranks, 1, "ranks", i);
        rng_init(&r, 1, "draws", i);
        struct zipf z;
        assert_true(zipf_init(&z, &arena, COUNT, alphas[i], &ranks));
        assert_true(chi_square(&z, alphas[i], &r) < CHI_SQUARE_99_P999);
        /* And the test can tell one law from another. */
        assert_true(chi_square(&z, alphas[i] + 0.05, &r) > 1000);
    }
    arena_unmap(&arena);
}

static void everything_has_one_rank_and_the_seed_says_which(void **state)
{
    (void)state;
    struct arena arena;
    assert_true(arena_map(&arena, 1 << 20));
    uint32_t same = 0;
    struct zipf z[2];
    for (uint64_t seed = 0; seed < 2; seed++) {
        struct rng ranks;
        rng_init(&ranks, seed, "ranks", 0);
        assert_true(zipf_init(&z[seed], &arena, COUNT, 1.0, &ranks));
        bool seen[COUNT] = { false };
        for (uint32_t i = 0; i < COUNT; i++) {
            assert_false(seen[z[seed].by_rank[i]]);
            seen[z[seed].by_rank[i]] = true;
        }
    }
    for (uint32_t i = 0; i < COUNT; i++) {
        same += z[0].by_rank[i] == z[1].by_rank[i];
    }
    assert_true(same < 10);
    arena_unmap(&arena);
}

/* Each order of four things comes as often as any other, over many seeds; 49.73
   is the 99.9th percentile of a chi-square with 23 degrees of freedom. */
static void every_order_of_the_things_is_equally_likely(void **state)
{
    (void)state;
    static uint32_t seen[4 * 4 * 4 * 4];
    const double expected = 1000;
    struct arena arena;
    assert_true(arena_map(&arena, 1 << 20));
    struct rng ranks;
    rng_init(&ranks, 1, "ranks", 0);
    for (int n = 0; n < 24 * (int)expected; n++) {
        struct zipf z;
        size_t mark = arena.used_bytes;
        assert_true(zipf_init(&z, &arena, 4, 1.0, &ranks));
        uint32_t order = 0;
        for (uint32_t i = 0; i < 4; i++) {
            order = 4 * order + z.by_rank[i];
        }
        seen[order]++;
        arena.used_bytes = mark;
    }
    double sum = 0;
    uint32_t orders = 0;
    for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++) {
        double off = seen[i] - expected;
        orders += seen[i] > 0;
        sum += seen[i] > 0 ? off * off / expected : 0;
    }
    assert_int_equal(orders, 24);
    assert_true(sum < 49.73);
    arena_unmap(&arena);
}

static void extremes_are_drawn_too(void **state)
{
    (void)state;
    struct arena arena;
    assert_true(arena_map(&arena, 64 << 20));
    struct rng r;
    rng_init(&r, 1, "test", 0);
    struct zipf z;
    assert_true(zipf_init(&z, &arena, 1, 10, &r));
    assert_int_equal(zipf_draw(&z, &r), 0);
    assert_true(zipf_init(&z, &arena, 1 << 20, 10, &r));
    for (int i = 0; i < 1000; i++) {
        assert_true(zipf_draw(&z, &r) < 1 << 20);
    }
    assert_true(zipf_init(&z, &arena, 1 << 20, 0, &r));
    for (int i = 0; i < 1000; i++) {
        assert_true(zipf_draw(&z, &r) < 1 << 20);
    }
    arena_unmap(&arena);
}

static void a_full_arena_is_left_as_it_was(void **state)
{
    (void)state;
    static alignas(8) unsigned char block[COUNT * 12];
    for (size_t size = 1; size <= sizeof(block); size++) {
        struct arena arena;
        arena_init(&arena, block, size);
        struct rng r;
        rng_init(&r, 1, "test", 0);
        struct zipf z;
        bool fits = zipf_init(&z, &arena, COUNT, 1.0, &r);
        assert_int_equal(fits, size == sizeof(block));
        assert_int_equal(arena.used_bytes, fits ? sizeof(block) : 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_obey_the_law),
        cmocka_unit_test(everything_has_one_rank_and_the_seed_says_which),
        cmocka_unit_test(every_order_of_the_things_is_equally_likely),
        cmocka_unit_test(extremes_are_drawn_too),
        cmocka_unit_test(a_full_arena_is_left_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
