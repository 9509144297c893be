/* test_capacity_search.c - halving finds what trying all of them finds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/lab/capacity/search.h"

struct world {
    uint64_t meeting; /* Places below this one meet it. */
    uint64_t tries;
    bool seen[1000];
    uint64_t breaks_after; /* Tries; 0: never. */
};

static bool try_place(void *ctx, uint64_t place, bool *meets)
{
    struct world *w = ctx;
    assert_true(place < 1000);
    assert_false(w->seen[place]);
    w->seen[place] = true;
    *meets = place < w->meeting;
    return ++w->tries != w->breaks_after;
}

static void the_largest_is_found_wherever_it_is(void **state)
{
    (void)state;
    static const uint64_t lasts[] = { 0, 1, 2, 7, 8, 100 };
    for (size_t i = 0; i < sizeof(lasts) / sizeof(lasts[0]); i++) {
        for (uint64_t probes = 2; probes <= lasts[i] + 2; probes++) {
            for (uint64_t m = 0; m <= lasts[i] + 1; m++) {
                struct world w = { .meeting = m };
                struct search s = { .last = lasts[i], .probes = probes };
                assert_true(search_run(&s, try_place, &w));
                assert_int_equal(s.is_found, m > 0);
                assert_true(m == 0 || s.best == m - 1);
            }
        }
    }
}

static void a_guess_leads_to_the_same(void **state)
{
    (void)state;
    for (uint64_t last = 0; last <= 40; last++) {
        for (uint64_t guess = 0; guess <= last; guess++) {
            for (uint64_t m = 0; m <= last + 1; m++) {
                struct world w = { .meeting = m };
                struct search s = { .last = last, .guess = guess };
                assert_true(search_run(&s, try_place, &w));
                assert_int_equal(s.is_found, m > 0);
                assert_true(m == 0 || s.best == m - 1);
                assert_int_equal(s.above, m);
            }
        }
    }
}

static void a_good_guess_takes_two_tries(void **state)
{
    (void)state;
    struct world w = { .meeting = 617 };
    struct search s = { .last = 999, .guess = 616 };
    assert_true(search_run(&s, try_place, &w));
    assert_int_equal(s.best, 616);
    assert_int_equal(w.tries, 2);
}

static void few_tries_are_enough(void **state)
{
    (void)state;
    struct world w = { .meeting = 617 };
    struct search s = { .last = 999, .probes = 2 };
    assert_true(search_run(&s, try_place, &w));
    assert_int_equal(s.best, 616);
    assert_in_range(w.tries, 3, 12);
}

static void a_try_that_cannot_be_made_ends_it(void **state)
{
    (void)state;
    for (uint64_t after = 1; after < 6; after++) {
        struct world w = { .meeting = 617, .breaks_after = after };
        struct search s = { .last = 999, .probes = 2 };
        assert_false(search_run(&s, try_place, &w));
        assert_int_equal(w.tries, after);
    }
}

/* A search that is asked step by step knows no other one. */
static void searches_go_on_side_by_side(void **state)
{
    (void)state;
    static const uint64_t meeting[] = { 617, 0, 40, 1000, 616 };
    enum { COUNT = sizeof(meeting) / sizeof(meeting[0]) };
    struct search all[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        all[i] = (struct search){ .last = 999, .guess = 610 };
        search_begin(&all[i]);
    }
    uint64_t place;
    for (bool goes_on = true; goes_on;) {
        goes_on = false;
        for (size_t i = 0; i < COUNT; i++) {
            if (search_next(&all[i], &place)) {
                search_note(&all[i], place, place < meeting[i]);
                goes_on = true;
            }
        }
    }
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(all[i].is_found, meeting[i] > 0);
        assert_true(meeting[i] == 0 || all[i].best == meeting[i] - 1);
        assert_int_equal(all[i].above, meeting[i]);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_largest_is_found_wherever_it_is),
        cmocka_unit_test(a_guess_leads_to_the_same),
        cmocka_unit_test(a_good_guess_takes_two_tries),
        cmocka_unit_test(few_tries_are_enough),
        cmocka_unit_test(a_try_that_cannot_be_made_ends_it),
        cmocka_unit_test(searches_go_on_side_by_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
