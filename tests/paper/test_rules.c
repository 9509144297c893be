/*
 * test_rules.c - each rule on results that were made up: such that it holds,
 * and such that it does not, for each way in which it may fail.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/lab/paper/claim.h"
#include "tests/paper/made_up.h"

#define X_LIMIT 8

/* Values of y by series and place on the quick axis; 0 ends a series. */
struct example {
    const char *claim;
    bool holds;
    made_up_fn *report;
    double y[CLAIM_SERIES_LIMIT][X_LIMIT];
};

static const struct example examples[] = {
    { "switch-memory",
      true,
      made_up_turns,
      { { 2, 2, 2, 3, 4 }, { 3, 4, 5, 7, 9 }, { 3, 4, 5, 7, 9 } } },
    /* Memory costs nothing; one VM pays nothing; one pays as much. */
    { "switch-memory",
      false,
      made_up_turns,
      { { 4, 4, 4, 4, 4 }, { 9, 9, 9, 9, 9 }, { 9, 9, 9, 9, 9 } } },
    { "switch-memory",
      false,
      made_up_turns,
      { { 1, 1, 1, 1, 1 }, { 3, 4, 5, 7, 9 }, { 3, 4, 5, 7, 9 } } },
    { "switch-memory",
      false,
      made_up_turns,
      { { 3, 4, 5, 7, 9 }, { 3, 4, 5, 7, 9 }, { 3, 4, 5, 7, 9 } } },
    { "tcp-throughput", true, made_up_payload, { { 300, 560, 600 } } },
    { "tcp-throughput", false, made_up_payload, { { 300, 400, 480 } } },
    { "tcp-throughput", false, made_up_payload, { { 300, 560, 660 } } },
    { "http-size", true, made_up_payload, { { 5, 40, 90, 300, 500, 490 } } },
    { "http-size", false, made_up_payload, { { 5, 40, 90, 300, 500, 400 } } },
    { "http-size", false, made_up_payload, { { 80, 90, 90, 300, 500, 500 } } },
    { "fig4-few",
      true,
      made_up_payload,
      { { 900, 900, 1, 1, 1, 1 },
        { 910, 890, 9, 9, 9, 9 },
        { 910, 890, 9, 9, 9, 9 } } },
    { "fig4-few",
      false,
      made_up_payload,
      { { 900, 900, 900, 9, 9, 9 },
        { 900, 800, 900, 9, 9, 9 },
        { 900, 800, 900, 9, 9, 9 } } },
    { "fig4-gain",
      true,
      made_up_payload,
      { { 900, 900, 900, 900, 900, 9 },
        { 900, 900, 800, 700, 720, 9 },
        { 900, 900, 800, 700, 720, 9 } } },
    /* None; too much; only where paging is. */
    { "fig4-gain",
      false,
      made_up_payload,
      { { 900, 900, 900, 900, 900, 9 },
        { 900, 900, 900, 890, 880, 9 },
        { 900, 900, 900, 890, 880, 9 } } },
    { "fig4-gain",
      false,
      made_up_payload,
      { { 900, 900, 900, 900, 900, 9 },
        { 900, 900, 800, 500, 500, 9 },
        { 900, 900, 800, 500, 500, 9 } } },
    { "fig4-gain",
      false,
      made_up_payload,
      { { 900, 900, 900, 900, 900, 90 },
        { 900, 900, 900, 900, 900, 80 },
        { 900, 900, 900, 900, 900, 80 } } },
    { "fig4-cause",
      true,
      made_up_switching,
      { { 1, 1, 1, 2, 2, 2 },
        { 1, 2, 5, 9, 20, 30 },
        { 1, 2, 5, 9, 20, 30 } } },
    { "fig4-cause",
      false,
      made_up_little_switching,
      { { 1, 1, 1, 2, 2, 2 },
        { 1, 2, 5, 9, 20, 30 },
        { 1, 2, 5, 9, 20, 30 } } },
    { "fig4-cause",
      false,
      made_up_switching,
      { { 5, 5, 5, 5, 5, 5 }, { 5, 5, 5, 5, 5, 5 }, { 5, 5, 5, 5, 5, 5 } } },
    { "fig4-paging",
      true,
      made_up_payload,
      { { 900, 40 }, { 900, 41 }, { 900, 41 } } },
    /* Still a gain; no paging at all; nothing at all. */
    { "fig4-paging",
      false,
      made_up_payload,
      { { 900, 40 }, { 900, 30 }, { 900, 30 } } },
    { "fig4-paging",
      false,
      made_up_payload,
      { { 900, 800 }, { 900, 800 }, { 900, 800 } } },
    { "fig4-paging",
      false,
      made_up_payload,
      { { 900, 1e-15 }, { 900, 1e-15 }, { 900, 1e-15 } } },
    { "fig5-factor",
      true,
      made_up_payload,
      { { 900, 900, 900, 900 }, { 900, 400, 500, 700 } } },
    { "fig5-factor",
      false,
      made_up_payload,
      { { 900, 900, 900, 900 }, { 900, 500, 500, 700 } } },
    { "fig5-shape",
      true,
      made_up_payload,
      { { 900, 900, 900, 900 }, { 900, 400, 500, 700 } } },
    /* It grows on; it does not ease; there is none. */
    { "fig5-shape",
      false,
      made_up_payload,
      { { 900, 900, 900, 900 }, { 900, 700, 600, 400 } } },
    { "fig5-shape",
      false,
      made_up_payload,
      { { 900, 900, 900, 900 }, { 900, 400, 405, 410 } } },
    { "fig5-shape",
      false,
      made_up_payload,
      { { 900, 900, 900, 900 }, { 900, 800, 850, 900 } } },
    { "pcnet32-rx", true, made_up_busy, { { 240, 380 }, { 100, 200 } } },
    { "pcnet32-rx", false, made_up_busy, { { 240, 360 }, { 100, 200 } } },
    { "pcnet32-rx", false, made_up_busy, { { 140, 300 }, { 100, 200 } } },
    /* It answers. */
    { "pcnet32-rx", false, made_up_answering, { { 240, 380 }, { 100, 200 } } },
    { "fig8-in-core",
      true,
      made_up_payload,
      { { 5000, 9900, 9500, 9400, 9000, 20, 10 } } },
    { "fig8-in-core",
      false,
      made_up_payload,
      { { 9900, 9900, 9500, 8400, 9000, 20, 10 } } },
    { "fig8-cliff",
      true,
      made_up_payload,
      { { 9900, 9900, 9900, 9900, 9900, 1900, 10 } } },
    { "fig8-cliff",
      false,
      made_up_payload,
      { { 9900, 9900, 9900, 9900, 9900, 2100, 10 } } },
    { "fig8-place", true, made_up_payload, { { 9900, 9900, 9900, 40 } } },
    /* None; too early. */
    { "fig8-place", false, made_up_payload, { { 9900, 9900, 9900, 9900 } } },
    { "fig8-place", false, made_up_payload, { { 9900, 40, 30, 20 } } },
    { "fig8-object", true, made_up_payload, { { 600, 570, 20 } } },
    { "fig8-object", false, made_up_payload, { { 600, 500, 20 } } },
    { "fig8-object", false, made_up_payload, { { 600, 570, 200 } } },
    { "fig9-block",
      true,
      made_up_payload,
      { { 900, 900, 900, 900, 20 },
        { 900, 900, 900, 20, 20 },
        { 900, 900, 20, 20, 20 } } },
    /* All alike; the other way round. */
    { "fig9-block",
      false,
      made_up_payload,
      { { 900, 900, 900, 20, 20 },
        { 900, 900, 900, 20, 20 },
        { 900, 900, 900, 20, 20 } } },
    { "fig9-block",
      false,
      made_up_payload,
      { { 900, 900, 20, 20, 20 },
        { 900, 900, 900, 20, 20 },
        { 900, 900, 900, 900, 20 } } },
    { "skew", true, made_up_payload, { { 20, 30, 41 } } },
    { "skew", false, made_up_payload, { { 20, 30, 39 } } },
    { "wsclock",
      true,
      made_up_payload,
      { { 9, 9, 11 }, { 9, 9, 10 }, { 9, 9, 9 }, { 9, 9, 9 }, { 9, 9, 9 } } },
    { "wsclock",
      false,
      made_up_payload,
      { { 9, 9, 10 }, { 9, 9, 10 }, { 9, 9, 9 }, { 9, 9, 9 }, { 9, 9, 9 } } },
    { "vms-10000", true, made_up_ten_thousand, { { 10000 } } },
    { "vms-10000", false, made_up_ten_thousand, { { 9999 } } },
    { "vms-10000", false, made_up_fewer, { { 9000 } } },
    { "fig12-latency",
      true,
      made_up_latency,
      { { 50, 46, 50, 54, 90, 900, 900, 900 } } },
    { "fig12-latency",
      false,
      made_up_latency,
      { { 44, 50, 50, 50, 50, 50, 50, 50 } } },
    { "fig12-updates",
      true,
      made_up_updates,
      { { 40, 37, 40, 9, 9, 9, 9, 9 } } },
    { "fig12-updates",
      false,
      made_up_updates,
      { { 40, 40, 35, 40, 40, 40, 40, 40 } } },
    { "fig12-beyond",
      true,
      made_up_latency,
      { { 50, 50, 50, 54, 70, 900, 900, 900 } } },
    { "fig12-beyond",
      false,
      made_up_latency,
      { { 50, 50, 50, 56, 50, 50, 50, 50 } } },
    { "starvation", true, made_up_least, { { 90, 9, 1 } } },
    { "starvation", false, made_up_starved, { { 90, 9, 1 } } },
    { "starvation", false, made_up_timeouts, { { 1, 1, 1 } } },
};

