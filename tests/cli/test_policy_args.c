/* test_policy_args.c - what is said of arguments that no policy has, or that
   are out of its limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "cli/run/choice/policy_args.h"
#include "tests/ik/edf_args.h"

static const struct policy_facts edf = { .name = "edf",
                                         .args = edf_args,
                                         .vm_args = edf_vm_args };
static const struct policy_facts plain = { .name = "plain" };
static const struct scenario_arg soon = { "deadline", "2us" };

static void an_argument_that_nobody_asks_for_is_a_sentence(void **state)
{
    (void)state;
    static const struct {
        struct scenario_arg arg;
        const char *text; /* NULL: it is right. */
    } rows[] = {
        { { "rest", "1ms" }, NULL },
        { { "strict", "true" }, NULL },
        { { "depth", "9" }, NULL },
        { { "rets", "1ms" },
          "the scheduler 'edf' has no such argument, "
          "perhaps rest (it has: rest, strict, depth)" },
        { { "depth", "10" }, "must be at most 9, not 10" },
        { { "depth", "1" }, "must be at least 2, not 1" },
        { { "strict", "1" }, "must be true or false, not 1" },
        { { "rest", "2s" }, "must be at most 1s, not 2s" },
    };
    struct scenario_vms groups[2] = { { .name = "a" },
                                      { .name = "b", .item = 1 } };
    struct scenario s = { .vms = groups, .group_count = 2 };
    const struct policy_facts *const facts[POLICY_KIND_COUNT] = {
        [POLICY_GATEKEEPER] = &plain,
        [POLICY_SCHEDULER] = &edf,
        [POLICY_REPLACEMENT] = &plain,
    };
    struct policy_args_complaint wrong;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        s.scheduler_args = (struct scenario_args){ &rows[i].arg, 1 };
        assert_int_equal(policy_args_check(&s, facts, &wrong), !rows[i].text);
        if (rows[i].text) {
            char key[64];
            snprintf(key, sizeof(key), "kernel.scheduler_args.%s",
                     rows[i].arg.name);
            assert_string_equal(wrong.key, key);
            assert_string_equal(wrong.text, rows[i].text);
        }
    }
    s.scheduler_args.count = 0;
    s.gatekeeper_args = (struct scenario_args){ &rows[0].arg, 1 };
    assert_false(policy_args_check(&s, facts, &wrong));
    assert_string_equal(wrong.text,
                        "the gatekeeper 'plain' has no such arguments");
    s.gatekeeper_args.count = 0;
    groups[1].policy_args = (struct scenario_args){ &soon, 1 };
    assert_true(policy_args_check(&s, facts, &wrong));
    groups[1].policy_args = (struct scenario_args){ &rows[0].arg, 1 };
    assert_false(policy_args_check(&s, facts, &wrong));
    assert_string_equal(wrong.key, "vms[1].policy_args.rest");
}

static void a_value_is_written_as_a_scenario_has_it(void **state)
{
    (void)state;
    static const struct {
        size_t row;
        uint64_t value;
        const char *text;
    } rows[] = {
        { 0, 1500000, "1500us" }, { 0, SECOND_NS, "1s" }, { 1, 1, "true" },
        { 1, 0, "false" },        { 2, 7, "7" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[UNITS_BYTES];
        policy_args_write(&edf_args[rows[i].row], rows[i].value, text);
        assert_string_equal(text, rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_argument_that_nobody_asks_for_is_a_sentence),
        cmocka_unit_test(a_value_is_written_as_a_scenario_has_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
