/* test_cpu.c - how the processor comes out, kind by kind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/isa/fixture.h"

#define TEXT_BYTES 0x3000u

/* Text of `nop`s with bytes at an offset, and room to add more. */
struct bench {
    uint8_t text[TEXT_BYTES];
    struct machine m;
    struct cpu_exit e;
};

static struct bench *bench_of(void **state)
{
    struct bench *b = calloc(1, sizeof(*b));
    assert_non_null(b);
    memset(b->text, 0x90, sizeof(b->text));
    *state = b;
    return b;
}

static void put(struct bench *b, uint32_t offset, const char *bytes, size_t n)
{
    memcpy(b->text + offset, bytes, n);
}

static void start(struct bench *b)
{
    machine_open(&b->m, b->text, sizeof(b->text));
}

static void run_from(struct bench *b, uint32_t offset, uint64_t budget)
{
    b->m.regs.eip = ABI_TEXT_BASE + offset;
    cpu_run(b->m.cpu, &b->m.regs, budget, &b->e);
}

static int close_bench(void **state)
{
    struct bench *b = *state;
    if (b != NULL && b->m.cpu != NULL) {
        machine_close(&b->m);
    }
    free(b);
    return 0;
}

static void expect_fault(const struct bench *b, enum cpu_access access,
                         uint32_t va, uint32_t eip)
{
    assert_int_equal(b->e.kind, CPU_EXIT_PAGE_FAULT);
    assert_int_equal(b->e.access, access);
    assert_int_equal(b->e.va, va);
    assert_int_equal(b->m.regs.eip, eip);
}

static void division_errors_are_exact_each_time(void **state)
{
    struct bench *b = bench_of(state);
    put(b, 0, "\x40\xf7\xf1\xc3", 4);     /* inc %eax; div %ecx; ret */
    put(b, 0x100, "\x40\xd4\x00\xc3", 4); /* inc %eax; aam $0; ret */
    /* -2^31 / -1 */
    put(b, 0x200, "\xb8\0\0\0\x80\x99\x83\xc9\xff\xf7\xf9\xc3", 12);
    start(b);
    for (int i = 0; i < 5; i++) {
        uint32_t at = i % 2 == 0 ? 0 : 0x100;
        b->m.regs.gpr[CPU_ECX] = 0;
        run_from(b, at, 1000);
        assert_int_equal(b->e.kind, CPU_EXIT_EXCEPTION);
        assert_int_equal(b->e.vector, 0);
        assert_int_equal(b->e.insns, 1);
        assert_int_equal(b->e.blocks, 0);
        assert_int_equal(b->m.regs.eip, ABI_TEXT_BASE + at + 1);
        assert_int_equal(b->m.regs.gpr[CPU_EAX], i + 1);
    }
    run_from(b, 0x200, 1000);
    assert_int_equal(b->e.kind, CPU_EXIT_EXCEPTION);
    assert_int_equal(b->e.insns, 3);
}

/* The engine's own division would overflow, and end the process. */
static void the_least_dividend_is_a_division_error(void **state)
{
    static const char *const texts[] = {
        "\x40\xf7\xf9\x40\xeb\xfa",         /* inc %eax; idiv %ecx... */
        "\x40\x66\xf7\xf9\x40\xeb\xf9",     /* idiv %cx; inc; jmp */
        "\x40\x66\xf7\x3b\x40\xeb\xf9\xc3", /* idivw (%ebx) */
    };
    struct bench *b = bench_of(state);
    for (uint32_t i = 0; i < 3; i++) {
        put(b, 0x100 * i, texts[i], strlen(texts[i]));
    }
    start(b);
    for (uint32_t i = 0; i < 3; i++) {
        b->m.regs.gpr[CPU_EAX] = UINT32_MAX;
        b->m.regs.gpr[CPU_EDX] = i == 0 ? 0x80000000 : 0x8000;
        b->m.regs.gpr[CPU_ECX] = UINT32_MAX;
        b->m.regs.gpr[CPU_EBX] = ABI_MEM_BASE;
        memset(machine_at(&b->m, ABI_MEM_BASE), 0xff, 4);
        run_from(b, 0x100 * i, 1000);
        assert_int_equal(b->e.kind, CPU_EXIT_EXCEPTION);
        assert_int_equal(b->e.vector, 0);
        assert_int_equal(b->e.insns, 1);
        assert_int_equal(b->m.regs.eip, ABI_TEXT_BASE + 0x100 * i + 1);
        assert_int_equal(b->m.regs.gpr[CPU_EAX], 0);
    }
}

