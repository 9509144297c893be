/* test_claims.c - the table of claims says what it must, of each of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/lab/paper/claim.h"
#include "tests/paper/made_up.h"

#define LEAST_EMERGENT 10

static void each_claim_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (const struct claim *c = claim_first(); c; c = claim_next(c)) {
        assert_int_equal(
            strspn(c->name, "abcdefghijklmnopqrstuvwxyz0123456789-"),
            strlen(c->name));
        assert_ptr_equal(claim_find(c->name), c);
    }
    assert_null(claim_find("no such claim"));
}

static void each_says_what_the_paper_says(void **state)
{
    (void)state;
    for (const struct claim *c = claim_first(); c; c = claim_next(c)) {
        assert_true(strlen(c->claim) > 10);
        assert_true(strlen(c->paper) > 3);
        assert_non_null(c->node);
        assert_non_null(c->judge);
        /* A line is cut at these. */
        assert_null(strchr(c->claim, '|'));
        assert_null(strchr(c->paper, '|'));
    }
}

static void
what_emerges_has_a_rule_and_runs_and_nothing_else_has_a_rule(void **state)
{
    (void)state;
    int emergent = 0;
    for (const struct claim *c = claim_first(); c; c = claim_next(c)) {
        assert_int_equal(c->kind == CLAIM_EMERGENT, c->rule != NULL);
        assert_true(c->kind == CLAIM_INPUT || c->base);
        emergent += c->kind == CLAIM_EMERGENT;
    }
    assert_true(emergent >= LEAST_EMERGENT);
}

/* Values on an axis rise, and are no more than there is room for. */
static void check_values(const char *values)
{
    double last = -1;
    int count = 0;
    for (const char *at = values; *at;) {
        char *end = NULL;
        double value = strtod(at, &end);
        assert_true(end > at && value > last);
        last = value;
        count++;
        at = end;
        at += *at == ' ';
    }
    assert_in_range(count, 1, CLAIM_X_LIMIT);
}

static void points_are_well_formed(void **state)
{
    (void)state;
    for (const struct claim *c = claim_first(); c; c = claim_next(c)) {
        if (!c->base) {
            continue;
        }
        char path[256];
        snprintf(path, sizeof(path), "workloads/paper/%s.yaml", c->base);
        assert_int_equal(access(path, R_OK), 0);
        assert_non_null(c->series[0].name);
        assert_non_null(c->measure[0].name);
        assert_true(c->measure[0].read || c->measure[0].scale > 0);
        assert_non_null(strchr(c->axis.sets, '@'));
        check_values(c->axis.quick);
        check_values(c->axis.full);
    }
}

static void what_is_drawn_beside_is_the_papers(void **state)
{
    (void)state;
    for (const struct claim *c = claim_first(); c; c = claim_next(c)) {
        for (int i = 0; i < CLAIM_MARK_LIMIT && c->mark[i].label; i++) {
            const struct claim_mark *m = &c->mark[i];
            assert_non_null(c->base);
            assert_non_null(strstr(m->label, "paper"));
            assert_non_null(strstr(m->label, "(node "));
            assert_true(m->low > 0 && m->low <= m->high);
            bool is_of_series = m->kind == CLAIM_TIMES || m->kind == CLAIM_PLUS;
            assert_true(!is_of_series ||
                        (m->low == m->high && c->series[m->series].name));
        }
    }
}

static void what_suggested_a_row_fits_into_the_table(void **state)
{
    (void)state;
    int independent = 0;
    for (const struct claim *c = claim_first(); c; c = claim_next(c)) {
        assert_true(!c->suggested_by || !strchr(c->suggested_by, '|'));
        independent += c->kind == CLAIM_EMERGENT && !c->suggested_by;
    }
    assert_true(independent >= LEAST_EMERGENT);
}

static void variants_are_settings(void **state)
{
    (void)state;
    for (const struct claim_series *v = claim_variants; v->name; v++) {
        assert_non_null(strchr(v->sets, '='));
    }
}

static void a_measure_is_a_figure_by_its_scale(void **state)
{
    (void)state;
    json_t *report = made_up_report();
    made_up_set(report, FIGURE_LOAD_LATENCY_P99, 2.5e6);
    made_up_set_group(report, 1, FIGURE_GROUP_SENT, 9);
    const struct claim_measure m = { "latency", "ms", FIGURE_LOAD_LATENCY_P99,
                                     1e6, NULL };
    assert_true(claim_measure(&m, report) == 2.5);
    assert_true(claim_figure(report, FIGURE_LOAD_LATENCY_P99) == 2.5e6);
    assert_true(claim_group_figure(report, 1, FIGURE_GROUP_SENT) == 9);
    json_decref(report);
}

static void a_report_that_lacks_a_figure_is_found_out(void **state)
{
    (void)state;
    json_t *report = made_up_report();
    struct figure_ref missing;
    json_object_del(report, "host"); /* A database does not keep it there. */
    assert_false(figure_find_missing(report, &missing));
    json_object_del(json_array_get(json_object_get(report, "groups"), 1),
                    "sent");
    assert_true(figure_find_missing(report, &missing));
    assert_int_equal(missing.id, FIGURE_GROUP_SENT);
    assert_int_equal(missing.group, 1);
    json_object_del(json_object_get(report, "load"), "open");
    assert_true(figure_find_missing(report, &missing));
    assert_int_equal(missing.id, FIGURE_LOAD_OPEN);
    json_decref(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_claim_has_a_name_of_its_own),
        cmocka_unit_test(each_says_what_the_paper_says),
        cmocka_unit_test(
            what_emerges_has_a_rule_and_runs_and_nothing_else_has_a_rule),
        cmocka_unit_test(points_are_well_formed),
        cmocka_unit_test(what_is_drawn_beside_is_the_papers),
        cmocka_unit_test(what_suggested_a_row_fits_into_the_table),
        cmocka_unit_test(variants_are_settings),
        cmocka_unit_test(a_measure_is_a_figure_by_its_scale),
        cmocka_unit_test(a_report_that_lacks_a_figure_is_found_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
