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

#define LEAST_EMERGENT 10

static void each_claim_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (const struct claim *c = claims; c->name; c++) {
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
    for (const struct claim *c = claims; c->name; c++) {
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
    for (const struct claim *c = claims; c->name; c++) {
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
    for (const struct claim *c = claims; c->name; c++) {
        if (!c->base) {
            continue;
        }
        char path[256];
        snprintf(path, sizeof(path), "workloads/paper/%s.yaml", c->base);
        assert_int_equal(access(path, R_OK), 0);
        assert_non_null(c->series[0].name);
        assert_non_null(c->measure[0].name);
        assert_non_null(c->measure[0].read);
        assert_non_null(strchr(c->axis.sets, '@'));
        check_values(c->axis.quick);
        check_values(c->axis.full);
    }
}

static void variants_are_settings(void **state)
{
    (void)state;
    for (const struct claim_series *v = claim_variants; v->name; v++) {
        assert_non_null(strchr(v->sets, '='));
    }
}

static void numbers_are_found_by_their_path(void **state)
{
    (void)state;
    json_t *report = json_pack("{s:{s:f}, s:[{s:i}, {s:i}]}", "load", "rps",
                               2.5, "groups", "cpu", 7, "cpu", 9);
    assert_true(claim_number(report, "load.rps") == 2.5);
    assert_true(claim_number(report, "groups.1.cpu") == 9);
    assert_true(claim_number(report, "load.none") == 0);
    assert_true(claim_number(report, "none.none") == 0);
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
        cmocka_unit_test(variants_are_settings),
        cmocka_unit_test(numbers_are_found_by_their_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
