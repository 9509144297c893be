/*
 * test_bounds.c - the bounds of all rules, as constants of this file. They were
 * taken from the rules before models changed, and do not move: a rule that
 * decides otherwise at its bound fails here.
 *
 * Each bound is probed from outside: results are made up so that one number of
 * them decides, and the rule is asked a little below the bound, at it, and a
 * little above.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/lab/paper/claim.h"
#include "tests/paper/made_up.h"

#define X_LIMIT   4
#define STEP      1e-6
#define TEXT_SIZE 16

/* In x and y a negative number stands for its magnitude times the number that
   is probed. */
struct bound {
    const char *claim;
    double at;
    const char *holds; /* Below, at and above: y, n; ?: rounding decides. */
    made_up_fn *report;
    double x[X_LIMIT]; /* Ended by a 0. */
    double y[CLAIM_SERIES_LIMIT][X_LIMIT];
};

static const struct bound bounds[] = {
    { "switch-memory",
      1.5,
      "n?y",
      made_up_turns,
      { 1, 256 },
      { { 1, -3.9 / 9 }, { 1, -1 }, { 1, 1 } } },
    { "switch-memory",
      0.303333333,
      "n?y",
      made_up_turns,
      { 1, 256 },
      { { 1, -9 }, { 1, 9 }, { 1, 1 } } },
    { "switch-memory",
      0.563333333,
      "y?n",
      made_up_turns,
      { 1, 256 },
      { { 1, -9 }, { 1, 9 }, { 1, 1 } } },
    { "tcp-throughput", 483.65, "n?y", made_up_payload, { 4 }, { { -1 } } },
    { "tcp-throughput", 654.35, "y?n", made_up_payload, { 4 }, { { -1 } } },
    { "http-size",
      0.95,
      "n?y",
      made_up_payload,
      { 1, 2, 3 },
      { { 10, 200, -200 } } },
    { "http-size", 10, "n?y", made_up_payload, { 1, 2 }, { { 10, -10 } } },
    { "fig4-few", 0.95, "n?y", made_up_payload, { 1 }, { { -9 }, { 9 } } },
    { "fig4-few", 1.05, "y?n", made_up_payload, { 1 }, { { -9 }, { 9 } } },
    { "fig4-few",
      10,
      "nny",
      made_up_payload,
      { 1, -1 },
      { { 9, 9 }, { 9, 8 } } },
    { "fig4-gain", 1.05, "n?y", made_up_payload, { 100 }, { { -9 }, { 9 } } },
    { "fig4-gain", 1.35, "y?n", made_up_payload, { 100 }, { { -9 }, { 9 } } },
    { "fig4-gain", 10, "nyy", made_up_payload, { -1 }, { { 10 }, { 9 } } },
    { "fig4-gain", 800, "yyn", made_up_payload, { -1 }, { { 10 }, { 9 } } },
    { "fig4-cause", 0.5, "n?y", made_up_ten_us, { 100 }, { { 0 }, { -1 } } },
    { "fig4-cause", 1, "nny", made_up_switching, { 100 }, { { 1 }, { -1 } } },
    { "fig4-cause", 800, "yyn", made_up_switching, { -1 }, { { 1 }, { 2 } } },
    { "fig4-paging",
      0.9,
      "n?y",
      made_up_payload,
      { 10, 1000 },
      { { 900, -40 }, { 900, 40 } } },
    { "fig4-paging",
      1.1,
      "y?n",
      made_up_payload,
      { 10, 1000 },
      { { 900, -40 }, { 900, 40 } } },
    { "fig4-paging",
      0.5,
      "y?n",
      made_up_payload,
      { 10, 1000 },
      { { 900, -900 }, { 900, -900 } } },
    { "fig5-factor", 2, "n?y", made_up_payload, { 100 }, { { -9 }, { 9 } } },
    { "fig5-shape",
      0.9,
      "y?n",
      made_up_payload,
      { 10, 800 },
      { { 1000, -1000 }, { 500, 500 } } },
    { "fig5-shape",
      1.2,
      "n?y",
      made_up_payload,
      { 10, 800 },
      { { -500, 500 }, { 500, 500 } } },
    { "fig5-shape",
      800,
      "nyy",
      made_up_payload,
      { 10, -1, 2000 },
      { { 1000, 500, 2500 }, { 500, 500, 500 } } },
    /* One more datagram costs 26 us with the simple card. */
    { "pcnet32-rx",
      1.27,
      "n?y",
      made_up_busy,
      { 10, 20 },
      { { 0, -260 }, { 0, 260 } } },
    { "pcnet32-rx",
      1.57,
      "y?n",
      made_up_busy,
      { 10, 20 },
      { { 0, -260 }, { 0, 260 } } },
    { "fig8-in-core",
      0.9,
      "n?y",
      made_up_payload,
      { 100, 800 },
      { { 1000, -1000 } } },
    { "fig8-in-core",
      100,
      "ynn",
      made_up_payload,
      { -1, 800 },
      { { 500, 1000 } } },
    { "fig8-in-core",
      800,
      "nny",
      made_up_payload,
      { 100, -1 },
      { { 1000, 500 } } },
    { "fig8-cliff",
      0.2,
      "y?n",
      made_up_payload,
      { 800, 1200 },
      { { 1000, -1000 } } },
    { "fig8-cliff",
      800,
      "nyy",
      made_up_payload,
      { -1, 1000, 1200 },
      { { 1000, 10, 190 } } },
    { "fig8-cliff",
      1200,
      "nyy",
      made_up_payload,
      { 800, -1, 2000 },
      { { 1000, 10, 900 } } },
    { "fig8-place",
      500,
      "nyy",
      made_up_payload,
      { 100, -1, 2000 },
      { { 1000, 1000, 10 } } },
    { "fig8-place",
      0.5,
      "y?n",
      made_up_payload,
      { 500, 1000 },
      { { 1000, -1000 } } },
    { "fig8-object",
      0.9,
      "n?y",
      made_up_payload,
      { 100, 400, 1000 },
      { { 1000, -1000, 10 } } },
    { "fig8-object",
      0.2,
      "y?n",
      made_up_payload,
      { 100, 400, 1000 },
      { { 1000, 1000, -1000 } } },
    { "fig8-object",
      100,
      "ynn",
      made_up_payload,
      { -1, 400, 1000 },
      { { 500, 1000, 10 } } },
    { "fig8-object",
      400,
      "nny",
      made_up_payload,
      { 100, -1, 1000 },
      { { 1000, 500, 10 } } },
    { "fig9-block",
      0.5,
      "n?y",
      made_up_payload,
      { 800, 1000 },
      { { 1000, -1000 }, { 1000, 10 }, { 1000, 10 } } },
    { "skew", 2, "n?y", made_up_payload, { 0.1, 1.2 }, { { 20, -20 } } },
    { "wsclock",
      1.05,
      "n?y",
      made_up_payload,
      { 60 },
      { { -9 }, { 9 }, { 9 }, { 9 }, { 9 } } },
    { "vms-10000", 10000, "nyy", made_up_fewer, { 10000 }, { { -1 } } },
    { "vms-10000", 10000, "nyy", made_up_asked, { 10000 }, { { -1 } } },
    { "vms-10000", 10000, "nyn", made_up_ten_thousand, { 10000 }, { { -1 } } },
    { "vms-10000", 0, "?yn", made_up_faulted, { 10000 }, { { -1 } } },
    { "fig12-latency", 1.1, "y?n", made_up_latency, { 8, 32 }, { { -9, 9 } } },
    { "fig12-latency", 0.9, "n?y", made_up_latency, { 8, 32 }, { { -9, 9 } } },
    { "fig12-latency", 1, "ynn", made_up_latency, { -1, 32 }, { { 5, 9 } } },
    { "fig12-latency",
      32,
      "nyy",
      made_up_latency,
      { 8, -1, 64 },
      { { 50, 50, 90 } } },
    { "fig12-updates", 1.1, "y?n", made_up_updates, { 8, 32 }, { { -9, 9 } } },
    { "fig12-updates", 0.9, "n?y", made_up_updates, { 8, 32 }, { { -9, 9 } } },
    { "fig12-updates", 1, "ynn", made_up_updates, { -1, 32 }, { { 5, 9 } } },
    { "fig12-updates",
      32,
      "nyy",
      made_up_updates,
      { 8, -1, 64 },
      { { 40, 40, 30 } } },
    { "fig12-beyond", 1.1, "y?n", made_up_latency, { 32, 64 }, { { 9, -9 } } },
    { "fig12-beyond", 0.9, "n?y", made_up_latency, { 32, 64 }, { { 9, -9 } } },
    { "fig12-beyond",
      64,
      "nyy",
      made_up_latency,
      { 32, -1, 128 },
      { { 50, 50, 90 } } },
    { "starvation", 0, "nny", made_up_least, { 10 }, { { -1 } } },
    { "starvation", 0, "?yn", made_up_timeouts, { 10 }, { { -1 } } },
};