static void every_virtual_instruction_comes_out_behind_itself(void **state)
{
    struct bench *b = bench_of(state);
    for (uint32_t n = ABI_VI_FIRST; n <= ABI_VI_LAST; n++) {
        b->text[4 * n] = 0xcd;
        b->text[4 * n + 1] = (uint8_t)n;
    }
    start(b);
    for (uint32_t n = ABI_VI_FIRST; n <= ABI_VI_LAST; n++) {
        run_from(b, 4 * n - 1, 1000);
        assert_int_equal(b->e.kind, CPU_EXIT_VINSN);
        assert_int_equal(b->e.vector, n);
        assert_int_equal(b->e.insns, 2);
        assert_int_equal(b->m.regs.eip, ABI_TEXT_BASE + 4 * n + 2);
    }
}

static void a_refused_block_does_not_begin(void **state)
{
    struct bench *b = bench_of(state);
    put(b, 0, "\x40\x40\xeb\x00\x40\x40\xf4", 7); /* ... hlt */
    put(b, 0x100, "\x40\x0f\x31", 3);             /* inc; rdtsc */
    put(b, 0x200, "\x40\x66\x40\xcd\x80", 5);     /* inc; inc; int $0x80 */
    put(b, 0x300, "\x40\x0f\x0b", 3);             /* inc; ud2 */
    start(b);
    run_from(b, 0, 1000);
    assert_int_equal(b->e.kind, CPU_EXIT_REFUSED);
    assert_int_equal(b->e.va, ABI_TEXT_BASE + 6);
    assert_string_equal(b->e.refusal, "privileged");
    assert_int_equal(b->e.insns, 3);
    assert_int_equal(b->m.regs.eip, ABI_TEXT_BASE + 4);
    for (uint32_t at = 0x100; at <= 0x300; at += 0x100) {
        b->m.regs.gpr[CPU_EAX] = 0;
        run_from(b, at, 1000);
        assert_int_equal(b->e.kind, CPU_EXIT_REFUSED);
        assert_int_equal(b->e.insns, 0);
        assert_int_equal(b->m.regs.gpr[CPU_EAX], 0);
        assert_int_equal(b->m.regs.eip, ABI_TEXT_BASE + at);
    }
}

static void a_jump_out_of_text_faults_at_its_target(void **state)
{
    struct bench *b = bench_of(state);
    put(b, 0, "\xff\xe0", 2); /* jmp *%eax */
    static const uint32_t targets[] = { 0, 0x00400004, 0x00404000, 0x00450010,
                                        0xfffffffe };
    start(b);
    for (int i = 0; i < 5; i++) {
        b->m.regs.gpr[CPU_EAX] = targets[i];
        run_from(b, 0, 1000);
        expect_fault(b, CPU_FETCH, targets[i], targets[i]);
        assert_int_equal(b->e.insns, 1);
        assert_int_equal(b->e.blocks, 1);
    }
    /* Running off the end of the text is found before the block begins. */
    run_from(b, TEXT_BYTES - 5, 1000);
    expect_fault(b, CPU_FETCH, 0x00404000, ABI_TEXT_BASE + TEXT_BYTES - 5);
    assert_int_equal(b->e.insns, 0);
}

static void a_block_begins_when_all_its_pages_are_there(void **state)
{
    struct bench *b = bench_of(state);
    put(b, 0x2100, "\xcd\x41", 2);
    start(b);
    b->m.state[3] = PAGE_MISSING;
    run_from(b, 0x1200, 1);
    expect_fault(b, CPU_FETCH, 0x00403000, ABI_TEXT_BASE + 0x1200);
    b->m.state[3] = PAGE_READ_ONLY;
    run_from(b, 0x1200, 1);
    assert_int_equal(b->e.kind, CPU_EXIT_VINSN);
    /* However the engine splits it, it is one block of ours. */
    assert_int_equal(b->e.insns, 0x2100 - 0x1200 + 1);
    assert_int_equal(b->e.blocks, 1);
}

