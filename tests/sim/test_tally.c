/* test_tally.c - what several windows were, together, in words and in JSON. */
#include "sim/steady/tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Reports of one word each; '!' behind it: overloaded. */
static struct steady_tally tally_of(const char *const *classes)
{
    struct steady_tally t = { .runs = 0 };
    for (; *classes; classes++) {
        int bytes = (int)strcspn(*classes, "!");
        json_t *report =
            json_pack("{s:{s:s%, s:b}}", "steady", "class", *classes, bytes,
                      "overloaded", (*classes)[bytes] == '!');
        assert_non_null(report);
        steady_tally_add(&t, report);
        json_decref(report);
    }
    return t;
}

static void expect(const char *const *classes, const char *words,
                   const char *as_json)
{
    char text[STEADY_TALLY_BYTES];
    struct steady_tally t = tally_of(classes);
    steady_tally_write(&t, text);
    assert_string_equal(text, words);
    json_t *got = steady_tally_to_json(&t);
    json_t *want = json_loads(as_json, 0, NULL);
    assert_true(got && want);
    assert_true(json_equal(got, want));
    json_decref(got);
    json_decref(want);
}

#define EXPECT(words, as_json, ...) \
    expect((const char *const[]){ __VA_ARGS__, NULL }, words, as_json)

static void windows_of_one_class_are_that(void **state)
{
    (void)state;
    EXPECT("flat", "{\"flat\": 2}", "flat", "flat");
    EXPECT("warm-up", "{\"warm-up\": 1}", "warm-up");
    EXPECT("no-steady-state", "{\"no-steady-state\": 1}", "no-steady-state");
}

static void what_is_overloaded_is_said_if_all_of_its_class_are(void **state)
{
    (void)state;
    EXPECT("overloaded", "{\"no-steady-state\": 2}", "no-steady-state!",
           "no-steady-state!");
    EXPECT("no-steady-state", "{\"no-steady-state\": 2}", "no-steady-state!",
           "no-steady-state");
}

static void windows_of_several_classes_are_inconsistent(void **state)
{
    (void)state;
    EXPECT("inconsistent (5 flat, 1 warm-up)", "{\"flat\": 5, \"warm-up\": 1}",
           "flat", "flat", "warm-up", "flat", "flat", "flat");
    EXPECT("inconsistent (1 drift, 1 overloaded)",
           "{\"drift\": 1, \"no-steady-state\": 1}", "no-steady-state!",
           "drift");
}

/* A report of an older version, or of a word that is none. */
static void who_does_not_say_is_not_counted(void **state)
{
    (void)state;
    EXPECT("flat", "{\"flat\": 1}", "flat", "level");
    EXPECT("unknown", "{}", "level");
    struct steady_tally t = { .runs = 0 };
    json_t *report = json_object();
    steady_tally_add(&t, report);
    json_decref(report);
    assert_int_equal(t.runs, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_of_one_class_are_that),
        cmocka_unit_test(what_is_overloaded_is_said_if_all_of_its_class_are),
        cmocka_unit_test(windows_of_several_classes_are_inconsistent),
        cmocka_unit_test(who_does_not_say_is_not_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
