/* test_virq.c - virtual interrupts: when, with what frame, and where not. */
#include "tests/ik/fixture.h"

#define STACK_TOP (ABI_MEM_BASE + (1u << 20))

/* An alarm at once, so that the next `idle` delivers it. */
static void raise_and_idle(struct guest_asm *a)
{
    asm_alarm(a, 0);
    asm_idle(a, ABI_TIME_NEVER);
}

/* A handler that writes down all it sees and goes to sleep for good. */
static uint32_t recorder(struct guest_asm *a)
{
    uint32_t start = asm_here(a);
    asm_save_to(a, GUEST_WORD(4), CPU_EAX);
    asm_save_to(a, GUEST_WORD(5), CPU_ESP);
    ASM(a, 0x9c, 0x58); /* pushf; pop %eax */
    asm_save_to(a, GUEST_WORD(6), CPU_EAX);
    for (uint8_t i = 0; i < 3; i++) {
        ASM(a, 0x8b, 0x44, 0x24, (uint8_t)(4 * i)); /* mov 4i(%esp), %eax */
        asm_save_to(a, GUEST_WORD(7u + i), CPU_EAX);
    }
    asm_load_from(a, CPU_EAX, GUEST_REG(IRQ_ENABLED));
    asm_save_to(a, GUEST_WORD(10), CPU_EAX);
    asm_load_from(a, CPU_EAX, GUEST_REG(IRQ_PENDING));
    asm_save_to(a, GUEST_WORD(11), CPU_EAX);
    asm_idle_for_ever(a);
    return start;
}

static void the_frame_is_mask_flags_and_eip(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    uint32_t handler = recorder(&a);
    asm_entry(&a);
    asm_use_handler(&a, handler);
    asm_alarm(&a, 0);
    ASM(&a, 0xf9, 0xfd); /* stc; std */
    asm_idle(&a, ABI_TIME_NEVER);
    uint32_t after = asm_here(&a);
    asm_terminate(&a, 1);
    struct bench *b = bench_of(&a);
    bench_run(b, 10000);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(4)), ABI_IDLE_PENDING);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(5)), STACK_TOP - 12);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(6)), 2);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(7)), ABI_IRQ_ALARM);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(8)), 0x403);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(9)), after);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(10)), 0);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(11)), 0);
    assert_int_equal(b->stats.virq.deliveries, 1);
    bench_release(b);
}

static void a_handler_returns_to_where_it_came_from(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init_with_handler(&a);
    asm_mov(&a, CPU_EBX, 0x12345678);
    asm_mov(&a, CPU_EBP, 0x9abcdef0);
    asm_alarm(&a, 0);
    ASM(&a, 0xf9, 0xfd); /* stc; std */
    asm_idle(&a, ABI_TIME_NEVER);
    ASM(&a, 0x9c, 0x59); /* pushf; pop %ecx */
    for (uint32_t reg = 0; reg < CPU_GPR_COUNT; reg++) {
        asm_save_to(&a, GUEST_WORD(16 + reg), (enum cpu_reg)reg);
    }
    asm_idle_for_ever(&a);
    struct bench *b = bench_of(&a);
    bench_run(b, 10000);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(1)), 1);
    static const uint32_t expected[CPU_GPR_COUNT] = {
        [CPU_EAX] = ABI_IDLE_PENDING, [CPU_ECX] = 0x403,
        [CPU_EDX] = UINT32_MAX,       [CPU_EBX] = 0x12345678,
        [CPU_ESP] = STACK_TOP,        [CPU_EBP] = 0x9abcdef0,
    };
    for (uint32_t reg = 0; reg < CPU_GPR_COUNT; reg++) {
        assert_int_equal(bench_peek(b, 0, GUEST_WORD(16 + reg)), expected[reg]);
    }
    bench_release(b);
}

static void a_disabled_interrupt_waits_until_it_is_enabled(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init_with_handler(&a);
    asm_store(&a, GUEST_REG(IRQ_ENABLED), 0);
    raise_and_idle(&a);
    asm_spin(&a, 50000); /* Ten quanta. */
    asm_load_from(&a, CPU_EAX, GUEST_WORD(1));
    asm_save_to(&a, GUEST_WORD(2), CPU_EAX);
    asm_load_from(&a, CPU_EAX, GUEST_REG(IRQ_PENDING));
    asm_save_to(&a, GUEST_WORD(3), CPU_EAX);
    asm_store(&a, GUEST_REG(IRQ_ENABLED), 1);
    asm_spin(&a, 50000);
    asm_idle_for_ever(&a);
    struct bench *b = bench_of(&a);
    bench_run(b, 1000000);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(2)), 0);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(3)), ABI_IRQ_ALARM);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(1)), 1);
    bench_release(b);
}

