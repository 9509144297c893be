/*
 * test_rules.c - each rule on results that were made up: such that it holds,
 * and such that it does not, for each way in which it may fail; and what each
 * claim says of results, whose sentences were computed by hand.
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
    bool holds; /* If the claim has a rule. */
    made_up_fn *report;
    double y[CLAIM_SERIES_LIMIT][X_LIMIT];
    const char *says; /* NULL: another example of the claim has it. */
};

static const struct example examples[] = {
    { "switch-memory",
      true,
      made_up_turns,
      { { 2, 2, 2, 3, 4 }, { 3, 4, 5, 7, 9 }, { 3, 4, 5, 7, 9 } },
      "4.0 us with one, 9.0 us with two; 3.0 times that of the least memory" },
    /* Memory costs nothing; one VM pays nothing; one pays as much. */
    { "switch-memory",
      false,
      made_up_turns,
      { { 4, 4, 4, 4, 4 }, { 9, 9, 9, 9, 9 }, { 9, 9, 9, 9, 9 } },
      NULL },
    { "switch-memory",
      false,
      made_up_turns,
      { { 1, 1, 1, 1, 1 }, { 3, 4, 5, 7, 9 }, { 3, 4, 5, 7, 9 } },
      NULL },
    { "switch-memory",
      false,
      made_up_turns,
      { { 3, 4, 5, 7, 9 }, { 3, 4, 5, 7, 9 }, { 3, 4, 5, 7, 9 } },
      NULL },
    { "tcp-throughput",
      true,
      made_up_payload,
      { { 300, 560, 600 } },
      "600 Mbit/s" },
    { "tcp-throughput", false, made_up_payload, { { 300, 400, 480 } }, NULL },
    { "tcp-throughput", false, made_up_payload, { { 300, 560, 660 } }, NULL },
    { "http-size",
      true,
      made_up_payload,
      { { 5, 40, 90, 300, 500, 490 } },
      "5.0 Mbit/s at 100 bytes to 490 at 100000" },
    { "http-size",
      false,
      made_up_payload,
      { { 5, 40, 90, 300, 500, 400 } },
      NULL },
    { "http-size",
      false,
      made_up_payload,
      { { 80, 90, 90, 300, 500, 500 } },
      NULL },
    { "fig4-few",
      true,
      made_up_payload,
      { { 900, 900, 1, 1, 1, 1 },
        { 910, 890, 9, 9, 9, 9 },
        { 910, 890, 9, 9, 9, 9 } },
      "batched/nested 0.989 to 1.011 up to 10 VMs" },
    { "fig4-few",
      false,
      made_up_payload,
      { { 900, 900, 900, 9, 9, 9 },
        { 900, 800, 900, 9, 9, 9 },
        { 900, 800, 900, 9, 9, 9 } },
      NULL },
    { "fig4-gain",
      true,
      made_up_payload,
      { { 900, 900, 900, 900, 900, 9 },
        { 900, 900, 800, 700, 720, 9 },
        { 900, 900, 800, 750, 720, 9 } },
      "at most +28.6 % over nested, at 400 VMs; +25.0 % over synchronous" },
    /* None; too much; only where paging is. */
    { "fig4-gain",
      false,
      made_up_payload,
      { { 900, 900, 900, 900, 900, 9 },
        { 900, 900, 900, 890, 880, 9 },
        { 900, 900, 900, 890, 880, 9 } },
      NULL },
    { "fig4-gain",
      false,
      made_up_payload,
      { { 900, 900, 900, 900, 900, 9 },
        { 900, 900, 800, 500, 500, 9 },
        { 900, 900, 800, 500, 500, 9 } },
      NULL },
    { "fig4-gain",
      false,
      made_up_payload,
      { { 900, 900, 900, 900, 900, 90 },
        { 900, 900, 900, 900, 900, 80 },
        { 900, 900, 900, 900, 900, 80 } },
      NULL },
    { "fig4-cause",
      true,
      made_up_switching,
      { { 1, 1, 1, 2, 2, 2 }, { 1, 2, 5, 9, 20, 30 }, { 1, 2, 5, 9, 20, 30 } },
      "of 18.0 us saved a document at 800 VMs, 18.0 us are switching" },
    { "fig4-cause",
      false,
      made_up_little_switching,
      { { 1, 1, 1, 2, 2, 2 }, { 1, 2, 5, 9, 20, 30 }, { 1, 2, 5, 9, 20, 30 } },
      NULL },
    { "fig4-cause",
      false,
      made_up_switching,
      { { 5, 5, 5, 5, 5, 5 }, { 5, 5, 5, 5, 5, 5 }, { 5, 5, 5, 5, 5, 5 } },
      NULL },
    { "fig4-paging",
      true,
      made_up_payload,
      { { 900, 40 }, { 900, 41 }, { 900, 41 } },
      "batched/nested 0.98 at 1000 VMs, 4.4 % of that at 10" },
    /* Still a gain; no paging at all; nothing at all. */
    { "fig4-paging",
      false,
      made_up_payload,
      { { 900, 40 }, { 900, 30 }, { 900, 30 } },
      NULL },
    { "fig4-paging",
      false,
      made_up_payload,
      { { 900, 800 }, { 900, 800 }, { 900, 800 } },
      NULL },
    { "fig4-paging",
      false,
      made_up_payload,
      { { 900, 1e-15 }, { 900, 1e-15 }, { 900, 1e-15 } },
      NULL },
    { "fig5-factor",
      true,
      made_up_payload,
      { { 900, 900, 900, 900 }, { 900, 400, 500, 700 } },
      "at most a factor of 2.2, at 10 VMs" },
    { "fig5-factor",
      false,
      made_up_payload,
      { { 900, 900, 900, 900 }, { 900, 500, 500, 700 } },
      NULL },
    { "fig5-shape",
      true,
      made_up_payload,
      { { 900, 900, 900, 900 }, { 900, 400, 500, 700 } },
      "1.00 at 1 VM, worst 2.25 at 10, 1.29 at 800" },
    /* It grows on; it does not ease; there is none. */
    { "fig5-shape",
      false,
      made_up_payload,
      { { 900, 900, 900, 900 }, { 900, 700, 600, 400 } },
      NULL },
    { "fig5-shape",
      false,
      made_up_payload,
      { { 900, 900, 900, 900 }, { 900, 400, 405, 410 } },
      NULL },
    { "fig5-shape",
      false,
      made_up_payload,
      { { 900, 900, 900, 900 }, { 900, 800, 850, 900 } },
      NULL },
    { "pcnet32-rx",
      true,
      made_up_busy,
      { { 240, 380 }, { 100, 200 } },
      "40 % more a packet (14.0 us, not 10.0); 0 sent" },
    { "pcnet32-rx", false, made_up_busy, { { 240, 360 }, { 100, 200 } }, NULL },
    { "pcnet32-rx", false, made_up_busy, { { 140, 300 }, { 100, 200 } }, NULL },
    /* It answers. */
    { "pcnet32-rx",
      false,
      made_up_answering,
      { { 240, 380 }, { 100, 200 } },
      NULL },
    { "fig8-in-core",
      true,
      made_up_payload,
      { { 5000, 9900, 9500, 9400, 9000, 20, 10 } },
      "9400 to 9900 Mbit/s from 100 to 800 VMs" },
    { "fig8-in-core",
      false,
      made_up_payload,
      { { 9900, 9900, 9500, 8400, 9000, 20, 10 } },
      NULL },
    { "fig8-cliff",
      true,
      made_up_payload,
      { { 9900, 9900, 9900, 9900, 9900, 1900, 10 } },
      "9900 Mbit/s at 800 VMs, 1900.0 at 1,200" },
    { "fig8-cliff",
      false,
      made_up_payload,
      { { 9900, 9900, 9900, 9900, 9900, 2100, 10 } },
      NULL },
    { "fig8-place",
      true,
      made_up_payload,
      { { 9900, 9900, 9900, 40 } },
      "after 1000 VMs" },
    /* None; too early. */
    { "fig8-place",
      false,
      made_up_payload,
      { { 9900, 9900, 9900, 9900 } },
      "none up to 2000 VMs" },
    { "fig8-place", false, made_up_payload, { { 9900, 40, 30, 20 } }, NULL },
    { "fig8-object",
      true,
      made_up_payload,
      { { 600, 570, 20 } },
      "570 to 600 Mbit/s up to 400 VMs, 20.0 at 1000" },
    { "fig8-object", false, made_up_payload, { { 600, 500, 20 } }, NULL },
    { "fig8-object", false, made_up_payload, { { 600, 570, 200 } }, NULL },
    { "fig9-block",
      true,
      made_up_payload,
      { { 900, 900, 900, 900, 20 },
        { 900, 900, 900, 20, 20 },
        { 900, 900, 20, 20, 20 } },
      "half after 2000, 1000, 500 VMs with 4, 16, 64 KiB" },
    /* All alike; the other way round. */
    { "fig9-block",
      false,
      made_up_payload,
      { { 900, 900, 900, 20, 20 },
        { 900, 900, 900, 20, 20 },
        { 900, 900, 900, 20, 20 } },
      NULL },
    { "fig9-block",
      false,
      made_up_payload,
      { { 900, 900, 20, 20, 20 },
        { 900, 900, 900, 20, 20 },
        { 900, 900, 900, 900, 20 } },
      NULL },
    { "skew",
      true,
      made_up_payload,
      { { 20, 30, 41 } },
      "20.000 Mbit/s evenly, 41.000 with Zipf 1.2" },
    { "skew", false, made_up_payload, { { 20, 30, 39 } }, NULL },
    { "wsclock",
      true,
      made_up_payload,
      { { 9, 9, 11 }, { 9, 9, 10 }, { 9, 9, 9 }, { 9, 9, 9 }, { 9, 9, 9 } },
      "wsclock/clock 1.10 at 60 VMs (11.000 and 10.000 Mbit/s)" },
    { "wsclock",
      false,
      made_up_payload,
      { { 9, 9, 10 }, { 9, 9, 10 }, { 9, 9, 9 }, { 9, 9, 9 }, { 9, 9, 9 } },
      NULL },
    { "vms-10000", true, made_up_ten_thousand, { { 10000 } }, NULL },
    { "vms-10000",
      false,
      made_up_ten_thousand,
      { { 9999 } },
      "10000 VMs, 9999 of 10000 asked have answered" },
    { "vms-10000", false, made_up_fewer, { { 9000 } }, NULL },
    { "fig12-latency",
      true,
      made_up_latency,
      { { 50, 46, 50, 54, 90, 900, 900, 900 } },
      "46 to 50 ms up to 32 VMs" },
    { "fig12-latency",
      false,
      made_up_latency,
      { { 44, 50, 50, 50, 50, 50, 50, 50 } },
      NULL },
    { "fig12-updates",
      true,
      made_up_updates,
      { { 40, 37, 40, 9, 9, 9, 9, 9 } },
      "37 to 40 1/s up to 32 VMs" },
    { "fig12-updates",
      false,
      made_up_updates,
      { { 40, 40, 35, 40, 40, 40, 40, 40 } },
      NULL },
    { "fig12-beyond",
      true,
      made_up_latency,
      { { 50, 50, 50, 54, 70, 900, 900, 900 } },
      "latency alike up to 64 VMs; 70 ms at 128" },
    { "fig12-beyond",
      false,
      made_up_latency,
      { { 50, 50, 50, 56, 50, 50, 50, 50 } },
      NULL },
    { "starvation",
      true,
      made_up_least,
      { { 90, 9, 1 } },
      "the least of any VM: 1.00 ms of processor; 0 requests lost" },
    { "starvation", false, made_up_starved, { { 90, 9, 1 } }, NULL },
    { "starvation",
      false,
      made_up_timeouts,
      { { 1, 1, 1 } },
      "the least of any VM: 90.00 ms of processor; 3 requests lost" },
    /* Those without a rule. */
    { "switch-paid",
      false,
      made_up_switches,
      { { 1.25, 2, 3, 4, 8.5 } },
      "1.25 us at 1 page, 8.50 us at 256 pages" },
    { "fig5-latency",
      false,
      made_up_latency,
      { { 1, 2, 3.4 }, { 5, 6, 56 } },
      "3.4 ms on average at 100 VMs, 56 when they spin" },
    /* 1700 cycles a us, over 10 packets received and 30 sent. */
    { "pcnet32-pio-rx",
      false,
      made_up_pio,
      { { 8, 7 }, { 4, 6 } },
      "170 cycles more for a packet" },
    /* Over 200 received and 30 sent. */
    { "pcnet32-pio",
      false,
      made_up_pio,
      { { 46, 7 }, { 23, 6 } },
      "170 cycles more for a packet" },
    { "tables",
      false,
      made_up_tables,
      { { 1.5 }, { 39.1 } },
      "1.5 MiB of page tables on demand, 39.1 MiB eagerly" },
    { "fairness",
      false,
      made_up_shares,
      { { 40 }, { 1 }, { 2 }, { 3 }, { 5 }, { 6 }, { 7 }, { 8 } },
      "spinning get 0.60, serving 1.60, faulting 1.20 of their share" },
    { "gaming",
      false,
      made_up_shares,
      { { 5, 40 },
        { 6, 20 },
        { 7, 1 },
        { 7, 2 },
        { 7, 3 },
        { 7, 8 },
        { 7, 9 },
        { 7, 7 } },
      "with the boost 1.60 of its share, without 0.80" },
    { "delay",
      false,
      made_up_delay,
      { { 9, 3.2 }, { 8, 2.1 }, { 7, 4.3 } },
      "99 % within 3.2 ms batched, 2.1 nested, 4.3 synchronous, by 10 "
      "spinning" },
    /* Inputs: no run decides them. 1700 MHz, 1.4 us, and 66 pages of 196 cycles;
       80.8 MiB are 10,000 times 8,472 bytes. */
    { "machine",
      false,
      NULL,
      { { 0 } },
      "1700 MHz, 1 GiB, 1000 Mbit/s, 3 disks of 80 GB" },
    { "switch-best", false, NULL, { { 0 } }, "1.4 us (2380 cycles)" },
    { "switch-worst",
      false,
      NULL,
      { { 0 } },
      "9.0 us (15316 cycles, 66 pages)" },
    { "pio", false, NULL, { { 0 } }, "2050 cycles (1.2 us) each" },
    { "metadata",
      false,
      NULL,
      { { 0 } },
      "8472 bytes a VM, 80.8 MiB for 10,000" },
};