#define BOUND_COUNT (sizeof(bounds) / sizeof(bounds[0]))

static double probed(double number, double probe)
{
    return number < 0 ? -number * probe : number;
}

static bool holds_at(const struct bound *b, double probe)
{
    const struct claim *c = claim_find(b->claim);
    assert_non_null(c);
    struct claim_view v = { .claim = c, .seed_count = 1 };
    char texts[X_LIMIT][TEXT_SIZE];
    json_t *reports = json_array(); /* Owns them. */
    while (v.x_count < X_LIMIT && b->x[v.x_count] != 0) {
        v.x[v.x_count] = probed(b->x[v.x_count], probe);
        snprintf(texts[v.x_count], TEXT_SIZE, "%g", v.x[v.x_count]);
        v.x_text[v.x_count] = texts[v.x_count];
        v.x_count++;
    }
    while (c->series[v.series_count].name) {
        for (uint32_t i = 0; i < v.x_count; i++) {
            double y = probed(b->y[v.series_count][i], probe);
            json_t *report = b->report(y);
            /* One rule looks at x in the report. */
            made_up_set(report, FIGURE_NET_RX_PACKETS, v.x[i]);
            assert_int_equal(json_array_append_new(reports, report), 0);
            v.reports[v.series_count][i][0] = report;
        }
        v.series_count++;
    }
    struct claim_judgement j = { .holds = false };
    c->judge(&v, &j);
    json_decref(reports);
    return j.holds;
}

static void each_rule_decides_at_its_bounds(void **state)
{
    (void)state;
    for (size_t i = 0; i < BOUND_COUNT; i++) {
        const struct bound *b = &bounds[i];
        for (int side = -1; side <= 1; side++) {
            char expected = b->holds[side + 1];
            double probe = b->at + side * STEP * fmax(1, b->at);
            if (expected != '?' && holds_at(b, probe) != (expected == 'y')) {
                fail_msg("%s, bound %zu: at %.9g it %s", b->claim, i, probe,
                         expected == 'y' ? "does not hold" : "holds");
            }
        }
    }
}

static void each_rule_has_a_bound_here(void **state)
{
    (void)state;
    for (const struct claim *c = claim_first(); c; c = claim_next(c)) {
        int count = 0;
        for (size_t i = 0; i < BOUND_COUNT; i++) {
            count += strcmp(bounds[i].claim, c->name) == 0;
        }
        if ((c->kind == CLAIM_EMERGENT) != (count > 0)) {
            fail_msg("%s has %d bounds", c->name, count);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_decides_at_its_bounds),
        cmocka_unit_test(each_rule_has_a_bound_here),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
