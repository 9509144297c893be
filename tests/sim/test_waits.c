/*
 * test_waits.c - what each wait was for and who ended it, in histories of a few
 * events whose answers are plain. tests/explain/ holds the waits of whole runs to
 * what others know of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/waits/index.h"

#define VMS 4

static struct waits_index index_of;

static int begin(void **state)
{
    (void)state;
    return waits_index_init(&index_of, VMS, 2) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    waits_index_release(&index_of);
    return 0;
}

static void at(uint64_t time, struct trace_event event)
{
    event.time = time;
    waits_index_event(&index_of, &event);
}

static void is(uint32_t vm, uint64_t from, uint64_t to, enum wait_cause cause,
               uint32_t by)
{
    const struct stretch *s = waits_index_at(&index_of, vm, from);
    assert_non_null(s);
    assert_int_equal(s->from, from);
    assert_int_equal(s->to, to);
    assert_int_equal(s->cause, cause);
    assert_int_equal(s->by, by);
}

/* VM 0 runs from 100 to 200; VM 1 is ready from 110 on, and runs from 205 on,
   which the switch makes 210. */
static void who_left_the_processor_ends_a_wait_for_it(void **state)
{
    (void)state;
    for (uint32_t vm = 0; vm < 2; vm++) {
        at(0, TRACE_EVENT(create, vm, .memory = 1));
        at(50, TRACE_EVENT(arrive, vm, .waiting = 1));
    }
    at(100, TRACE_EVENT(charge, TRACE_NO_VM, .cycles = 100,
                        .category = CPU_INTERRUPT));
    at(100, TRACE_EVENT(ready, 0, .why = READY_ADMITTED));
    at(100, TRACE_EVENT(pick, 0, .quantum = 100));
    at(110, TRACE_EVENT(run, 0, .cycles = 10, .insns = 1));
    at(110, TRACE_EVENT(ready, 1, .why = READY_ADMITTED));
    at(200, TRACE_EVENT(run, 0, .cycles = 90, .insns = 1));
    at(200, TRACE_EVENT(ready, 0, .why = READY_QUANTUM));
    at(200, TRACE_EVENT(pick, 1, .quantum = 100));
    at(205, TRACE_EVENT(charge, 1, .cycles = 5, .category = CPU_SWITCH));
    at(300, TRACE_EVENT(run, 1, .cycles = 95, .insns = 1));
    at(300, TRACE_EVENT(end, 1, .why = VM_END_TERMINATE));
    at(300, TRACE_EVENT(pick, 0, .quantum = 100));
    at(310, TRACE_EVENT(run, 0, .cycles = 10, .insns = 1));
    assert_true(waits_index_finish(&index_of));
    is(0, 0, 50, CAUSE_KERNEL, TRACE_NO_VM);
    /* Nobody had run since VM 0 came to the gate: the kernel was at work. */
    is(0, 50, 100, CAUSE_KERNEL, TRACE_NO_VM);
    is(0, 100, 200, CAUSE_NONE, TRACE_NO_VM);
    is(1, 110, 200, CAUSE_PROCESSOR, 0);
    is(0, 200, 300, CAUSE_PROCESSOR, 1);
    struct antagonist who[4];
    size_t count =
        waits_antagonists(&index_of, waits_index_at(&index_of, 0, 250), who, 4);
    assert_int_equal(count, 2);
    assert_int_equal(who[0].vm, 1);
    assert_int_equal(who[0].category, CPU_GUEST);
    assert_int_equal(who[0].cycles, 95);
    assert_int_equal(who[1].category, CPU_SWITCH);
    assert_int_equal(who[1].cycles, 5);
    assert_int_equal(
        waits_antagonists(&index_of, waits_index_at(&index_of, 1, 150), who, 4),
        1);
    assert_int_equal(who[0].cycles, 90);
}

/* VM 1 comes to a gate that lets nobody in until VM 0 idles. VM 2 comes later,
   and gets in when a frame of VM 3's is free. */
static void who_left_room_ends_a_wait_at_the_gate(void **state)
{
    (void)state;
    for (uint32_t vm = 0; vm < VMS; vm++) {
        at(0, TRACE_EVENT(create, vm, .memory = 1));
    }
    at(0, TRACE_EVENT(arrive, 0, .waiting = 1));
    at(0, TRACE_EVENT(ready, 0, .why = READY_ADMITTED));
    at(0, TRACE_EVENT(pick, 0, .quantum = 1000));
    at(10, TRACE_EVENT(arrive, 1, .waiting = 1));
    at(20, TRACE_EVENT(arrive, 2, .waiting = 2));
    at(40, TRACE_EVENT(run, 0, .cycles = 40, .insns = 1));
    at(40, TRACE_EVENT(idle, 0, .deadline = UINT64_MAX));
    at(41, TRACE_EVENT(ready, 1, .why = READY_ADMITTED));
    at(41, TRACE_EVENT(pick, 1, .quantum = 1000));
    at(60, TRACE_EVENT(run, 1, .cycles = 19, .insns = 1));
    at(60,
       TRACE_EVENT(evict, 3, .page = 7, .frame = 1, .why = EVICTION_RECLAIM));
    at(61, TRACE_EVENT(ready, 2, .why = READY_ADMITTED));
    assert_true(waits_index_finish(&index_of));
    is(1, 10, 41, CAUSE_GATE, 0);
    is(2, 20, 61, CAUSE_FRAME, 3);
}

