/* test_replace_random.c - every page that may be taken has the same chance. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ik/policy/policies.h"
#include "tests/ik_policy/fake_memory.h"

#define DRAWS_EACH 1000
#define TAKEABLE   100

/* Of a chi-square with 99 degrees of freedom, the 99.9th percentile. */
#define CHI_SQUARE_99_P999 148.23

static struct replace_config config_of(uint32_t frames)
{
    return (struct replace_config){
        .frame_count = frames,
        .vm_limit = 1,
    };
}

/* Every (frames / TAKEABLE)-th page may be taken; the others are pinned. */
static double chi_square(uint32_t frames)
{
    static struct fake_memory m;
    static uint32_t seen[FAKE_FRAMES];
    const struct replace_config config = config_of(frames);
    uint32_t step = frames / TAKEABLE;
    fake_init(&m, &replace_random, &config, 0);
    memset(seen, 0, sizeof(seen));
    for (uint32_t frame = 0; frame < frames; frame++) {
        fake_enter(&m, frame, 0);
        m.frames[frame].is_pinned = frame % step != 0;
    }
    for (uint32_t i = 0; i < TAKEABLE * DRAWS_EACH; i++) {
        uint32_t frame = fake_victim(&m);
        seen[frame]++;
        fake_leave(&m, frame); /* Which changes the order of the table. */
        fake_enter(&m, frame, 0);
    }
    double sum = 0;
    for (uint32_t frame = 0; frame < frames; frame += step) {
        assert_true(seen[frame] > 0);
        double off = (double)seen[frame] - DRAWS_EACH;
        sum += off * off / DRAWS_EACH;
    }
    return sum;
}

static void each_page_has_the_same_chance(void **state)
{
    (void)state;
    assert_true(chi_square(TAKEABLE) < CHI_SQUARE_99_P999);
}

/* 2.5 % may be taken: one search in five ends in a scan. */
static void so_has_each_when_few_may_be_taken(void **state)
{
    (void)state;
    assert_true(chi_square(40 * TAKEABLE) < CHI_SQUARE_99_P999);
}

static void a_victim_costs_few_questions_when_most_may_be_taken(void **state)
{
    (void)state;
    static struct fake_memory m;
    const struct replace_config config = config_of(FAKE_FRAMES);
    fake_init(&m, &replace_random, &config, 0);
    for (uint32_t frame = 0; frame < FAKE_FRAMES; frame++) {
        fake_enter(&m, frame, 0);
        m.frames[frame].is_pinned = frame % 4 == 0;
    }
    for (int i = 0; i < 10000; i++) {
        fake_victim(&m);
    }
    assert_in_range(m.questions, 13000, 13700); /* 10000 / 0.75. */
}

static void a_lone_page_among_many_is_found_in_one_scan(void **state)
{
    (void)state;
    static struct fake_memory m;
    const struct replace_config config = config_of(FAKE_FRAMES);
    fake_init(&m, &replace_random, &config, 0);
    for (uint32_t frame = 0; frame < FAKE_FRAMES; frame++) {
        fake_enter(&m, frame, 0);
        m.frames[frame].is_pinned = frame != 2222;
    }
    for (int i = 0; i < 100; i++) {
        m.questions = 0;
        assert_int_equal(fake_victim(&m), 2222);
        assert_true(m.questions <= FAKE_FRAMES + 64);
    }
}

static void the_seed_says_which(void **state)
{
    (void)state;
    static struct fake_memory m;
    uint32_t victims[3][100];
    for (int k = 0; k < 3; k++) {
        const struct replace_config config = config_of(FAKE_FRAMES);
        fake_init(&m, &replace_random, &config, 0);
        rng_init(&m.host.rng, k == 2 ? 4 : 3, "replacement", 0);
        for (uint32_t frame = 0; frame < FAKE_FRAMES; frame++) {
            fake_enter(&m, frame, 0);
        }
        for (int i = 0; i < 100; i++) {
            victims[k][i] = fake_evict(&m);
        }
    }
    assert_memory_equal(victims[0], victims[1], sizeof(victims[0]));
    assert_memory_not_equal(victims[0], victims[2], sizeof(victims[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_page_has_the_same_chance),
        cmocka_unit_test(so_has_each_when_few_may_be_taken),
        cmocka_unit_test(a_victim_costs_few_questions_when_most_may_be_taken),
        cmocka_unit_test(a_lone_page_among_many_is_found_in_one_scan),
        cmocka_unit_test(the_seed_says_which),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
