/* test_metric.c - conditions as people write them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/lab/compare/metric.h"

/* cmocka of Debian 12 compares only floats. */
static void expect_near(double value, double wanted, double slack)
{
    if (!(fabs(value - wanted) <= slack)) {
        fail_msg("%.17g instead of %.17g", value, wanted);
    }
}

static void conditions_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *metric;
        double value;
        enum condition_operator relation;
        bool is_percent, is_signed;
    } rows[] = {
        { "p99 > +5%", "p99", 0.05, MORE, true, true },
        { "p99>5%", "p99", 0.05, MORE, true, false },
        { " p99.9 <= 100ms ", "p99.9", 1e8, LESS_OR_EQUAL, false, false },
        { "p50 > +1.5us", "p50", 1500, MORE, false, true },
        { "throughput < -2.5%", "throughput", -0.025, LESS, true, true },
        { "throughput >= 900", "throughput", 900, MORE_OR_EQUAL, false, false },
        { "failed > 0", "failed", 0, MORE, false, false },
        { "fairness<0.9", "fairness", 0.9, LESS, false, false },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct condition c;
        char message[CONDITION_MESSAGE_BYTES] = "";
        if (!condition_parse(rows[i].text, &c, message)) {
            fail_msg("%s: %s", rows[i].text, message);
        }
        assert_string_equal(c.metric->name, rows[i].metric);
        assert_int_equal(c.relation, rows[i].relation);
        expect_near(c.value, rows[i].value, 1e-12);
        assert_int_equal(c.is_percent, rows[i].is_percent);
        assert_int_equal(c.is_signed, rows[i].is_signed);
    }
}

static void what_is_no_condition_is_one_sentence(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } rows[] = {
        { "", "there is no ''" },
        { "p98 > 5%", "there is no 'p98'; known: throughput, p50" },
        { "p99", "one of < <= > >=" },
        { "p99 = 5ms", "one of < <= > >=" },
        { "p99 >", "is to be a number" },
        { "p99 > %", "is to be a number" },
        { "p99 > 5% more", "is to be a number" },
        { "p99 > 100", "unit" },
        { "p99 > 5 ms", "is to be a number" },
        { "throughput > 5ms", "the value must be" },
        { "throughput > ++5", "is to be a number" },
        { "throughput > five", "the value must be" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct condition c;
        char message[CONDITION_MESSAGE_BYTES] = "";
        if (condition_parse(rows[i].text, &c, message)) {
            fail_msg("'%s' is read", rows[i].text);
        }
        if (!strstr(message, rows[i].says)) {
            fail_msg("'%s': %s", rows[i].text, message);
        }
        assert_null(strchr(message, '\n'));
    }
}

static void figures_are_written_with_their_units(void **state)
{
    (void)state;
    static const struct {
        const char *metric;
        double value;
        const char *text;
    } rows[] = {
        { "p99", 0, "0 ns" },
        { "p99", 123456, "123.5 us" },
        { "p99", 999960, "1 ms" },
        { "p99", 2.5e9, "2.5 s" },
        { "faults", 1234567, "1,234,567" },
        { "faults", -1234, "-1,234" },
        { "fairness", 0.98761, "0.9876" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[METRIC_TEXT_BYTES];
        metric_write(metric_find(rows[i].metric), rows[i].value, text);
        assert_string_equal(text, rows[i].text);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_are_read),
        cmocka_unit_test(what_is_no_condition_is_one_sentence),
        cmocka_unit_test(figures_are_written_with_their_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
