/*
 * test_listed.c - to a guest, a listed block is one that begins with an
 * instruction outside the subset: the same program with HLT in that place, by
 * the same processor with nothing listed, comes to the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/isa/fixture.h"

#define TEXT_BYTES 12288
#define LONG_AT    64
#define LONG_END   9000 /* Cut, and over two ends of pages. */
#define NOBODY     UINT32_MAX

/* What is run first: entries that merge, flags that are lost, a POPF, and a
   virtual instruction. Ends with a jump to the long run. */
static const uint8_t head[] = {
    0xb9, 3,
    0,    0,
    0, /*  0: mov $3, %ecx */
    0xbb, 0,
    0,    0x42,
    0, /*  5: mov $0x420000, %ebx */
    0xf6, 0xc1,
    1,       /* 10: test $1, %cl */
    0x74, 2, /* 13: jz 17 */
    0x40,    /* 15: inc %eax */
    0x40,    /* 16: inc %eax: runs on into 17 */
    0x83, 0xf9,
    2, /* 17: cmp $2, %ecx: three lead here */
    0x0f, 0x94,
    0x03,               /* 20: sete (%ebx) */
    0x11, 0xd2,         /* 23: adc %edx, %edx */
    0x9c,               /* 25: pushf */
    0x9d,               /* 26: popf */
    0x43,               /* 27: inc %ebx */
    0xcd, ABI_VI_FIRST, /* 28: a virtual instruction */
    0x49,               /* 30: dec %ecx */
    0x75, 0xf0,         /* 31: jnz 17 */
    0x8d, 0x0d,
    5,    0,
    0,    0,            /* 33: lea 5, %ecx: no flags */
    0xeb, LONG_AT - 41, /* 39: jmp to the long run */
};

static const uint8_t end[] = { 0xcd, ABI_VI_LAST };

static void make_text(uint8_t text[TEXT_BYTES])
{
    memset(text, 0x40, TEXT_BYTES); /* inc %eax */
    memcpy(text, head, sizeof(head));
    memcpy(text + LONG_END, end, sizeof(end));
}

struct passage {
    struct cpu_exit exit;
    struct cpu_regs regs;
    uint64_t insns, cycles, blocks;
    uint32_t exits;
};

/* Runs to the end, or to what is refused. */
static void run(struct machine *m, uint64_t budget, struct passage *o)
{
    memset(&m->regs, 0, sizeof(m->regs));
    *o = (struct passage){ .exits = 0 };
    m->regs.eip = ABI_TEXT_BASE;
    m->regs.eflags = 2;
    m->regs.gpr[CPU_ESP] = ABI_MEM_BASE + MACHINE_PAGES * ABI_PAGE_BYTES;
    do {
        machine_go(m, budget, &o->exit);
        o->insns += m->insns;
        o->cycles += m->cycles;
        o->blocks += m->blocks;
        o->exits++;
    } while (o->exit.kind == CPU_EXIT_VINSN && o->exit.vector != ABI_VI_LAST);
    o->regs = m->regs;
}

static void expect_same(const struct passage *a, const struct passage *b)
{
    assert_int_equal(a->exit.kind, b->exit.kind);
    assert_int_equal(a->exit.va, b->exit.va);
    assert_memory_equal(&a->regs, &b->regs, sizeof(a->regs));
    assert_int_equal(a->insns, b->insns);
    assert_int_equal(a->cycles, b->cycles);
    assert_int_equal(a->blocks, b->blocks);
    assert_int_equal(a->exits, b->exits);
}

/* The pages of the text come from frames, as with private texts. */
static void take_private(struct machine *m)
{
    m->is_text_private = true;
    machine_remap(m);
    for (uint32_t at = 0; at < TEXT_BYTES; at += ABI_PAGE_BYTES) {
        image_fill_page(&m->image, ABI_TEXT_BASE + at,
                        machine_at(m, ABI_TEXT_BASE + at));
    }
}