/* Spindle 1 reads for VM 0 from 10 to 100; VM 1, which asked at 20, is served
   from 100 to 190, and hears of it at 200. */
static void a_page_s_wait_is_the_spindle_s_queue_then_the_transfer(void **state)
{
    (void)state;
    for (uint32_t vm = 0; vm < 2; vm++) {
        at(0, TRACE_EVENT(create, vm, .memory = 1));
        at(0, TRACE_EVENT(pick, vm, .quantum = 1));
    }
    at(10, TRACE_EVENT(disk_read, 0, .disk = 1, .block = 5, .blocks = 1));
    at(10, TRACE_EVENT(block, 0, .why = VM_WAIT_READ));
    at(20, TRACE_EVENT(disk_read, 1, .disk = 1, .block = 9, .blocks = 1));
    at(21, TRACE_EVENT(block, 1, .why = VM_WAIT_READ));
    at(100, TRACE_EVENT(disk_done, 0, .disk = 1, .block = 5, .blocks = 1));
    at(100, TRACE_EVENT(ready, 0, .why = READY_PAGE));
    at(190, TRACE_EVENT(disk_done, 1, .disk = 1, .block = 9, .blocks = 1));
    at(200, TRACE_EVENT(ready, 1, .why = READY_PAGE));
    assert_true(waits_index_finish(&index_of));
    is(0, 10, 100, CAUSE_TRANSFER, TRACE_NO_VM);
    is(1, 21, 100, CAUSE_SPINDLE, 0);
    is(1, 100, 190, CAUSE_TRANSFER, TRACE_NO_VM);
    is(1, 190, 200, CAUSE_KERNEL, TRACE_NO_VM);
    struct antagonist who[2];
    assert_int_equal(
        waits_antagonists(&index_of, waits_index_at(&index_of, 1, 50), who, 2),
        1);
    assert_int_equal(who[0].vm, 0);
    assert_int_equal(who[0].cycles, 79);
}

/* VM 0 idles, and gets packet 8, which VM 1 sent; then packet 9, of a client. VM
   2 waits until its time has come. */
static void what_wakes_a_vm_is_what_it_waited_for(void **state)
{
    (void)state;
    for (uint32_t vm = 0; vm < 3; vm++) {
        at(0, TRACE_EVENT(create, vm, .memory = 1));
        at(0, TRACE_EVENT(idle, vm, .deadline = 50));
    }
    at(10, TRACE_EVENT(tx, 1, .packet = 8, .bytes = 60));
    at(10, TRACE_EVENT(rx, 0, .packet = 8, .bytes = 60, .queued = 1));
    at(10, TRACE_EVENT(raise, 0, .virqs = 1u << VIRQ_NET_RX));
    at(12, TRACE_EVENT(rx, 0, .packet = 9, .bytes = 60, .queued = 2));
    at(20, TRACE_EVENT(wake, 0, .why = WAKE_INTERRUPT));
    at(20, TRACE_EVENT(arrive, 0, .waiting = 1));
    at(50, TRACE_EVENT(wake, 2, .why = WAKE_TIMEOUT));
    at(50, TRACE_EVENT(arrive, 2, .waiting = 2));
    at(60, TRACE_EVENT(idle, 0, .deadline = 90));
    at(70, TRACE_EVENT(rx, 0, .packet = 10, .bytes = 60, .queued = 1));
    at(70, TRACE_EVENT(raise, 0, .virqs = 1u << VIRQ_NET_RX));
    at(80, TRACE_EVENT(arrive, 0, .waiting = 1));
    assert_true(waits_index_finish(&index_of));
    is(0, 0, 20, CAUSE_PACKET, 1);
    assert_int_equal(waits_index_at(&index_of, 0, 5)->detail, 8);
    is(0, 60, 80, CAUSE_PACKET, TRACE_NO_VM);
    assert_int_equal(waits_index_at(&index_of, 0, 65)->detail, 10);
    is(2, 0, 50, CAUSE_TIMEOUT, TRACE_NO_VM);
    is(1, 0, 80, CAUSE_OPEN, TRACE_NO_VM);
    assert_true(waits_index_at(&index_of, 1, 0)->is_open);
    assert_null(waits_index_at(&index_of, 1, 80));
    assert_null(waits_index_at(&index_of, 3, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            who_left_the_processor_ends_a_wait_for_it, begin, end),
        cmocka_unit_test_setup_teardown(who_left_room_ends_a_wait_at_the_gate,
                                        begin, end),
        cmocka_unit_test_setup_teardown(
            a_page_s_wait_is_the_spindle_s_queue_then_the_transfer, begin, end),
        cmocka_unit_test_setup_teardown(what_wakes_a_vm_is_what_it_waited_for,
                                        begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
