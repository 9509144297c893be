/*
 * test_vm_name.c - a VM has one name, and whatever people may call it means it
 * and no other.
 */
#include "sim/vocabulary/vm_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct vm_group groups[] = {
    { "web", 0, 3 },
    { "web-1", 3, 2 }, /* As the second VM of the first group is called. */
    { "db", 5, 1 },
    { "7", 6, 4 },
};

static const struct vm_roster roster = { 4, groups };

#define VMS 10

static void every_vm_has_a_name_of_its_own(void **state)
{
    (void)state;
    static const char *const names[VMS] = { "web-0",   "web-1",   "web-2",
                                            "web-1-0", "web-1-1", "db-0",
                                            "7-0",     "7-1",     "7-2",
                                            "7-3" };
    assert_int_equal(vm_roster_limit(&roster), VMS);
    for (uint32_t vm = 0; vm < VMS; vm++) {
        assert_string_equal(vm_name(&roster, vm).chars, names[vm]);
    }
    assert_string_equal(vm_name(&roster, VMS).chars, "VM 10");
    assert_string_equal(vm_name(&roster, UINT32_MAX).chars, "VM 4294967295");
}

static void the_number_stands_where_the_name_has_another(void **state)
{
    (void)state;
    assert_string_equal(vm_name_and_number(&roster, 2).chars, "web-2");
    assert_string_equal(vm_name_and_number(&roster, 5).chars, "db-0 (VM 5)");
    assert_string_equal(vm_name_and_number(&roster, 10).chars, "VM 10");
}

static void a_number_and_a_name_mean_the_same_vm(void **state)
{
    (void)state;
    char message[VM_NAME_MESSAGE_BYTES];
    for (uint32_t vm = 0; vm < VMS; vm++) {
        char number[16];
        uint32_t by_name = 99;
        uint32_t by_number = 99;
        (void)snprintf(number, sizeof(number), "%u", vm);
        assert_true(vm_name_read(&roster, vm_name(&roster, vm).chars, &by_name,
                                 message));
        assert_true(vm_name_read(&roster, number, &by_number, message));
        assert_int_equal(by_name, vm);
        assert_int_equal(by_number, vm);
    }
}

static void a_group_of_one_is_its_vm(void **state)
{
    (void)state;
    char message[VM_NAME_MESSAGE_BYTES];
    uint32_t vm = 99;
    assert_true(vm_name_read(&roster, "db", &vm, message));
    assert_int_equal(vm, 5);
    assert_false(vm_name_read(&roster, "web", &vm, message));
    assert_string_equal(message, "'web' is 3 VMs: name one, such as web-0");
    assert_int_equal(vm, 5);
}

static void what_means_no_vm_is_refused_in_one_sentence(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",    "10",   "web-3", "web-",        "-1",   "-",  "db-00x", "we",
        "0-x", "web0", "db-1",  "99999999999", "web,", "+1", " 1",     "WEB-0",
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        char message[VM_NAME_MESSAGE_BYTES];
        char expected[VM_NAME_MESSAGE_BYTES];
        uint32_t vm = 99;
        assert_false(vm_name_read(&roster, wrong[i], &vm, message));
        (void)snprintf(expected, sizeof(expected),
                       "there is no VM '%s': VMs of this run are 0 to 9, or "
                       "web-0 to 7-3 by name",
                       wrong[i]);
        assert_string_equal(message, expected);
        assert_int_equal(vm, 99);
    }
}

/* "++..+" for the VMs chosen. */
static void expect_list(const char *list, const char *expected)
{
    char message[VM_NAME_MESSAGE_BYTES];
    bool chosen[VMS] = { false };
    char seen[VMS + 1] = { 0 };
    assert_true(vm_name_read_list(&roster, list, chosen, message));
    for (uint32_t vm = 0; vm < VMS; vm++) {
        seen[vm] = chosen[vm] ? '+' : '.';
    }
    assert_string_equal(seen, expected);
}

static void a_list_has_numbers_names_groups_and_ranges(void **state)
{
    (void)state;
    expect_list("3", "...+......");
    expect_list("web", "+++.......");
    expect_list("web-1", ".+........"); /* The VM, not the group. */
    expect_list("web-1-0,web-1-1", "...++.....");
    expect_list("2-5", "..++++....");
    expect_list("7-3", ".........+"); /* The VM, not a range. */
    expect_list("db,0,8-9", "+....+..++");
    expect_list("0-9,web", "++++++++++");
    char message[VM_NAME_MESSAGE_BYTES];
    bool chosen[VMS] = { false };
    assert_false(vm_name_read_list(&roster, "web,5-10", chosen, message));
    assert_non_null(strstr(message, "there is no VM '5-10'"));
    assert_false(vm_name_read_list(&roster, "web,", chosen, message));
    assert_false(vm_name_read_list(&roster, "5-4", chosen, message));
}

static void one_vm_is_named_when_another_is_asked_for(void **state)
{
    (void)state;
    struct vm_group group = { "pager", 0, 1 };
    const struct vm_roster one = { 1, &group };
    char message[VM_NAME_MESSAGE_BYTES];
    uint32_t vm;
    assert_false(vm_name_read(&one, "1", &vm, message));
    assert_string_equal(
        message, "there is no VM '1': the run has one, number 0 or pager-0");
}

static void a_roster_of_nobody_knows_nobody(void **state)
{
    (void)state;
    const struct vm_roster nobody = { 0, NULL };
    char message[VM_NAME_MESSAGE_BYTES];
    uint32_t vm;
    assert_int_equal(vm_roster_limit(&nobody), 0);
    assert_int_equal(vm_roster_group(&nobody, 0), 0);
    assert_false(vm_name_read(&nobody, "0", &vm, message));
    assert_string_equal(message, "there is no VM '0': the run has none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_vm_has_a_name_of_its_own),
        cmocka_unit_test(the_number_stands_where_the_name_has_another),
        cmocka_unit_test(a_number_and_a_name_mean_the_same_vm),
        cmocka_unit_test(a_group_of_one_is_its_vm),
        cmocka_unit_test(what_means_no_vm_is_refused_in_one_sentence),
        cmocka_unit_test(a_list_has_numbers_names_groups_and_ranges),
        cmocka_unit_test(one_vm_is_named_when_another_is_asked_for),
        cmocka_unit_test(a_roster_of_nobody_knows_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
