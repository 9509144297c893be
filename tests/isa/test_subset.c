/*
 * test_subset.c - the subset, opcode by opcode.
 *
 * tests/isa/subset.golden lists what the decoder says of every opcode in both
 * maps; with `--print` this program prints it. And Capstone, which has no part
 * in the decoder, must find the same lengths.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <capstone/capstone.h>
#include <cmocka.h>

#include "isa/disasm.h"
#include "isa/image.h"
#include "isa/subset.h"
#include "isa/verify.h"
#include "tests/isa/fixture.h"

#define GOLDEN       "tests/isa/subset.golden"
#define GOLDEN_BYTES (256u << 10)

/* ---- The golden list ---------------------------------------------------- */

static const char *class_name(enum insn_class class)
{
    static const char *const names[INSN_CLASS_COUNT] = {
        [INSN_ALU] = "alu",       [INSN_SHIFT] = "shift",
        [INSN_CARRY] = "carry",   [INSN_BITS] = "bits",
        [INSN_FLAGS] = "flags",   [INSN_LOAD] = "load",
        [INSN_STORE] = "store",   [INSN_MODIFY] = "modify",
        [INSN_BRANCH] = "branch", [INSN_MUL] = "mul",
        [INSN_DIV] = "div",       [INSN_STRING] = "string",
        [INSN_LOCKED] = "locked", [INSN_VIRTUAL] = "virtual",
    };
    return names[class];
}

static size_t put_opcode(uint8_t *bytes, unsigned map, unsigned opcode)
{
    size_t at = 0;
    if (map == SUBSET_0F) {
        bytes[at++] = 0x0f;
    }
    bytes[at++] = (uint8_t)opcode;
    return at;
}

/* "load +66 +f0", or the refusal. */
static void describe_form(char *text, size_t room, unsigned map,
                          unsigned opcode, unsigned modrm)
{
    static const uint8_t prefixes[] = { 0x66, 0xf0, 0xf2, 0xf3, 0x2e, 0x26,
                                        0x36, 0x3e, 0x64, 0x65, 0x67 };
    uint8_t bytes[18] = { 0 };
    uint8_t *plain = bytes + 1;
    plain[put_opcode(plain, map, opcode)] = (uint8_t)modrm;
    struct insn insn;
    if (insn_decode(plain, 16, &insn) != INSN_OK) {
        (void)snprintf(text, room, "%s", insn.refusal);
        return;
    }
    int used = snprintf(text, room, "%s%s", class_name(insn.class),
                        insn.ends_block ? " end" : "");
    for (size_t i = 0; i < sizeof(prefixes); i++) {
        bytes[0] = prefixes[i];
        if (insn_decode(bytes, 16, &insn) == INSN_OK) {
            used += snprintf(text + used, room - (size_t)used, " +%02x",
                             prefixes[i]);
        }
    }
}

static void describe_digit(char *text, size_t room, unsigned map,
                           unsigned opcode, unsigned digit)
{
    char reg[128];
    char mem[128];
    struct insn insn;
    uint8_t bytes[16] = { 0 };
    size_t at = put_opcode(bytes, map, opcode);
    bytes[at] = (uint8_t)(0xc0 | digit << 3);
    (void)insn_decode(bytes, sizeof(bytes), &insn);
    describe_form(reg, sizeof(reg), map, opcode, 0xc0 | digit << 3);
    describe_form(mem, sizeof(mem), map, opcode, 0x03 | digit << 3);
    bool is_same = strcmp(reg, mem) == 0;
    (void)snprintf(text, room, "%-18s %s%s%s",
                   insn.name != NULL ? insn.name : "-", reg,
                   is_same ? "" : "; memory: ", is_same ? "" : mem);
}

static int add_line(char *list, int used, unsigned map, unsigned opcode,
                    int digit, const char *text)
{
    char digits[4] = "  ";
    if (digit >= 0) {
        (void)snprintf(digits, sizeof(digits), "/%d", digit);
    }
    return used + snprintf(list + used, GOLDEN_BYTES - (size_t)used,
                           "%s%02x %s %s\n", map == SUBSET_0F ? "0f " : "   ",
                           opcode, digits, text);
}

/* Not an opcode of its own. */
static bool is_lead_in(unsigned map, unsigned opcode)
{
    static const uint8_t bytes[] = { 0x0f, 0x26, 0x2e, 0x36, 0x3e, 0x64,
                                     0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3 };
    return map == SUBSET_ONE && memchr(bytes, (int)opcode, sizeof(bytes));
}

