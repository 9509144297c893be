/*
 * test_verify.c - which instructions the walk along control flow finds. Small
 * texts are laid out by hand; random ones are held against the engine: what it
 * executed, the walk has found.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "isa/image.h"
#include "isa/verify.h"
#include "sim/arena.h"
#include "sim/bytes.h"
#include "tests/isa/fixture.h"
#include "tests/isa/program.h"

struct world {
    struct arena arena;
    struct image image;
    uint8_t file[ELF_HEAD_BYTES + PROGRAM_TEXT_LIMIT + 4096];
};

static int open_world(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    if (w == NULL || !arena_map(&w->arena, 64u << 20)) {
        return -1;
    }
    *state = w;
    return 0;
}

static int close_world(void **state)
{
    struct world *w = *state;
    arena_unmap(&w->arena);
    free(w);
    return 0;
}

static void parse(struct world *w, size_t size)
{
    char message[IMAGE_MESSAGE_BYTES];
    assert_int_equal(image_parse(&w->image, &w->arena, w->file, size, message),
                     IMAGE_OK);
}

/* The offsets that a walk finds, in order, as "0 2 7". */
static void expect_found(struct world *w, const char *want)
{
    char got[256] = "";
    size_t used = 0;
    struct image_walk walk;
    struct image_insn in;
    assert_true(image_walk(&walk, &w->arena, &w->image));
    while (image_walk_next(&walk, &in)) {
        used += (size_t)snprintf(got + used, sizeof(got) - used, "%s%u",
                                 used > 0 ? " " : "", in.va - w->image.text_va);
    }
    assert_string_equal(got, want);
}

static void only_what_control_may_reach_is_found(void **state)
{
    static const struct {
        uint8_t text[16];
        size_t bytes;
        const char *found;
    } rows[] = {
        /* jmp over a constant, which would be refused; ret */
        { { 0xeb, 2, 0x0f, 0xa2, 0xc3 }, 5, "0 4" },
        { { 0xe9, 2, 0, 0, 0, 0x0f, 0xa2, 0xc3 }, 8, "0 7" },
        /* jz and jecxz: both ways; 0F 84 likewise */
        { { 0x74, 1, 0xc3, 0xc3, 0xf4 }, 5, "0 2 3" },
        { { 0xe3, 1, 0xc3, 0xc3, 0xf4 }, 5, "0 2 3" },
        { { 0x0f, 0x84, 1, 0, 0, 0, 0xc3, 0xc3, 0xf4 }, 9, "0 6 7" },
        /* loop and jmp backwards: nothing behind the jmp */
        { { 0x90, 0xe2, 0xfd, 0xeb, 0xfb, 0xf4 }, 6, "0 1 3" },
        /* call: what is called, and what is behind the call */
        { { 0xe8, 2, 0, 0, 0, 0xc3, 0xf4, 0x90, 0xc3 }, 9, "0 5 7 8" },
        /* jmp *%eax, ret $4, terminate: the end */
        { { 0xff, 0xe0, 0xf4 }, 3, "0" },
        { { 0xc2, 4, 0, 0xf4 }, 4, "0" },
        { { 0xcd, 0x41, 0xf4 }, 3, "0" },
        /* call *%eax, idle: not the end */
        { { 0xff, 0xd0, 0xc3, 0xf4 }, 4, "0 2" },
        { { 0xcd, 0x40, 0xc3, 0xf4 }, 4, "0 2" },
        /* jmp *table(,%eax,4), of one address, and what is none behind it */
        { { 0xff, 0x24, 0x85, 0x08, 0x10, 0x40, 0, 0xf4, 0x0c, 0x10, 0x40, 0,
            0xc3, 0xf4, 0xf4, 0xf4 },
          16,
          "0 12" },
        /* into the middle of mov $0x90c3, %eax: both readings */
        { { 0xb8, 0xc3, 0x90, 0, 0, 0x74, 0xfa, 0xc3 }, 8, "0 1 5 7" },
        /* out of the text, and past a refused instruction */
        { { 0xf4, 0xeb, 0x70 }, 3, "0 1" },
    };
    struct world *w = *state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        parse(w, elf_of_text(w->file, rows[i].text, rows[i].bytes));
        expect_found(w, rows[i].found);
    }
}