#define EXAMPLE_COUNT (sizeof(examples) / sizeof(examples[0]))

/* The view of the claim's quick runs, had they come to this. */
static void fill(struct claim_view *v, const struct claim *c,
                 const struct example *e, char texts[CLAIM_X_LIMIT][16],
                 json_t *reports)
{
    *v = (struct claim_view){ .claim = c, .seed_count = 1 };
    for (const char *at = c->axis.quick; *at;) {
        size_t length = strcspn(at, " ");
        char *text = texts[v->x_count];
        snprintf(text, 16, "%.*s", (int)length, at);
        v->x_text[v->x_count] = text;
        v->x[v->x_count++] = strtod(text, NULL);
        at += length + (at[length] == ' ');
    }
    while (c->series[v->series_count].name) {
        for (uint32_t x = 0; x < v->x_count; x++) {
            double y = e->y[v->series_count][x];
            assert_true(y > 0); /* The example has one for each. */
            json_t *report = e->report(y);
            /* One rule looks at x in the report. */
            made_up_set(report, FIGURE_NET_RX_PACKETS, v->x[x]);
            assert_int_equal(json_array_append_new(reports, report), 0);
            v->reports[v->series_count][x][0] = report;
        }
        v->series_count++;
    }
}

static void rules_judge_both_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < EXAMPLE_COUNT; i++) {
        const struct example *e = &examples[i];
        const struct claim *c = claim_find(e->claim);
        assert_non_null(c);
        char texts[CLAIM_X_LIMIT][16];
        struct claim_view view;
        json_t *reports = json_array(); /* Owns them. */
        fill(&view, c, e, texts, reports);
        struct claim_judgement j = { .holds = false };
        c->judge(&view, &j);
        if (j.holds != e->holds) {
            fail_msg("example %zu, %s: %s, and so it %s", i, e->claim, j.ours,
                     j.holds ? "holds" : "does not hold");
        }
        assert_true(strlen(j.ours) > 3);
        assert_true(strlen(j.ours) + 1 < sizeof(j.ours));
        json_decref(reports);
    }
}

static void each_rule_has_examples_of_both(void **state)
{
    (void)state;
    for (const struct claim *c = claim_first(); c; c = claim_next(c)) {
        int holding = 0;
        int failing = 0;
        for (size_t i = 0; i < EXAMPLE_COUNT; i++) {
            bool is_of = strcmp(examples[i].claim, c->name) == 0;
            holding += is_of && examples[i].holds;
            failing += is_of && !examples[i].holds;
        }
        if (c->kind == CLAIM_EMERGENT && (holding == 0 || failing == 0)) {
            fail_msg("%s: %d examples that hold, %d that do not", c->name,
                     holding, failing);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_judge_both_ways),
        cmocka_unit_test(each_rule_has_examples_of_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
