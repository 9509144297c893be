/* test_nearest.c - which known word a wrong one was perhaps meant to be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/vocabulary/nearest.h"

static const char *nearest_of(const char *wrong)
{
    static const char *const known[] = { "set",   "seed",  "until",
                                         "check", "trace", "instructions",
                                         "p",     NULL };
    struct nearest n = { .wrong = wrong };
    for (size_t i = 0; known[i]; i++) {
        nearest_try(&n, known[i]);
    }
    return n.best;
}

static void a_letter_that_is_wrong_or_twice_is_near(void **state)
{
    (void)state;
    assert_string_equal(nearest_of("untill"), "until");
    assert_string_equal(nearest_of("trade"), "trace");
    assert_string_equal(nearest_of("chekc"), "check");
}

static void of_two_as_near_the_longer_one_is_meant(void **state)
{
    (void)state;
    assert_string_equal(nearest_of("sed"), "seed");
    assert_string_equal(nearest_of("st"), "set");
}

static void
the_beginning_of_a_word_is_near_but_a_whole_one_is_nearer(void **state)
{
    (void)state;
    assert_string_equal(nearest_of("instr"), "instructions");
    assert_string_equal(nearest_of("see"), "seed");
    assert_null(nearest_of("in"));
}

static void what_is_far_has_none_and_so_has_a_word_without_end(void **state)
{
    (void)state;
    char text[400];
    memset(text, 's', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_null(nearest_of("colour"));
    assert_null(nearest_of(text));
    struct nearest n = { .wrong = "set" };
    nearest_try(&n, text);
    assert_null(n.best);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_letter_that_is_wrong_or_twice_is_near),
        cmocka_unit_test(of_two_as_near_the_longer_one_is_meant),
        cmocka_unit_test(
            the_beginning_of_a_word_is_near_but_a_whole_one_is_nearer),
        cmocka_unit_test(what_is_far_has_none_and_so_has_a_word_without_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
