/* test_slots.c - a kernel that has the processor for a part of the time. */
#include "tests/ik/fixture.h"

#include "sim/bytes.h"

#define FRAME 100000u
#define SLOT  40000u
#define USE   30000u

/* In the machine of the tests 1 ns is 1 cycle. */
static struct bench *in_slots(const struct guest_asm *a)
{
    struct bench *b = bench_create();
    b->scenario.major_frame_ns = FRAME;
    b->scenario.own.slot_ns = SLOT;
    b->scenario.padding_ns = SLOT - USE;
    bench_add(b, a, 1);
    return b;
}

static void spinner(struct guest_asm *a)
{
    asm_init(a);
    uint32_t again = asm_here(a);
    asm_jmp(a, again);
}

static void a_spinner_has_the_use_of_each_slot(void **state)
{
    (void)state;
    struct guest_asm a;
    spinner(&a);
    struct bench *b = in_slots(&a);
    bench_boot(b);
    bench_run(b, 10 * FRAME - 1);
    const uint64_t *cpu = b->stats.cpu_whole;
    /* In the padding what had begun came to its end. */
    assert_in_range(cpu[CPU_IDLE], 10 * (FRAME - USE) - 100,
                    10 * (FRAME - USE));
    assert_in_range(cpu[CPU_GUEST], 10 * USE - 2000, 10 * USE);
    /* Each slot begins with a processor that has nothing of the VM's. */
    assert_int_equal(b->stats.sched.switches, 10);
    bench_release(b);
}

/* A VM that sleeps, and notes when an interrupt comes. */
static void an_interrupt_waits_for_the_slot(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    uint32_t again = asm_here(&a);
    asm_idle(&a, ABI_TIME_NEVER);
    asm_jmp(&a, again);
    struct bench *b = in_slots(&a);
    bench_boot(b);
    bench_run(b, FRAME);
    /* In the slot, in its padding, and when it is over. */
    static const uint64_t sent[] = { 10000, USE + 1, SLOT + 1, FRAME - 1 };
    for (uint32_t i = 0; i < 4; i++) {
        uint64_t from = (2 * i + 1) * FRAME;
        bench_send_to(b, from + sent[i], 0);
        bench_run(b, from + (i == 0 ? USE : FRAME));
        assert_int_equal(bench_vm(b, 0)->rx.count, i + (i == 0));
        bench_run(b, from + 2 * FRAME);
        assert_int_equal(bench_vm(b, 0)->rx.count, i + 1);
    }
    bench_release(b);
}

/* What cannot be cut short ends a run whose padding is too short for it. */
static void work_beyond_the_slot_ends_the_run(void **state)
{
    (void)state;
    struct guest_asm a;
    spinner(&a);
    for (uint64_t padding = 1; padding <= 5101; padding += 5100) {
        struct bench *b = in_slots(&a);
        b->scenario.padding_ns = padding;
        b->machine.costs.interrupt = 5000;
        bench_boot(b);
        bench_send_to(b, SLOT - padding - 1, 0);
        enum kernel_stop stop = bench_try_run(b, FRAME);
        assert_int_equal(stop, padding == 1 ? KERNEL_FAILED : KERNEL_REACHED);
        bench_release(b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_spinner_has_the_use_of_each_slot),
        cmocka_unit_test(an_interrupt_waits_for_the_slot),
        cmocka_unit_test(work_beyond_the_slot_ends_the_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
