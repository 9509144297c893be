/* test_console.c - what is written at a VM's console, and what is typed. */
#include "tests/ik/fixture.h"

#include "sim/bytes.h"

static void a_console_is_written_and_read(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    asm_print(&a, "ask?");
    asm_idle(&a, ABI_TIME_NEVER);
    asm_buffer(&a, ABI_VI_CONSOLE_READ, GUEST_DATA + 0xffe, 3);
    asm_save_to(&a, GUEST_WORD(0), CPU_EAX);
    asm_buffer(&a, ABI_VI_CONSOLE_WRITE, GUEST_DATA + 0xffe, 3);
    asm_buffer(&a, ABI_VI_CONSOLE_READ, GUEST_WORD(8), UINT32_MAX);
    asm_save_to(&a, GUEST_WORD(1), CPU_EAX);
    asm_buffer(&a, ABI_VI_CONSOLE_READ, 0, 10); /* Nothing there: 0. */
    asm_save_to(&a, GUEST_WORD(2), CPU_EAX);
    asm_buffer(&a, ABI_VI_CONSOLE_WRITE, 0, 0);
    asm_save_to(&a, GUEST_WORD(3), CPU_EAX);
    asm_idle_for_ever(&a);
    struct bench *b = bench_of(&a);
    struct vm *vm = &b->kernel->vms[0];
    bench_run(b, 1000);
    assert_string_equal(b->consoles[0].text, "ask?");
    const uint8_t typed[] = "abcdefg";
    assert_int_equal(console_type(b->kernel, vm, typed, 7), 7);
    bench_run(b, 10000);
    assert_string_equal(b->consoles[0].text, "ask?abc");
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(0)), 3);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(1)), 4);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(8)), get_le32(typed + 3));
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(2)), 0);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(3)), 0);
    bench_release(b);
}

static void a_console_takes_no_more_than_it_holds(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    asm_idle_for_ever(&a);
    struct bench *b = bench_of(&a);
    struct vm *vm = &b->kernel->vms[0];
    uint8_t typed[CONSOLE_LINE_BYTES + 10] = { 0 };
    assert_int_equal(console_type(b->kernel, vm, typed, 10), 10);
    assert_int_equal(console_type(b->kernel, vm, typed, sizeof(typed)),
                     CONSOLE_LINE_BYTES - 10);
    assert_int_equal(console_type(b->kernel, vm, typed, 1), 0);
    assert_int_equal(b->stats.virq.raised, 2);
    struct vm_ending ending = { .end = VM_END_SUPERVISOR };
    lifecycle_end(b->kernel, vm, &ending);
    assert_int_equal(console_type(b->kernel, vm, typed, 1), 0);
    bench_release(b);
}

static void a_running_vm_is_interrupted_by_what_is_typed(void **state)
{
    (void)state;
    uint32_t total = GUEST_WORD(2);
    struct guest_asm a;
    asm_init_with_handler(&a);
    uint32_t again = asm_here(&a);
    asm_spin(&a, 100);
    asm_buffer(&a, ABI_VI_CONSOLE_READ, GUEST_WORD(8), 2);
    ASM(&a, 0x01, 0x05, (uint8_t)total, (uint8_t)(total >> 8),
        (uint8_t)(total >> 16), (uint8_t)(total >> 24)); /* add %eax, total */
    asm_jmp(&a, again);
    struct bench *b = bench_create();
    b->scenario.quantum_ns = 5000; /* An interrupt comes at the next one. */
    bench_add(b, &a, 1);
    bench_boot(b);
    struct vm *vm = &b->kernel->vms[0];
    bench_run(b, 50000);
    assert_int_equal(vm->state, VM_RUNNING);
    assert_int_equal(console_type(b->kernel, vm, (const uint8_t *)"ab", 2), 2);
    assert_int_equal(vm->state, VM_RUNNING);
    bench_run(b, 100000);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(0)), ABI_IRQ_CONSOLE);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(1)), 1);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(8)), 'a' | 'b' << 8);
    assert_int_equal(bench_peek(b, 0, total), 2);
    assert_null(vm->line);
    assert_int_equal(console_type(b->kernel, vm, (const uint8_t *)"cd", 2), 2);
    bench_run(b, 150000);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(1)), 2);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(8)), 'c' | 'd' << 8);
    assert_int_equal(bench_peek(b, 0, total), 4);
    assert_int_equal(bench_vm(b, 0)->state, VM_RUNNING);
    bench_release(b);
}