/* Runs one block of ours of `insns` one-byte instructions. */
static void run_block(struct bench *b, uint32_t offset, uint32_t insns)
{
    run_from(b, offset, 1);
    assert_int_equal(b->e.kind, CPU_EXIT_BUDGET);
    assert_int_equal(b->e.insns, insns);
    assert_int_equal(b->e.blocks, 1);
    assert_int_equal(b->m.regs.eip, ABI_TEXT_BASE + offset + insns);
}

static void a_straight_run_can_be_preempted_every_4096_bytes(void **state)
{
    struct bench *b = bench_of(state);
    put(b, 0x2ffe, "\xcd\x41", 2); /* So the run ends at 0x3000. */
    start(b);
    /* Never less than 4,096 bytes before the end, wherever it was entered. */
    run_block(b, 0xff0, 0x11);
    run_block(b, 0xff8, 0x09);
    run_block(b, 0x1000, 0x01);
    run_block(b, 0x1001, 0x1000);
    run_from(b, 0x2001, 1);
    assert_int_equal(b->e.kind, CPU_EXIT_VINSN);
    assert_int_equal(b->e.insns, 0x2ffe - 0x2001 + 1);
    run_from(b, 0xff0, UINT64_MAX);
    assert_int_equal(b->e.kind, CPU_EXIT_VINSN);
    assert_int_equal(b->e.insns, 0x2ffe - 0xff0 + 1);
    assert_int_equal(b->e.blocks, 3);
    /* A block asks for its own pages, not for those of the whole run. */
    b->m.state[3] = PAGE_MISSING;
    machine_remap(&b->m);
    run_from(b, 0xff0, 1);
    expect_fault(b, CPU_FETCH, 0x00403000, ABI_TEXT_BASE + 0x1001);
    assert_int_equal(b->e.insns, 0x11);
}

static void accesses_wrap_at_four_gigabytes(void **state)
{
    struct bench *b = bench_of(state);
    put(b, 0, "\x8b\x0b\x89\x0e\xcd\x41", 6); /* mov (ebx), ecx; back (esi) */
    start(b);
    b->m.wraps = true;
    memcpy(b->m.ram + 1 * ABI_PAGE_BYTES + 4094, "\x11\x22", 2);
    memcpy(b->m.ram + 2 * ABI_PAGE_BYTES, "\x33\x44", 2);
    b->m.regs.gpr[CPU_EBX] = 0xfffffffe;
    b->m.regs.gpr[CPU_ESI] = 0xffffffff;
    run_from(b, 0, 1000);
    assert_int_equal(b->e.kind, CPU_EXIT_VINSN);
    assert_int_equal(b->m.regs.gpr[CPU_ECX], 0x44332211);
    assert_memory_equal(b->m.ram + 2 * ABI_PAGE_BYTES, "\x22\x33\x44", 3);
    b->m.wraps = false;
    machine_remap(&b->m);
    run_from(b, 0, 1000);
    expect_fault(b, CPU_READ, 0xfffff000, ABI_TEXT_BASE);
}

static void text_is_never_written(void **state)
{
    struct bench *b = bench_of(state);
    put(b, 0, "\x88\x03\xcd\x41", 4); /* mov %al, (%ebx) */
    start(b);
    b->m.regs.gpr[CPU_EBX] = ABI_TEXT_BASE + 0x1234;
    run_from(b, 0, 1000);
    expect_fault(b, CPU_WRITE, 0x00402000, ABI_TEXT_BASE);
    assert_int_equal(b->m.image.text[0x1234], 0x90);
}

static void popf_sets_what_a_guest_has(void **state)
{
    struct bench *b = bench_of(state);
    put(b, 0, "\x50\x9d\x9c\x59\xcd\x41", 6); /* push; popf; pushf; pop ecx */
    start(b);
    for (uint32_t bit = 0; bit < 33; bit++) {
        uint32_t flags = bit == 32 ? 0xffffffff : UINT32_C(1) << bit;
        b->m.regs.gpr[CPU_EAX] = flags;
        b->m.regs.eflags = 0xffffffff;
        run_from(b, 0, 1000);
        assert_int_equal(b->e.kind, CPU_EXIT_VINSN);
        assert_int_equal(b->e.insns, 5);
        assert_int_equal(b->e.blocks, 2);
        assert_int_equal(b->m.regs.gpr[CPU_ECX], (flags & 0xcd5) | 2);
        assert_int_equal(b->m.regs.eflags, (flags & 0xcd5) | 2);
        b->m.regs.gpr[CPU_EAX] = flags;
        run_from(b, 0, 1); /* Preempted right behind it. */
        assert_int_equal(b->e.kind, CPU_EXIT_BUDGET);
        assert_int_equal(b->m.regs.eip, ABI_TEXT_BASE + 2);
        assert_int_equal(b->m.regs.eflags, (flags & 0xcd5) | 2);
    }
}