static int add_opcode(char *list, int used, unsigned map, unsigned opcode)
{
    if (is_lead_in(map, opcode)) {
        return add_line(list, used, map, opcode, -1, "(prefix)");
    }
    char text[8][300];
    bool is_group = false;
    for (unsigned digit = 0; digit < 8; digit++) {
        describe_digit(text[digit], sizeof(text[0]), map, opcode, digit);
        is_group = is_group || strcmp(text[digit], text[0]) != 0;
    }
    for (int digit = 0; digit < (is_group ? 8 : 1); digit++) {
        used = add_line(list, used, map, opcode, is_group ? digit : -1,
                        text[digit]);
    }
    return used;
}

static char *make_list(void)
{
    char *list = calloc(1, GOLDEN_BYTES);
    SIM_ASSERT(list != NULL);
    int used = 0;
    for (unsigned map = SUBSET_ONE; map <= SUBSET_0F; map++) {
        for (unsigned opcode = 0; opcode < 256; opcode++) {
            used = add_opcode(list, used, map, opcode);
        }
    }
    SIM_ASSERT((unsigned)used < GOLDEN_BYTES - 1);
    return list;
}

static void every_opcode_is_as_reviewed(void **state)
{
    (void)state;
    char *list = make_list();
    char *golden = calloc(1, GOLDEN_BYTES);
    assert_non_null(golden);
    FILE *file = fopen(GOLDEN, "r");
    if (!file) {
        free(list);
        free(golden);
        fail_msg("%s cannot be read", GOLDEN);
        return;
    }
    size_t length = fread(golden, 1, GOLDEN_BYTES - 1, file);
    fclose(file);
    assert_true(length > 0);
    assert_string_equal(list, golden);
    free(list);
    free(golden);
}

static void the_table_is_sorted_and_complete(void **state)
{
    (void)state;
    size_t count = 0;
    const struct subset_row *rows = subset_rows(&count);
    for (size_t i = 0; i < count; i++) {
        assert_true(rows[i].first <= rows[i].last);
        assert_non_null(rows[i].name);
        assert_ptr_equal(subset_find(rows[i].map, rows[i].last, rows[i].digit),
                         &rows[i]);
        assert_true(rows[i].digit == SUBSET_ANY ||
                    (rows[i].flags & SUBSET_MODRM) != 0);
    }
    for (const struct insn_costs *c = insn_cost_models; c->name != NULL; c++) {
        for (int i = 0; i < INSN_CLASS_COUNT; i++) {
            assert_true(c->cycles[i] >= 1);
        }
        /* The kernel charges what a virtual instruction does. */
        assert_int_equal(c->cycles[INSN_VIRTUAL], 1);
        assert_ptr_equal(insn_costs_find(c->name), c);
    }
    assert_null(insn_costs_find("none"));
}

/* ---- Against measurements ----------------------------------------------- */

/* Of a Pentium 4, hundredths of cycles: the lines of InstLatx64's file that
   docs/experiments/costs.md names as I1. 0: it has no such figure. Of several
   instructions of a class, those whose figure the class has. */
static const struct {
    uint8_t bytes[4];
    uint16_t line;
    uint16_t latency, throughput;
} measured[] = {
    { { 0x89, 0xc8 }, 22, 50, 34 },             /* mov r32, r32 */
    { { 0x01, 0xc8 }, 72, 50, 34 },             /* add r32, r32 */
    { { 0x39, 0xc8 }, 130, 0, 34 },             /* cmp r32, r32 */
    { { 0x93 }, 56, 100, 100 },                 /* xchg r32, r32 */
    { { 0x99 }, 462, 100, 100 },                /* cdq */
    { { 0x0f, 0xb6, 0xc1 }, 50, 50, 50 },       /* movzx r32, r8 */
    { { 0x0f, 0x92, 0xc0 }, 200, 100, 100 },    /* setc r8 */
    { { 0xf7, 0xd8 }, 162, 50, 50 },            /* neg r32 */
    { { 0x8b, 0x03 }, 26, 200, 100 },           /* mov r32, [m32] */
    { { 0x8a, 0x03 }, 24, 300, 100 },           /* mov r8, [m8] */
    { { 0x03, 0x03 }, 76, 300, 100 },           /* add r32, [m32] */
    { { 0x58 }, 487, 0, 100 },                  /* pop r32 */
    { { 0x89, 0x03 }, 30, 0, 175 },             /* mov [m32], r32 */
    { { 0x50 }, 486, 0, 200 },                  /* push r32 */
    { { 0x01, 0x03 }, 80, 890, 175 },           /* add [m32], r32 */
    { { 0x83, 0x03, 1 }, 99, 890, 175 },        /* add [m32], imm8 */
    { { 0x11, 0xc8 }, 118, 700, 700 },          /* adc r32, r32 */
    { { 0x19, 0xc8 }, 122, 700, 700 },          /* sbb r32, r32 */
    { { 0xd1, 0xe0 }, 219, 400, 100 },          /* shl r32, 1 */
    { { 0xc1, 0xe8, 3 }, 235, 400, 100 },       /* shr r32, imm8 */
    { { 0xc1, 0xf8, 3 }, 247, 400, 100 },       /* sar r32, imm8 */
    { { 0x0f, 0xba, 0xf8, 3 }, 186, 600, 600 }, /* btc r32, imm8 */
    { { 0x0f, 0xbc, 0xc1 }, 314, 800, 0 },      /* bsf r32, r32 */
    { { 0x0f, 0xc8 }, 319, 700, 0 },            /* bswap r32 */
    { { 0x0f, 0xaf, 0xc1 }, 328, 1500, 425 },   /* imul r32, r32 */
    { { 0x6b, 0xc1, 3 }, 331, 1400, 450 },      /* imul r32, r32, imm8 */
    { { 0xf7, 0xf1 }, 430, 5700, 5700 },        /* div r32 */
    { { 0xf7, 0xf9 }, 377, 5700, 5700 },        /* idiv r32 */
    { { 0xfc }, 467, 5000, 5000 },              /* cld */
    { { 0x9d }, 503, 0, 5000 },                 /* popf */
    { { 0xf0, 0x01, 0x03 }, 86, 12420, 12450 }, /* lock add [m32], r32 */
    { { 0x87, 0x03 }, 64, 12490, 12417 },       /* xchg r32, [m32] */
};

