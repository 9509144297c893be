/* test_capacity_ladder.c - the values that a search for capacity may try. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/lab/capacity/ladder.h"

static void steps_of_a_tenth_reach_one(void **state)
{
    (void)state;
    struct ladder l = { .is_whole = false };
    char text[LADDER_VALUE_BYTES];
    assert_true(ladder_make_even(&l, 0, 1, 0.1));
    assert_int_equal(l.last, 10);
    ladder_write(&l, 3, text);
    assert_string_equal(text, "0.3");
    ladder_write(&l, 10, text);
    assert_string_equal(text, "1");
    assert_true(ladder_value(&l, -1) < 0);
    ladder_release(&l);
}

static void a_step_that_misses_the_end_stops_before_it(void **state)
{
    (void)state;
    struct ladder l = { .is_whole = true };
    assert_true(ladder_make_even(&l, 10, 39, 10));
    assert_int_equal(l.last, 2);
    assert_true(ladder_value(&l, 2) == 30);
    ladder_release(&l);
}

/* Each value is larger than the one before, by no more than the part or 1, and
   the ends are those of the span. */
static void a_part_leaves_no_gap_that_is_larger(void **state)
{
    (void)state;
    static const double spans[][2] = { { 1, 9 }, { 10, 5000 }, { 600, 602 },
                                       { 7, 7 }, { 100, 101 }, { 3, 1e6 } };
    static const double parts[] = { 0.001, 0.02, 0.05, 1 };
    for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
        for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]); k++) {
            for (int whole = 0; whole < 2; whole++) {
                struct ladder l = { .is_whole = whole };
                assert_true(ladder_make_relative(&l, spans[i][0], spans[i][1],
                                                 parts[k]));
                assert_true(l.values[0] == spans[i][0]);
                assert_true(l.values[l.last] == spans[i][1]);
                for (uint64_t n = 0; n < l.last; n++) {
                    double gap = l.values[n + 1] - l.values[n];
                    double most = l.values[n] * parts[k];
                    assert_true(gap > 0);
                    assert_true(gap <= (whole ? fmax(most + 0.5, 1)
                                              : most + l.values[n] * 1e-5));
                    assert_true(!whole || l.values[n] == floor(l.values[n]));
                }
                ladder_release(&l);
            }
        }
    }
}

static void numbers_are_short(void **state)
{
    (void)state;
    struct ladder l = { .is_whole = false };
    char text[LADDER_VALUE_BYTES];
    assert_true(ladder_make_relative(&l, 0.001, 1000, 0.02));
    for (uint64_t n = 0; n <= l.last; n++) {
        ladder_write(&l, n, text);
        assert_true(strlen(text) <= strlen("0.00123456"));
    }
    ladder_release(&l);
}

static void too_many_values_are_refused(void **state)
{
    (void)state;
    struct ladder l = { .is_whole = false };
    assert_false(ladder_make_even(&l, 0, 1, 1e-30));
    assert_false(ladder_make_even(&l, 0, LADDER_LIMIT, 1));
    assert_true(ladder_make_even(&l, 1, LADDER_LIMIT, 1));
    ladder_release(&l);
    assert_false(ladder_make_relative(&l, 1e-300, 1e300, 1e-5));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_of_a_tenth_reach_one),
        cmocka_unit_test(a_step_that_misses_the_end_stops_before_it),
        cmocka_unit_test(a_part_leaves_no_gap_that_is_larger),
        cmocka_unit_test(numbers_are_short),
        cmocka_unit_test(too_many_values_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
