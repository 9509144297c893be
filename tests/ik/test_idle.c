/* test_idle.c - `idle` and `alarm`, in virtual time. */
#include "tests/ik/fixture.h"

#define TIME_WORD   GUEST_WORD(2)
#define RESULT_WORD GUEST_WORD(3)

/* What the guest sees after an instruction: the time and its result. */
static void note(struct guest_asm *a)
{
    asm_save_to(a, RESULT_WORD, CPU_EAX);
    asm_load_from(a, CPU_EAX, GUEST_REG(TIME_LOW));
    asm_save_to(a, TIME_WORD, CPU_EAX);
}

static void an_idle_vm_wakes_at_its_deadline(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    asm_store(&a, RESULT_WORD, 99);
    asm_idle(&a, 50000);
    note(&a);
    asm_idle_for_ever(&a);
    struct bench *b = bench_of(&a);
    bench_run(b, 49990);
    assert_int_equal(bench_vm(b, 0)->state, VM_IDLE);
    assert_int_equal(bench_peek(b, 0, RESULT_WORD), 99);
    bench_run(b, 100000);
    assert_int_equal(bench_peek(b, 0, RESULT_WORD), ABI_IDLE_TIMEOUT);
    assert_in_range(bench_peek(b, 0, TIME_WORD), 50000, 50010);
    assert_int_equal(bench_vm(b, 0)->state, VM_IDLE);
    assert_in_range(b->stats.cpu[CPU_IDLE], 99000, 100000);
    bench_release(b);
}

/* On a machine with odd rates nobody wakes a nanosecond early. */
static void nobody_wakes_before_the_deadline(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 20; i++) {
        uint32_t deadline = 40000 + i * 7;
        struct guest_asm a;
        asm_init(&a);
        asm_idle(&a, deadline);
        note(&a);
        asm_idle_for_ever(&a);
        struct bench *b = bench_create();
        b->machine.cpu_hz = 1700000000 - i;
        bench_add(b, &a, 1);
        bench_boot(b);
        bench_run(b, 200000);
        assert_in_range(bench_peek(b, 0, TIME_WORD), deadline, deadline + 10);
        bench_release(b);
    }
}

static void a_deadline_in_the_past_does_not_block(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    asm_spin(&a, 100);
    asm_mov(&a, CPU_EAX, 77);
    asm_idle(&a, 0);
    note(&a);
    asm_idle(&a, 50);
    asm_idle_for_ever(&a);
    struct bench *b = bench_of(&a);
    bench_run(b, 1000);
    assert_int_equal(bench_peek(b, 0, RESULT_WORD), ABI_IDLE_TIMEOUT);
    assert_in_range(bench_peek(b, 0, TIME_WORD), 200, 300);
    assert_int_equal(b->stats.sched.idles, 1);
    bench_release(b);
}

static void idle_with_something_pending_does_not_block(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    asm_alarm(&a, 0);
    asm_idle(&a, ABI_TIME_NEVER);
    note(&a);
    asm_idle(&a, 1 << 20);
    asm_terminate_eax(&a);
    struct bench *b = bench_of(&a);
    bench_run(b, 10000);
    assert_int_equal(b->stats.sched.idles, 0);
    bench_expect_end(b, 0, VM_END_TERMINATE, ABI_IDLE_PENDING);
    bench_release(b);
}

/* Disabled, with no handler: the wake does not ask. */
static void whatever_is_pending_wakes_an_idle_vm(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    asm_alarm(&a, 5000);
    asm_idle(&a, ABI_TIME_NEVER);
    note(&a);
    asm_load_from(&a, CPU_EAX, GUEST_REG(IRQ_PENDING));
    asm_terminate_eax(&a);
    struct bench *b = bench_of(&a);
    bench_run(b, 10000);
    bench_expect_end(b, 0, VM_END_TERMINATE, ABI_IRQ_ALARM);
    assert_int_equal(b->stats.sched.idles, 1);
    bench_release(b);
}

static void an_alarm_interrupts_a_busy_vm(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init_with_handler(&a);
    asm_alarm(&a, 25000);
    uint32_t again = asm_here(&a);
    asm_load_from(&a, CPU_EAX, GUEST_WORD(1));
    ASM(&a, 0x85, 0xc0, 0x74, 0xf6); /* test %eax, %eax; jz again */
    assert_int_equal(asm_here(&a) - again, 10);
    note(&a);
    asm_idle_for_ever(&a);
    struct bench *b = bench_of(&a);
    bench_run(b, 100000);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(0)), ABI_IRQ_ALARM);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(1)), 1);
    /* At the start of the quantum after it. */
    assert_in_range(bench_peek(b, 0, TIME_WORD), 25000, 35100);
    bench_release(b);
}

static void an_alarm_can_be_moved_and_cancelled(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    asm_alarm(&a, 5000);
    asm_alarm(&a, 20000);
    asm_idle(&a, ABI_TIME_NEVER);
    note(&a);
    asm_alarm(&a, 5000000);
    asm_alarm(&a, ABI_TIME_NEVER);
    asm_idle_for_ever(&a);
    struct bench *b = bench_of(&a);
    bench_run(b, 100000);
    assert_in_range(bench_peek(b, 0, TIME_WORD), 20000, 20010);
    assert_int_equal(b->events.count, 0);
    bench_release(b);
}