static void expect_near(uint16_t line, uint16_t hundredths, unsigned cycles)
{
    double off = cycles - hundredths / 100.0;
    if (hundredths > 0 && (off > 1 || off < -1)) {
        fail_msg("line %u: %.2f cycles, not %u", line, hundredths / 100.0,
                 cycles);
    }
}

static void a_pentium_4_takes_what_was_measured_to_a_cycle(void **state)
{
    (void)state;
    const struct insn_costs *alone = insn_costs_find("netburst");
    const struct insn_costs *among = insn_costs_find("netburst-throughput");
    for (size_t i = 0; i < sizeof(measured) / sizeof(measured[0]); i++) {
        uint8_t bytes[INSN_MAX_BYTES] = { 0 };
        struct insn insn;
        memcpy(bytes, measured[i].bytes, sizeof(measured[i].bytes));
        assert_int_equal(insn_decode(bytes, sizeof(bytes), &insn), INSN_OK);
        expect_near(measured[i].line, measured[i].latency,
                    alone->cycles[insn.class]);
        expect_near(measured[i].line, measured[i].throughput,
                    among->cycles[insn.class]);
    }
}

/* ---- Against Capstone --------------------------------------------------- */

struct survey {
    csh handle;
    cs_insn *insn;
    uint64_t allowed;
};

static void compare(struct survey *s, const uint8_t *bytes)
{
    struct insn insn;
    if (insn_decode(bytes, INSN_MAX_BYTES, &insn) != INSN_OK) {
        return;
    }
    const uint8_t *code = bytes;
    size_t left = INSN_MAX_BYTES;
    uint64_t at = 0x401000;
    s->allowed++;
    if (!cs_disasm_iter(s->handle, &code, &left, &at, s->insn) ||
        s->insn->size != insn.size_bytes) {
        fail_msg("%02x %02x %02x %02x: %u bytes, Capstone differs", bytes[0],
                 bytes[1], bytes[2], bytes[3], insn.size_bytes);
    }
    /* One byte less is too little; prefixes alone are not. */
    for (size_t room = 0; room < insn.size_bytes; room++) {
        struct insn cut;
        assert_int_equal(insn_decode(bytes, room, &cut), INSN_TRUNCATED);
    }
}

static void capstone_finds_the_same_lengths(void **state)
{
    static const char *const prefixes[] = { "",     "\x66",     "\xf0",
                                            "\xf2", "\xf3",     "\x2e",
                                            "\x67", "\x66\xf3", "\xf0\x66" };
    (void)state;
    struct survey s = { 0 };
    assert_int_equal(cs_open(CS_ARCH_X86, CS_MODE_32, &s.handle), CS_ERR_OK);
    s.insn = cs_malloc(s.handle);
    for (unsigned i = 0; i < 9u * 2u * 256u * 256u; i++) {
        /* With a SIB byte that has a displacement of its own, and without. */
        for (unsigned sib = 0x24; sib <= 0x25; sib++) {
            uint8_t bytes[24] = { 0 };
            const char *prefix = prefixes[i >> 17];
            size_t at = 0;
            for (; prefix[at] != '\0'; at++) {
                bytes[at] = (uint8_t)prefix[at];
            }
            at += put_opcode(bytes + at, i >> 16 & 1, i >> 8 & 0xff);
            bytes[at] = (uint8_t)i;
            bytes[at + 1] = (uint8_t)sib;
            compare(&s, bytes);
        }
    }
    assert_true(s.allowed > 100000);
    cs_free(s.insn, 1);
    assert_int_equal(cs_close(&s.handle), CS_ERR_OK);
}