static void a_repeat_counts_its_entries(void **state)
{
    struct bench *b = bench_of(state);
    put(b, 0, "\xf3\xaa\xcd\x41", 4);
    start(b);
    for (uint32_t n = 0; n < 40; n++) {
        b->m.regs.gpr[CPU_ECX] = n;
        b->m.regs.gpr[CPU_EDI] = 0x00420ff0;
        run_from(b, 0, 1000);
        assert_int_equal(b->e.kind, CPU_EXIT_VINSN);
        assert_int_equal(b->e.insns, n + 2);
        assert_int_equal(b->e.blocks, n + 2);
    }
    b->m.regs.gpr[CPU_ECX] = 10;
    run_from(b, 0, 4);
    assert_int_equal(b->e.kind, CPU_EXIT_BUDGET);
    assert_int_equal(b->m.regs.gpr[CPU_ECX], 6);
    assert_int_equal(b->m.regs.eip, ABI_TEXT_BASE);
}

/* Text from frames, whose contents change under the same address. */
static void private_text_can_be_forgotten(void **state)
{
    struct bench *b = bench_of(state);
    put(b, 0, "\x40\xcd\x41", 3);
    start(b);
    b->m.is_text_private = true;
    machine_remap(&b->m);
    image_fill_page(&b->m.image, ABI_TEXT_BASE,
                    machine_at(&b->m, ABI_TEXT_BASE));
    for (int i = 0; i < 3; i++) {
        b->m.regs.gpr[CPU_EAX] = 1;
        run_from(b, 0, 1000);
        assert_int_equal(b->e.kind, CPU_EXIT_VINSN);
        assert_int_equal(b->m.regs.gpr[CPU_EAX], i % 2 == 0 ? 2 : 0);
        /* As if another page with `dec` were there; same length. */
        *machine_at(&b->m, ABI_TEXT_BASE) = i % 2 == 0 ? 0x48 : 0x40;
        cpu_forget_frame(b->m.cpu, 1);
    }
}

static void an_image_that_aborts_the_engine_is_no_processor(void **state)
{
    struct bench *b = bench_of(state);
    put(b, 7, "\xb8\xf0\x0f\xab\xc8", 5); /* Within a mov. */
    char message[IMAGE_MESSAGE_BYTES];
    static uint8_t file[ELF_HEAD_BYTES + TEXT_BYTES];
    struct arena arena;
    struct image image;
    const char *why = NULL;
    assert_true(arena_map(&arena, 16u << 20));
    size_t size = elf_of_text(file, b->text, sizeof(b->text));
    assert_int_equal(image_parse(&image, &arena, file, size, message),
                     IMAGE_OK);
    struct cpu_config config = { .images = &image,
                                 .image_count = 1,
                                 .costs = insn_cost_models };
    assert_null(cpu_create(&arena, &config, &why));
    assert_non_null(strstr(why, "locked bit test"));
    arena_unmap(&arena);
}

int main(void)
{
#define CPU_TEST(f) cmocka_unit_test_teardown(f, close_bench)
    const struct CMUnitTest tests[] = {
        CPU_TEST(division_errors_are_exact_each_time),
        CPU_TEST(the_least_dividend_is_a_division_error),
        CPU_TEST(every_virtual_instruction_comes_out_behind_itself),
        CPU_TEST(a_refused_block_does_not_begin),
        CPU_TEST(a_jump_out_of_text_faults_at_its_target),
        CPU_TEST(a_block_begins_when_all_its_pages_are_there),
        CPU_TEST(a_straight_run_can_be_preempted_every_4096_bytes),
        CPU_TEST(accesses_wrap_at_four_gigabytes),
        CPU_TEST(text_is_never_written),
        CPU_TEST(popf_sets_what_a_guest_has),
        CPU_TEST(a_repeat_counts_its_entries),
        CPU_TEST(private_text_can_be_forgotten),
        CPU_TEST(an_image_that_aborts_the_engine_is_no_processor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