/* Two hundred VMs have not read what was typed at them. */
static void who_never_reads_denies_nobody_else_its_line(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    asm_idle(&a, ABI_TIME_NEVER);
    asm_buffer(&a, ABI_VI_CONSOLE_READ, GUEST_WORD(8), 3);
    asm_save_to(&a, GUEST_WORD(0), CPU_EAX);
    asm_idle_for_ever(&a);
    struct bench *b = bench_create();
    vmid_t first = bench_add(b, &a, 200);
    b->whole_audit_period = 64;
    bench_boot(b);
    bench_run(b, 200000);
    struct vm *vms = &b->kernel->vms[first];
    const uint8_t *text = (const uint8_t *)"hello";
    for (uint32_t i = 0; i < 200; i++) {
        assert_int_equal(console_type(b->kernel, &vms[i], text, 5), 5);
    }
    bench_run(b, 400000);
    assert_int_equal(bench_peek(b, first, GUEST_WORD(0)), 3);
    assert_int_equal(bench_peek(b, first, GUEST_WORD(8)) & 0xffffff,
                     'h' | 'e' << 8 | 'l' << 16);
    bench_release(b);
}

/* A line is used again by the next who needs one. */
static void a_line_goes_from_vm_to_vm(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    asm_idle_for_ever(&a);
    struct bench *b = bench_create();
    bench_add(b, &a, 3);
    bench_boot(b);
    bench_run(b, 10000);
    const uint8_t *text = (const uint8_t *)"hello";
    size_t before = 0;
    for (vmid_t vm = 0; vm < 3; vm++) {
        struct vm *one = kernel_vm(b->kernel, vm);
        assert_int_equal(console_type(b->kernel, one, text, 5), 5);
        assert_true(vm == 0 || b->arena.used_bytes == before);
        before = b->arena.used_bytes;
        struct vm_ending ending = { .end = VM_END_SUPERVISOR };
        lifecycle_end(b->kernel, one, &ending);
    }
    bench_release(b);
}

/* Of ten bytes seven are kept, and all are written as far as the VM knows. */
static void what_is_beyond_the_limit_is_counted(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    asm_store(&a, GUEST_WORD(8), 0x64636261);
    for (int i = 0; i < 2; i++) {
        asm_buffer(&a, ABI_VI_CONSOLE_WRITE, GUEST_WORD(8), 4);
    }
    asm_save_to(&a, GUEST_WORD(0), CPU_EAX);
    asm_buffer(&a, ABI_VI_CONSOLE_WRITE, GUEST_WORD(8), 2);
    asm_idle_for_ever(&a);
    struct bench *b = bench_create();
    bench_add(b, &a, 1);
    b->groups[0].console_bytes = 7;
    bench_boot(b);
    bench_run(b, 100000);
    assert_int_equal(bench_peek(b, 0, GUEST_WORD(0)), 4);
    assert_int_equal(bench_vm(b, 0)->console_bytes, 10);
    assert_int_equal(b->consoles[0].bytes, 7);
    assert_string_equal(b->consoles[0].text, "abcdabc");
    bench_release(b);
}

static void nobody_types_and_no_line_is_taken(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    asm_buffer(&a, ABI_VI_CONSOLE_READ, GUEST_WORD(8), 3);
    asm_save_to(&a, GUEST_WORD(0), CPU_EAX);
    asm_idle_for_ever(&a);
    struct bench *b = bench_create();
    bench_add(b, &a, 3);
    bench_boot(b);
    size_t before = b->arena.used_bytes;
    bench_run(b, 100000);
    assert_int_equal(b->arena.used_bytes, before);
    for (vmid_t vm = 0; vm < 3; vm++) {
        assert_null(bench_vm(b, vm)->line);
        assert_int_equal(bench_peek(b, vm, GUEST_WORD(0)), 0);
    }
    bench_release(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_console_is_written_and_read),
        cmocka_unit_test(a_console_takes_no_more_than_it_holds),
        cmocka_unit_test(a_running_vm_is_interrupted_by_what_is_typed),
        cmocka_unit_test(who_never_reads_denies_nobody_else_its_line),
        cmocka_unit_test(a_line_goes_from_vm_to_vm),
        cmocka_unit_test(what_is_beyond_the_limit_is_counted),
        cmocka_unit_test(nobody_types_and_no_line_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
