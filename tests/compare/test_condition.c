/* test_condition.c - conditions as people write them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/lab/compare/condition.h"

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
        const char *text;
        enum figure_id id;
        double value;
        enum condition_operator relation;
        bool is_percent, is_signed;
    } rows[] = {
        { "p99 > +5%", FIGURE_LOAD_LATENCY_P99, 0.05, MORE, true, true },
        { "p99>5%", FIGURE_LOAD_LATENCY_P99, 0.05, MORE, true, false },
        { " p99.9 <= 100ms ", FIGURE_LOAD_LATENCY_P999, 1e8, LESS_OR_EQUAL,
          false, false },
        { "p50 > +1.5us", FIGURE_LOAD_LATENCY_P50, 1500, MORE, false, true },
        { "answered < -2.5%", FIGURE_LOAD_ANSWERED, -0.025, LESS, true, true },
        { "answered >= 900", FIGURE_LOAD_ANSWERED, 900, MORE_OR_EQUAL, false,
          false },
        { "failed > 0", FIGURE_LOAD_FAILED, 0, MORE, false, false },
        { "fairness<0.9", FIGURE_FAIRNESS_CPU, 0.9, LESS, false, false },
        { "virq.delay_ns.p99 < 1ms", FIGURE_VIRQ_DELAY_P99, 1e6, LESS, false,
          false },
        { "net.tx_bytes >= 2MiB", FIGURE_NET_TX_BYTES, 2097152, MORE_OR_EQUAL,
          false, false },
        { "groups[1].sent > 5", FIGURE_GROUP_SENT, 5, MORE, false, false },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct condition c;
        char message[CONDITION_MESSAGE_BYTES] = "";
        if (!condition_parse(rows[i].text, &c, message)) {
            fail_msg("%s: %s", rows[i].text, message);
        }
        assert_int_equal(c.figure.id, rows[i].id);
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
        { "", "there is no figure ''" },
        { "p98 > 5%", "there is no figure 'p98', perhaps p9" },
        { "load.latency_ns > 5ms", "there is no figure 'load.latency_ns'" },
        { "net.tx_bytes > 5ms", "the value must be" },
        { "p99", "one of < <= > >=" },
        { "p99 = 5ms", "one of < <= > >=" },
        { "p99 >", "must be a number" },
        { "p99 > %", "must be a number" },
        { "p99 > 5% more", "must be a number" },
        { "p99 > 100", "unit" },
        { "p99 > 5 ms", "must be a number" },
        { "answered > 5ms", "the value must be" },
        { "answered > ++5", "must be a number" },
        { "answered > five", "the value must be" },
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

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_are_read),
        cmocka_unit_test(what_is_no_condition_is_one_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