static void eip_in_the_return_sequence_counts_as_disabled(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    uint32_t handler = asm_handler(&a);
    asm_entry(&a);
    asm_use_handler(&a, handler);
    asm_alarm(&a, 0);
    uint32_t start = asm_here(&a);
    asm_spin(&a, 50000);
    asm_spin(&a, 50000);
    uint32_t end = asm_here(&a);
    asm_load_from(&a, CPU_EAX, GUEST_WORD(1));
    asm_save_to(&a, GUEST_WORD(2), CPU_EAX);
    asm_spin(&a, 50000);
    asm_idle_for_ever(&a);
    /* Known only now: registered before all that. */
    struct guest_asm whole = a;
    whole.size_bytes = a.size_bytes;
    asm_entry(&whole);
    asm_store(&whole, GUEST_REG(IRQ_HANDLER), handler);
    asm_store(&whole, GUEST_REG(IRQ_RET_START), start);
    asm_store(&whole, GUEST_REG(IRQ_RET_END), end);
    asm_store(&whole, GUEST_REG(IRQ_ENABLED), 1);
    asm_alarm(&whole, 0);
    asm_jmp(&whole, start);
    struct bench *b = bench_of(&whole);
    bench_run(b, 1000000);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(2)), 0);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(1)), 1);
    bench_release(b);
}

/* The first byte of the sequence is in it; the byte after it is not. */
static void the_return_sequence_is_half_open(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct guest_asm a;
        asm_init(&a);
        uint32_t handler = asm_handler(&a);
        asm_entry(&a);
        uint32_t eip = asm_here(&a) + 80; /* After the `idle`. */
        static const int from[] = { 0, -1, -5, 1 };
        static const int to[] = { 1, 1, 0, 9 };
        asm_store(&a, GUEST_REG(IRQ_HANDLER), handler);
        asm_store(&a, GUEST_REG(IRQ_RET_START), eip + (uint32_t)from[i]);
        asm_store(&a, GUEST_REG(IRQ_RET_END), eip + (uint32_t)to[i]);
        asm_store(&a, GUEST_REG(IRQ_ENABLED), 1);
        asm_alarm(&a, 0);
        asm_pad_to(&a, eip - 12);
        asm_idle(&a, ABI_TIME_NEVER);
        assert_int_equal(asm_here(&a), eip);
        asm_load_from(&a, CPU_EAX, GUEST_WORD(1));
        asm_terminate_eax(&a);
        struct bench *b = bench_of(&a);
        bench_run(b, 10000);
        bench_expect_end(b, 0, VM_END_TERMINATE, i >= 2);
        bench_release(b);
    }
}

static void interrupts_of_one_kind_coalesce(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init_with_handler(&a);
    asm_idle_for_ever(&a);
    struct bench *b = bench_of(&a);
    bench_run(b, 1000);
    for (int i = 0; i < 3; i++) {
        bench_send_to(b, 5000, 0);
    }
    bench_run(b, 10000);
    assert_int_equal(b->stats.virq.raised, 3);
    assert_int_equal(b->stats.virq.coalesced, 2);
    assert_int_equal(b->stats.virq.deliveries, 1);
    assert_int_equal(b->stats.virq.batch.max, 3);
    assert_int_equal(b->stats.net.interrupts, 1);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(0)), ABI_IRQ_NET_RX);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(1)), 1);
    assert_int_equal(bench_vm(b, 0)->rx.count, 3);
    bench_release(b);
}

static void several_kinds_come_in_one_batch(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init_with_handler(&a);
    asm_store(&a, GUEST_REG(IRQ_ENABLED), 0);
    asm_alarm(&a, 20000);
    asm_idle(&a, ABI_TIME_NEVER);
    asm_spin(&a, 20000);
    asm_store(&a, GUEST_REG(IRQ_ENABLED), 1);
    asm_idle_for_ever(&a);
    struct bench *b = bench_of(&a);
    bench_run(b, 1000);
    bench_send_to(b, 30000, 0);
    bench_run(b, 35000);
    const uint8_t typed[] = { 'x' };
    assert_int_equal(console_type(b->kernel, &b->kernel->vms[0], typed, 1), 1);
    bench_run(b, 200000);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(0)),
                     ABI_IRQ_ALARM | ABI_IRQ_NET_RX | ABI_IRQ_CONSOLE);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(1)), 1);
    bench_release(b);
}

/* The shortest quanta there are, and an interrupt ever pending: a handler
   that obeys the ABI never holds more than one frame. */