/* An ELF file with a symbol table of one function, [at, at + bytes). */
static size_t add_function(uint8_t *file, size_t size, uint32_t at,
                           uint32_t bytes)
{
    enum { SYMBOL = 16, HEADER = 40 };
    uint8_t *symbol = file + size;
    uint8_t *headers = symbol + SYMBOL;
    memset(symbol, 0, SYMBOL + 2 * HEADER);
    put_le32(symbol + 4, ABI_TEXT_BASE + at);
    put_le32(symbol + 8, bytes);
    symbol[12] = 0x12;                 /* Global, a function. */
    put_le32(headers + HEADER + 4, 2); /* SHT_SYMTAB */
    put_le32(headers + HEADER + 16, (uint32_t)size);
    put_le32(headers + HEADER + 20, SYMBOL);
    put_le32(file + 32, (uint32_t)size + SYMBOL);
    put_le32(file + 46, HEADER | 2 << 16); /* Their size and number. */
    return size + SYMBOL + 2 * HEADER;
}

static void functions_are_found_by_their_symbols_and_end_with_them(void **state)
{
    /* ret; a constant; a function: call to the ret, which does not come back;
       a constant. */
    static const uint8_t text[] = { 0xc3, 0x0f, 0xa2, 0xe8, 0xf8,
                                    0xff, 0xff, 0xff, 0x0f, 0xa2 };
    struct world *w = *state;
    size_t size = elf_of_text(w->file, text, sizeof(text));
    parse(w, size);
    expect_found(w, "0");
    parse(w, add_function(w->file, size, 3, 5));
    expect_found(w, "0 3");
    /* No end is known, and one that lies outside is none. */
    (void)elf_of_text(w->file, text, sizeof(text));
    parse(w, add_function(w->file, size, 3, 0));
    expect_found(w, "0 3 8");
    parse(w, add_function(w->file, size, 3, 0xfffffff0));
    expect_found(w, "0 3 8");
    parse(w, add_function(w->file, size, 0x10000000, 5));
    expect_found(w, "0");
}

static void what_the_engine_executes_was_found(void **state)
{
    struct world *w = *state;
    struct program *p = malloc(sizeof(*p));
    struct oracle *o = malloc(sizeof(*o));
    assert_true(p && o);
    size_t mark = w->arena.used_bytes;
    uint32_t count = 0;
    uint32_t checked = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        program_make(p, seed);
        struct cpu_regs regs = program_regs(seed);
        oracle_run(o, p, &regs);
        w->arena.used_bytes = mark;
        parse(w, elf_of_text(w->file, p->text, p->size));
        struct image_walk walk;
        struct image_insn in;
        static bool found[PROGRAM_TEXT_LIMIT];
        memset(found, 0, sizeof(found));
        assert_true(image_walk(&walk, &w->arena, &w->image));
        while (image_walk_next(&walk, &in)) {
            assert_null(in.insn.refusal);
            found[in.va - ABI_TEXT_BASE] = true;
            count++;
        }
        for (uint32_t i = 0; i < o->count; i++) {
            uint32_t before = o->eips[i > 0 ? i - 1 : 0] - ABI_TEXT_BASE;
            uint8_t op = p->text[before]; /* Of returns and jumps by a
                                             register, nothing can be told. */
            bool is_told = op != 0xff && op != 0xc2 && op != 0xc3;
            checked += is_told && found[before];
            assert_true(found[o->eips[i] - ABI_TEXT_BASE] || !is_told ||
                        !found[before]);
        }
    }
    assert_true(count > 1000 && checked > 1000);
    free(o);
    free(p);
}

static void a_full_arena_is_said(void **state)
{
    static const uint8_t text[] = { 0xc3 };
    struct world *w = *state;
    struct arena small;
    struct image_insn first;
    uint32_t count = 0;
    parse(w, elf_of_text(w->file, text, sizeof(text)));
    assert_true(arena_map(&small, 4096));
    assert_false(image_count_refused(&w->image, &small, &count, &first));
    arena_unmap(&small);
    size_t mark = w->arena.used_bytes;
    assert_true(image_count_refused(&w->image, &w->arena, &count, &first));
    assert_int_equal(count, 0);
    assert_int_equal(w->arena.used_bytes, mark);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_what_control_may_reach_is_found,
                                        open_world, close_world),
        cmocka_unit_test_setup_teardown(
            functions_are_found_by_their_symbols_and_end_with_them, open_world,
            close_world),
        cmocka_unit_test_setup_teardown(what_the_engine_executes_was_found,
                                        open_world, close_world),
        cmocka_unit_test_setup_teardown(a_full_arena_is_said, open_world,
                                        close_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
