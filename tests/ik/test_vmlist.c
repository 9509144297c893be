/* test_vmlist.c - queues of numbers over one table of links. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ik/queue/vmlist.h"

#define COUNT 5

static void push_all(struct vmlist *l, struct vmlink *links)
{
    *l = VMLIST_EMPTY;
    for (vmid_t vm = 0; vm < COUNT; vm++) {
        vmlist_push(l, links, vm);
    }
}

static void what_is_pushed_first_is_popped_first(void **state)
{
    (void)state;
    struct vmlink links[COUNT];
    struct vmlist l;
    push_all(&l, links);
    assert_int_equal(l.count, COUNT);
    for (vmid_t vm = 0; vm < COUNT; vm++) {
        assert_int_equal(vmlist_pop(&l, links), vm);
    }
    assert_true(vmlist_is_empty(&l));
    assert_int_equal(vmlist_pop(&l, links), VM_NONE);
    assert_int_equal(l.count, 0);
}

static void each_one_can_leave_from_where_it_stands(void **state)
{
    (void)state;
    for (vmid_t gone = 0; gone < COUNT; gone++) {
        struct vmlink links[COUNT];
        struct vmlist l;
        push_all(&l, links);
        vmlist_remove(&l, links, gone);
        assert_int_equal(l.count, COUNT - 1);
        for (vmid_t vm = 0; vm < COUNT; vm++) {
            if (vm != gone) {
                assert_int_equal(vmlist_pop(&l, links), vm);
            }
        }
        assert_true(vmlist_is_empty(&l));
    }
}

static void the_last_one_leaves_an_empty_queue(void **state)
{
    (void)state;
    struct vmlink links[COUNT];
    struct vmlist l = VMLIST_EMPTY;
    vmlist_push(&l, links, 3);
    vmlist_remove(&l, links, 3);
    assert_true(vmlist_is_empty(&l));
    vmlist_push(&l, links, 3);
    vmlist_push(&l, links, 1);
    assert_int_equal(vmlist_pop(&l, links), 3);
    assert_int_equal(vmlist_pop(&l, links), 1);
}

static void two_queues_share_one_table(void **state)
{
    (void)state;
    struct vmlink links[COUNT];
    struct vmlist even = VMLIST_EMPTY;
    struct vmlist odd = VMLIST_EMPTY;
    for (vmid_t vm = 0; vm < COUNT; vm++) {
        vmlist_push(vm % 2 ? &odd : &even, links, vm);
    }
    assert_int_equal(vmlist_pop(&odd, links), 1);
    assert_int_equal(vmlist_pop(&even, links), 0);
    vmlist_push(&even, links, 1);
    assert_int_equal(vmlist_pop(&odd, links), 3);
    assert_int_equal(vmlist_pop(&even, links), 2);
    assert_int_equal(vmlist_pop(&even, links), 4);
    assert_int_equal(vmlist_pop(&even, links), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_pushed_first_is_popped_first),
        cmocka_unit_test(each_one_can_leave_from_where_it_stands),
        cmocka_unit_test(the_last_one_leaves_an_empty_queue),
        cmocka_unit_test(two_queues_share_one_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