/* ---- Sweeps and text ---------------------------------------------------- */

static void the_864_encodings_that_abort_are_found(void **state)
{
    static const char *const prefixes[] = { "",         "\x66",     "\xf0",
                                            "\xf2",     "\xf3",     "\x66\xf0",
                                            "\x67\xf0", "\xf0\x66", "\xf2\xf0",
                                            "\xf0\xf3" };
    (void)state;
    static uint8_t text[ABI_PAGE_BYTES];
    struct image image = { .text = text,
                           .text_va = ABI_TEXT_BASE,
                           .text_bytes = sizeof(text) };
    uint32_t found = 0;
    for (unsigned i = 0; i < 10u * 65536u; i++) {
        const char *prefix = prefixes[i >> 16];
        size_t at = sizeof(text) - 3 - strlen(prefix);
        uint32_t va = ABI_TEXT_BASE;
        memset(text + sizeof(text) - 8, 0, 8);
        for (size_t k = 0; prefix[k] != '\0'; k++) {
            text[at + k] = (uint8_t)prefix[k];
        }
        text[sizeof(text) - 3] = 0x0f;
        text[sizeof(text) - 2] = (uint8_t)(i >> 8);
        text[sizeof(text) - 1] = (uint8_t)i;
        if (image_find_abort(&image, &va)) {
            found++;
            struct insn insn;
            assert_true(va >= ABI_TEXT_BASE + at);
            assert_int_not_equal(
                insn_decode(text + at, sizeof(text) - at, &insn), INSN_OK);
        }
    }
    /* Of these prefixes 6 have an F0: (4 x 64 + 32) each. */
    assert_int_equal(found, 6 * (4 * 64 + 32));
}

static void instructions_have_text_and_reasons(void **state)
{
    static const uint8_t text[] = {
        0xcd, 0x40,             /* idle */
        0x83, 0xc0, 0x05,       /* addl $5, %eax */
        0xf4,                   /* hlt */
        0xf0, 0x0f, 0xab, 0xc8, /* lock bts: Capstone 4 cannot */
        0xcd, 0x80,             /* another interrupt */
        0x0f, 0x31,             /* rdtsc */
        0xe8, 0x00, 0x00,       /* cut off */
    };
    static const char *const want[] = {
        "idle|",
        "addl $5, %eax|",
        "hlt|privileged",
        "*|lock on a register's bit test, which aborts the engine",
        "int $0x80|software interrupt that is not a virtual instruction",
        "rdtsc|reads the real machine's time or counters",
        "*|cut off by the end of its segment",
    };
    (void)state;
    struct arena arena;
    struct image image;
    static uint8_t file[ELF_HEAD_BYTES + sizeof(text)];
    char message[IMAGE_MESSAGE_BYTES];
    assert_true(arena_map(&arena, 1u << 20));
    size_t size = elf_of_text(file, text, sizeof(text));
    assert_int_equal(image_parse(&image, &arena, file, size, message),
                     IMAGE_OK);
    struct disasm *d = disasm_create(&arena);
    assert_non_null(d);
    struct image_cursor cursor = { 0 };
    struct image_insn insn;
    for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
        char got[DISASM_TEXT_BYTES + 128];
        char line[DISASM_TEXT_BYTES];
        assert_true(image_next_insn(&image, &cursor, &insn));
        disasm_format(d, insn.va, insn.bytes, insn.insn.size_bytes, line);
        assert_true(line[0] != '\0');
        (void)snprintf(got, sizeof(got), "%s|%s",
                       want[i][0] == '*' ? "*" : line,
                       insn.insn.refusal != NULL ? insn.insn.refusal : "");
        assert_string_equal(got, want[i]);
    }
    assert_false(image_next_insn(&image, &cursor, &insn));
    uint32_t count = 0;
    assert_true(image_count_refused(&image, &arena, &count, &insn));
    assert_int_equal(count, 5);
    assert_int_equal(insn.va, ABI_TEXT_BASE + 5);
    disasm_release(d);
    arena_unmap(&arena);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--print") == 0) {
        char *list = make_list();
        (void)fputs(list, stdout);
        free(list);
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_opcode_is_as_reviewed),
        cmocka_unit_test(the_table_is_sorted_and_complete),
        cmocka_unit_test(a_pentium_4_takes_what_was_measured_to_a_cycle),
        cmocka_unit_test(capstone_finds_the_same_lengths),
        cmocka_unit_test(the_864_encodings_that_abort_are_found),
        cmocka_unit_test(instructions_have_text_and_reasons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