/* A deadline beyond the end of time is none; so the machine is stuck. */
static void extreme_deadlines_are_never_reached(void **state)
{
    (void)state;
    static const uint64_t deadlines[] = { ABI_TIME_NEVER, ABI_TIME_NEVER - 1,
                                          1ull << 63, ABI_TIME_NEVER / 2 };
    for (size_t i = 0; i < sizeof(deadlines) / sizeof(deadlines[0]); i++) {
        struct guest_asm a;
        asm_init(&a);
        asm_alarm(&a, deadlines[i]);
        asm_idle(&a, deadlines[i]);
        asm_terminate(&a, 1);
        struct bench *b = bench_create();
        b->machine.cpu_hz = 4000000000;
        bench_add(b, &a, 1);
        bench_boot(b);
        assert_int_equal(bench_run(b, 1000000), KERNEL_REACHED);
        assert_int_equal(bench_vm(b, 0)->state, VM_IDLE);
        if (b->events.count == 0) {
            assert_int_equal(bench_run(b, TIME_NEVER), KERNEL_STUCK);
        }
        bench_release(b);
    }
}

static void every_wake_passes_the_gate(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    for (uint32_t i = 1; i <= 10; i++) {
        asm_idle(&a, i * 10000);
    }
    asm_terminate(&a, 0);
    struct bench *b = bench_of(&a);
    bench_run(b, 200000);
    assert_int_equal(b->stats.sched.idles, 10);
    assert_int_equal(b->stats.gate.admissions, 11);
    bench_release(b);
}

/* Alarm, deadline and packet in one cycle: one wake, nothing lost. */
static void several_reasons_wake_once(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    asm_alarm(&a, 20000);
    asm_idle(&a, 20000);
    note(&a);
    asm_idle(&a, 30000); /* Pending still: returns at once. */
    asm_load_from(&a, CPU_EAX, GUEST_REG(IRQ_PENDING));
    asm_terminate_eax(&a);
    struct bench *b = bench_of(&a);
    bench_send_to(b, 20000, 0);
    bench_run(b, 100000);
    bench_expect_end(b, 0, VM_END_TERMINATE, ABI_IRQ_ALARM | ABI_IRQ_NET_RX);
    assert_int_equal(b->stats.sched.idles, 1);
    assert_int_equal(b->stats.gate.admissions, 2);
    bench_release(b);
}

/* The packet wins while the timer has fired and has not been served. */
static void a_timer_that_lost_the_race_wakes_nobody(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    asm_idle(&a, 20001);
    note(&a);
    asm_idle(&a, 40000);
    asm_idle_for_ever(&a);
    struct bench *b = bench_create();
    b->machine.costs.interrupt = 500; /* The deadline passes meanwhile. */
    b->machine.costs.rx_packet = 500;
    bench_add(b, &a, 1);
    bench_boot(b);
    bench_send_to(b, 20000, 0);
    bench_run(b, 100000);
    assert_int_equal(bench_peek(b, 0, RESULT_WORD), ABI_IDLE_PENDING);
    assert_false(bench_vm(b, 0)->idle_expired);
    bench_release(b);
}

static void death_cancels_every_timer(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    asm_alarm(&a, 50000);
    asm_terminate(&a, 0);
    struct bench *b = bench_of(&a);
    bench_run(b, 1000);
    assert_int_equal(b->events.count, 0);
    bench_run(b, 100000);
    assert_int_equal(b->stats.virq.raised, 0);
    bench_release(b);
}

/* The cycles of interrupts that each of `count` VMs has paid whose timers are due
   at once; returns their sum. */
static uint64_t paid_for_timers(uint32_t count, uint64_t *most)
{
    struct guest_asm a;
    asm_init(&a);
    asm_idle(&a, 50000);
    asm_idle_for_ever(&a);
    struct bench *b = bench_create();
    b->machine.costs.interrupt = 1000;
    bench_add(b, &a, count);
    bench_boot(b);
    bench_run(b, 200000);
    uint64_t sum = 0;
    *most = 0;
    for (vmid_t vm = 0; vm < count; vm++) {
        uint64_t paid = bench_vm(b, vm)->cpu[CPU_INTERRUPT];
        sum += paid;
        *most = paid > *most ? paid : *most;
        assert_int_equal(bench_vm(b, vm)->state, VM_IDLE);
    }
    bench_release(b);
    return sum;
}

static void nobody_pays_more_for_a_shared_interrupt_than_alone(void **state)
{
    (void)state;
    uint64_t alone;
    uint64_t most;
    uint64_t sum = paid_for_timers(1, &alone);
    assert_int_equal(sum, 1000);
    assert_int_equal(alone, 1000);
    sum = paid_for_timers(8, &most);
    assert_int_equal(sum, 1000);
    assert_int_equal(most, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_pays_more_for_a_shared_interrupt_than_alone),
        cmocka_unit_test(an_idle_vm_wakes_at_its_deadline),
        cmocka_unit_test(nobody_wakes_before_the_deadline),
        cmocka_unit_test(a_deadline_in_the_past_does_not_block),
        cmocka_unit_test(idle_with_something_pending_does_not_block),
        cmocka_unit_test(whatever_is_pending_wakes_an_idle_vm),
        cmocka_unit_test(an_alarm_interrupts_a_busy_vm),
        cmocka_unit_test(an_alarm_can_be_moved_and_cancelled),
        cmocka_unit_test(extreme_deadlines_are_never_reached),
        cmocka_unit_test(every_wake_passes_the_gate),
        cmocka_unit_test(several_reasons_wake_once),
        cmocka_unit_test(a_timer_that_lost_the_race_wakes_nobody),
        cmocka_unit_test(death_cancels_every_timer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