/* Both ways, with one block listed; how often something was refused. */
static uint32_t compare(uint32_t offset, bool is_private)
{
    uint8_t text[TEXT_BYTES];
    struct machine listed;
    struct machine changed;
    struct cpu_listed block = { 0, ABI_TEXT_BASE + offset };
    make_text(text);
    machine_open_listed(&listed, text, sizeof(text), &block, 1);
    text[offset] = 0xf4; /* hlt */
    machine_open(&changed, text, sizeof(text));
    if (is_private) {
        take_private(&listed);
        take_private(&changed);
    }
    static const uint64_t budgets[] = { 1, UINT64_MAX, 5, 1000 };
    uint32_t refused = 0;
    for (size_t i = 0; i < sizeof(budgets) / sizeof(budgets[0]); i++) {
        struct passage a;
        struct passage b;
        run(&listed, budgets[i], &a);
        run(&changed, budgets[i], &b);
        expect_same(&a, &b);
        assert_int_equal(a.exit.is_listed, a.exit.kind == CPU_EXIT_REFUSED);
        assert_false(b.exit.is_listed);
        refused += a.exit.is_listed;
    }
    machine_close(&listed);
    machine_close(&changed);
    return refused;
}

static void compare_everywhere(bool is_private)
{
    static const uint32_t begins[] = {
        0,
        5,
        10,
        13,
        15,
        16,
        17,
        20,
        23,
        25,
        26,
        27,
        28,
        30,
        31,
        33,
        39,
        LONG_AT,
        65,
        66,
        75,
        LONG_AT,
        LONG_AT + 9,
        4095,
        4096,
        LONG_END - 4096,
        4905,
        5000,
        8191,
        8192,
        LONG_END - 1,
        LONG_END,
    };
    for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
        assert_int_equal(compare(begins[i], is_private), 4);
    }
    assert_int_equal(compare(LONG_END + sizeof(end), is_private), 0);
}

static void a_listed_block_is_one_outside_the_subset(void **state)
{
    (void)state;
    compare_everywhere(false);
}

static void private_texts_have_listed_blocks(void **state)
{
    (void)state;
    compare_everywhere(true);
}

/* ---- Two images ---------------------------------------------------------- */

static bool all_text(void *ctx, uint32_t page_va, enum cpu_access access,
                     struct cpu_mapping *mapping)
{
    (void)ctx;
    mapping->in_text = true;
    return page_va == ABI_TEXT_BASE && access == CPU_FETCH;
}

/* Runs image `i` from its entry. */
static struct cpu_exit run_image(struct isa_cpu *cpu, uint32_t i)
{
    struct cpu_regs regs = { .eip = ABI_TEXT_BASE, .eflags = 2 };
    struct cpu_exit out;
    cpu_set_space(cpu, i, i);
    cpu_run(cpu, &regs, UINT64_MAX, &out);
    return out;
}

static void other_images_keep_the_address(void **state)
{
    (void)state;
    static const uint8_t loop[] = { 0x40, 0xeb, 0, 0x40, 0xcd, ABI_VI_LAST };
    static uint8_t text[ABI_PAGE_BYTES];
    static uint8_t file[ELF_HEAD_BYTES + ABI_PAGE_BYTES];
    char message[IMAGE_MESSAGE_BYTES];
    struct arena arena;
    struct image images[2];
    struct cpu_note note = { .owner = NOBODY };
    struct cpu_listed block = { 1, ABI_TEXT_BASE + 3 };
    const char *why = NULL;
    memcpy(text, loop, sizeof(loop));
    assert_true(arena_map(&arena, 16u << 20));
    size_t bytes = elf_of_text(file, text, sizeof(text));
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(image_parse(&images[i], &arena, file, bytes, message),
                         IMAGE_OK);
    }
    struct cpu_config config = { .images = images,
                                 .image_count = 2,
                                 .costs = insn_cost_models,
                                 .translate = all_text,
                                 .note = &note,
                                 .listed = &block,
                                 .listed_count = 1 };
    struct isa_cpu *cpu = cpu_create(&arena, &config, &why);
    assert_non_null(cpu);
    for (uint32_t i = 0; i < 7; i++) {
        struct cpu_exit out = run_image(cpu, i % 2);
        assert_int_equal(out.kind,
                         i % 2 == 0 ? CPU_EXIT_VINSN : CPU_EXIT_REFUSED);
        assert_int_equal(out.insns, i % 2 == 0 ? 4 : 2);
        assert_int_equal(note.owner, i % 2);
        assert_int_equal(note.image, i % 2);
        assert_int_equal(note.in_engine, 0);
    }
    assert_ptr_equal(note.cpu, cpu);
    cpu_release(cpu);
    arena_unmap(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_listed_block_is_one_outside_the_subset),
        cmocka_unit_test(private_texts_have_listed_blocks),
        cmocka_unit_test(other_images_keep_the_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