#define EXAMPLE_COUNT (sizeof(examples) / sizeof(examples[0]))

/* The view of the claim's quick runs, had they come to this. */
static void fill(struct claim_view *v, const struct claim *c,
                 const struct example *e, char texts[CLAIM_X_LIMIT][16],
                 json_t *reports)
{
    *v = (struct claim_view){ .claim = c, .seed_count = 1 };
    if (!c->base) {
        return;
    }
    for (const char *at = c->axis.quick; *at;) {
        size_t length = strcspn(at, " ");
        char *text = texts[v->x_count];
        snprintf(text, 16, "%.*s", (int)length, at);
        v->x_text[v->x_count] = text;
        v->x[v->x_count++] = strtod(text, NULL);
        at += length + (at[length] == ' ');
    }
    while (v->series_count < CLAIM_SERIES_LIMIT &&
           c->series[v->series_count].name) {
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
        if (c->rule && j.holds != e->holds) {
            fail_msg("example %zu, %s: %s, and so it %s", i, e->claim, j.ours,
                     j.holds ? "holds" : "does not hold");
        }
        if (e->says) {
            assert_string_equal(j.ours, e->says);
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

/* Of `costs` the sentence is the model's own. */
static void each_claim_has_a_sentence_that_is_checked(void **state)
{
    (void)state;
    for (const struct claim *c = claim_first(); c; c = claim_next(c)) {
        bool is_checked = strcmp(c->name, "costs") == 0;
        for (size_t i = 0; i < EXAMPLE_COUNT; i++) {
            is_checked =
                is_checked ||
                (examples[i].says && strcmp(examples[i].claim, c->name) == 0);
        }
        if (!is_checked) {
            fail_msg("%s: nobody reads what it says", c->name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_judge_both_ways),
        cmocka_unit_test(each_rule_has_examples_of_both),
        cmocka_unit_test(each_claim_has_a_sentence_that_is_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