static void frames_do_not_pile_up(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init_with_handler(&a);
    uint32_t again = asm_here(&a);
    asm_alarm(&a, 0);
    asm_jmp(&a, again);
    struct bench *b = bench_create();
    b->scenario.quantum_ns = 1;
    b->whole_audit_period = 64;
    bench_add(b, &a, 1);
    bench_boot(b);
    for (uint64_t until = 100; until < 30000; until += 10) {
        bench_run(b, until);
        assert_in_range(bench_vm(b, 0)->regs.gpr[CPU_ESP], STACK_TOP - 16,
                        STACK_TOP);
    }
    assert_true(bench_peek(b, 0, GUEST_WORD(1)) > 100);
    bench_release(b);
}

static void a_bad_stack_at_delivery_ends_the_vm(void **state)
{
    (void)state;
    static const uint32_t stacks[] = {
        0,
        1,
        11,
        12,
        ABI_MEM_BASE,
        ABI_MEM_BASE + 11,
        ABI_TEXT_BASE + 12,
        ABI_TEXT_BASE + 4,
        STACK_TOP + 1,
        STACK_TOP + 12,
        STACK_TOP + 4096,
        0x80000000,
        UINT32_MAX,
    };
    for (size_t i = 0; i < sizeof(stacks) / sizeof(stacks[0]); i++) {
        struct guest_asm a;
        asm_init_with_handler(&a);
        asm_mov(&a, CPU_ESP, stacks[i]);
        raise_and_idle(&a);
        struct bench *b = bench_of(&a);
        bench_run(b, 10000);
        bench_expect_end(b, 0, VM_END_DELIVERY, stacks[i]);
        bench_release(b);
    }
}

/* Legal places for a stack, however odd: across a page never touched, and on
   the register page, which only fools the guest. */
static void an_odd_stack_at_delivery_is_the_guests_own_business(void **state)
{
    (void)state;
    static const uint32_t stacks[] = {
        ABI_MEM_BASE + 12,   ABI_MEM_BASE + 0x30, ABI_MEM_BASE + 0x3c,
        ABI_MEM_BASE + 4096, 0x00430006,          0x00431000 + 5,
        STACK_TOP - 1,
    };
    for (size_t i = 0; i < sizeof(stacks) / sizeof(stacks[0]); i++) {
        struct guest_asm a;
        asm_init(&a);
        uint32_t handler = asm_here(&a);
        ASM(&a, 0x8b, 0x04, 0x24); /* mov (%esp), %eax */
        asm_terminate_eax(&a);
        asm_entry(&a);
        asm_use_handler(&a, handler);
        asm_mov(&a, CPU_ESP, stacks[i]);
        raise_and_idle(&a);
        struct bench *b = bench_of(&a);
        bench_run(b, 10000);
        const struct vm *vm = bench_vm(b, 0);
        assert_int_equal(vm->end, VM_END_TERMINATE);
        assert_int_equal(vm->regs.gpr[CPU_ESP], stacks[i] - 12);
        assert_int_equal(b->stats.virq.deliveries, 1);
        bench_release(b);
    }
}

static void a_bad_handler_ends_the_vm(void **state)
{
    (void)state;
    static const uint32_t handlers[] = {
        0,         1,          ABI_MEM_BASE,   GUEST_DATA, STACK_TOP - 1,
        STACK_TOP, 0x80000000, UINT32_MAX - 1, UINT32_MAX,
    };
    for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++) {
        struct guest_asm a;
        asm_init(&a);
        asm_use_handler(&a, handlers[i]);
        raise_and_idle(&a);
        struct bench *b = bench_of(&a);
        bench_run(b, 10000);
        bench_expect_end(b, 0, VM_END_ADDRESS, handlers[i]);
        assert_int_equal(bench_vm(b, 0)->end_eip, handlers[i]);
        bench_release(b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_frame_is_mask_flags_and_eip),
        cmocka_unit_test(a_handler_returns_to_where_it_came_from),
        cmocka_unit_test(a_disabled_interrupt_waits_until_it_is_enabled),
        cmocka_unit_test(eip_in_the_return_sequence_counts_as_disabled),
        cmocka_unit_test(the_return_sequence_is_half_open),
        cmocka_unit_test(interrupts_of_one_kind_coalesce),
        cmocka_unit_test(several_kinds_come_in_one_batch),
        cmocka_unit_test(frames_do_not_pile_up),
        cmocka_unit_test(a_bad_stack_at_delivery_ends_the_vm),
        cmocka_unit_test(an_odd_stack_at_delivery_is_the_guests_own_business),
        cmocka_unit_test(a_bad_handler_ends_the_vm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
