/*
 * test_args.c - a guest's command line: what the grammar takes and refuses, and
 * what becomes of a table that an image carries in a broken state.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "isa/args/carried.h"
#include "isa/image.h"
#include "sim/arena.h"
#include "sim/bytes.h"

#define KIB(n) ((uint64_t)(n) << 10)

enum { COUNT, SIZE, TIME, CHOICE, LIST, RULES };

static const struct args_rule rules[RULES + 1] = {
    { "count", ARGS_COUNT, 1, 65535, 80, "things" },
    { "size", ARGS_SIZE, 0, 1u << 30, 2258, "bytes" },
    { "time", ARGS_TIME, 1000000, 60000000000, 100000000, "ms" },
    { "way", ARGS_CHOICE, 0, 0, 0, "up down down-under" },
    { "list", ARGS_LIST, 1, 99, 0, "numbers" },
    { NULL, ARGS_COUNT, 0, 0, 0, NULL },
};

static void numbers_are_decimal_and_units_are_those_of_the_kind(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        int index;
        uint64_t number;
    } cases[] = {
        { "", COUNT, 80 },
        { "", SIZE, 2258 },
        { "", TIME, 100000000 },
        { "", CHOICE, 0 },
        { "count=1", COUNT, 1 },
        { "count=65535", COUNT, 65535 },
        { "count=0100", COUNT, 100 }, /* Not octal. */
        { "size=010 count=9", SIZE, 10 },
        { "size=4KiB", SIZE, KIB(4) },
        { "size=1MiB", SIZE, KIB(1024) },
        { "size=1GiB", SIZE, KIB(1024 * 1024) },
        { "time=5", TIME, 5000000 },
        { "time=5ms", TIME, 5000000 },
        { "time=5000us", TIME, 5000000 },
        { "time=5000000ns", TIME, 5000000 },
        { "time=60s", TIME, 60000000000 },
        { "way=up", CHOICE, 0 },
        { "way=down", CHOICE, 1 },
        { "way=down-under", CHOICE, 2 },
        { " \t\r\n count=7 \n", COUNT, 7 },
        { "size=1\tcount=7", COUNT, 7 },
        { "size=1\ncount=7", COUNT, 7 },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct args_value values[RULES];
        struct args_fault fault;
        assert_true(args_read(rules, cases[i].line, values, &fault));
        assert_int_equal(values[cases[i].index].number, cases[i].number);
    }
}

static void what_is_wrong_is_said_in_a_sentence(void **state)
{
    (void)state;
    static const struct {
        const char *line, *sentence;
    } cases[] = {
        { "sise=1", "the guest knows no word \"sise\"" },
        { "count", "the guest knows no word \"count\" without a value" },
        { "=1", "the guest knows no word \"\"" },
        { "Count=1", "the guest knows no word \"Count\"" },
        { "count=1 size=2 count=1", "count= is given twice" },
        { "count=", "count= is not a whole number from 1 to 65535" },
        { "count=-1", "count=-1 is not a whole number from 1 to 65535" },
        { "count=+1", "count=+1 is not a whole number from 1 to 65535" },
        { "count=0x10", "count=0x10 is not a whole number from 1 to 65535" },
        { "count=1.0", "count=1.0 is not a whole number from 1 to 65535" },
        { "count=1KiB", "count=1KiB is not a whole number from 1 to 65535" },
        { "count=0", "count=0 is not a whole number from 1 to 65535" },
        { "count=65536", "count=65536 is not a whole number from 1 to 65535" },
        { "count=18446744073709551617",
          "count=18446744073709551617 is not a whole number from 1 to 65535" },
        { "size=1kib",
          "size=1kib is not a size in bytes from 0 to 1073741824" },
        { "size=1K", "size=1K is not a size in bytes from 0 to 1073741824" },
        { "size=2GiB",
          "size=2GiB is not a size in bytes from 0 to 1073741824" },
        { "size=17179869184GiB", /* 2^64 bytes. */
          "size=17179869184GiB is not a size in bytes from 0 to 1073741824" },
        { "time=999us", "time=999us is not a time from 1ms to 60000ms" },
        { "time=61s", "time=61s is not a time from 1ms to 60000ms" },
        { "time=1m", "time=1m is not a time from 1ms to 60000ms" },
        { "way=", "way= is none of these: up down down-under" },
        { "way=dow", "way=dow is none of these: up down down-under" },
        { "way=up down", "the guest knows no word \"down\" without a value" },
        { "list=1,,2", "list=1,,2 is not a list of numbers from 1 to 99" },
        { "list=1,", "list=1, is not a list of numbers from 1 to 99" },
        { "list=,1", "list=,1 is not a list of numbers from 1 to 99" },
        { "list=1;2", "list=1;2 is not a list of numbers from 1 to 99" },
        { "list=1,100", "list=1,100 is not a list of numbers from 1 to 99" },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct args_value values[RULES];
        struct args_fault fault;
        char sentence[160];
        assert_false(args_read(rules, cases[i].line, values, &fault));
        args_explain(&fault, sentence, sizeof(sentence));
        assert_string_equal(sentence, cases[i].sentence);
    }
}

static void a_list_gives_its_numbers_in_order(void **state)
{
    (void)state;
    static const uint64_t expected[] = { 7, 99, 1, 1 };
    struct args_value values[RULES];
    struct args_fault fault;
    assert_true(
        args_read(rules, "count=3 list=7,99,1,01 way=up", values, &fault));
    const char *text = values[LIST].text;
    const char *end = text + values[LIST].text_bytes;
    uint64_t number = 0;
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        assert_true(args_list_next(&text, end, &number));
        assert_int_equal(number, expected[i]);
    }
    assert_false(args_list_next(&text, end, &number));
    assert_false(args_read(rules, "list=", values, &fault));
}

/* ---- What an image carries ---------------------------------------------- */

/* The smallest file that has sections: their names, and one of ours. */
struct file {
    uint8_t bytes[4096];
    struct image image;
};

#define NAMES   64
#define TABLE   128
#define HEADERS 1024

/* By the System V ABI. */
static void put_section(struct file *f, uint32_t index, uint32_t name,
                        uint32_t type, uint32_t offset, uint32_t bytes)
{
    uint8_t *h = f->bytes + HEADERS + 40 * index;
    put_le32(h, name);
    put_le32(h + 4, type);
    put_le32(h + 16, offset);
    put_le32(h + 20, bytes);
}

static struct args_header *header_of(struct file *f)
{
    return (struct args_header *)(void *)(f->bytes + TABLE);
}

static struct args_record *record_of(struct file *f)
{
    return (struct args_record *)(void *)(f->bytes + TABLE +
                                          sizeof(struct args_header));
}

static void make(struct file *f)
{
    memset(f, 0, sizeof(*f));
    put_le32(f->bytes + 32, HEADERS);
    f->bytes[46] = 40;
    f->bytes[48] = 3; /* Sections, */
    f->bytes[50] = 1; /* and which of them has the names. */
    memcpy(f->bytes + NAMES + 1, ARGS_SECTION, sizeof(ARGS_SECTION));
    put_section(f, 1, 0, 3, NAMES, 1 + sizeof(ARGS_SECTION));
    put_section(f, 2, 1, 1, TABLE,
                sizeof(struct args_header) + sizeof(struct args_record));
    *header_of(f) =
        (struct args_header){ ARGS_MAGIC, sizeof(struct args_record), 1,
                              "what it is" };
    *record_of(f) =
        (struct args_record){ 1, 9,       5,        ARGS_COUNT,
                              0, "count", "things", "what it means" };
    f->image =
        (struct image){ .file = f->bytes, .file_bytes = sizeof(f->bytes) };
}

/* The table that the file carries; NULL: it is refused. */
static const char *carried(struct file *f, struct args_table *table)
{
    static struct arena arena;
    static bool is_mapped;
    const char *why = NULL;
    if (!is_mapped) {
        is_mapped = arena_map(&arena, ARENA_UNLIMITED);
        assert_true(is_mapped);
    }
    if (args_carried(table, &arena, &f->image, &why)) {
        return NULL;
    }
    assert_non_null(why);
    return why;
}

static void a_sound_table_is_read_as_it_was_written(void **state)
{
    (void)state;
    struct file f;
    struct args_table table;
    make(&f);
    assert_null(carried(&f, &table));
    assert_string_equal(table.summary, "what it is");
    assert_int_equal(table.count, 1);
    assert_string_equal(table.rules[0].name, "count");
    assert_string_equal(table.rules[0].unit, "things");
    assert_string_equal(table.meanings[0], "what it means");
    assert_int_equal(table.rules[0].low, 1);
    assert_int_equal(table.rules[0].high, 9);
    assert_int_equal(table.rules[0].fallback, 5);
    assert_null(table.rules[1].name);
}

static void an_image_without_a_table_is_fine(void **state)
{
    (void)state;
    struct file f;
    struct args_table table;
    make(&f);
    f.bytes[NAMES + 1] = '-';
    assert_null(carried(&f, &table));
    assert_null(table.summary);
    make(&f);
    f.bytes[48] = 0;
    assert_null(carried(&f, &table));
    assert_null(table.summary);
}

static void a_broken_table_is_refused(void **state)
{
    (void)state;
    struct file f;
    struct args_table table;
    for (int way = 0; way < 9; way++) {
        make(&f);
        switch (way) {
        case 0:
            header_of(&f)->magic[6] = '9';
            break;
        case 1:
            header_of(&f)->count = 2;
            break;
        case 2:
            header_of(&f)->count = UINT32_MAX;
            break;
        case 3:
            memset(header_of(&f)->summary, 'x', ARGS_SUMMARY_BYTES);
            break;
        case 4:
            memset(record_of(&f)->name, 'x', ARGS_NAME_BYTES);
            break;
        case 5:
            record_of(&f)->kind = ARGS_LIST + 1;
            break;
        case 6:
            record_of(&f)->low = 10;
            break;
        case 7:
            record_of(&f)->kind = ARGS_TIME; /* "things" is no unit of it. */
            break;
        default:
            record_of(&f)->meaning[3] = '\033'; /* For a terminal. */
            break;
        }
        assert_non_null(carried(&f, &table));
    }
}

/* Any byte of the file may be anything: the table is refused, or the parser
   works by it. */
static void no_table_of_any_bytes_does_harm(void **state)
{
    (void)state;
    uint32_t random = 1;
    for (int i = 0; i < 20000; i++) {
        struct file f;
        struct args_table table;
        make(&f);
        for (int k = 0; k < 3; k++) {
            random = random * 1664525u + 1013904223u;
            f.bytes[random >> 8 & (i % 2 ? 0x1ff : 0x4ff)] =
                (uint8_t)(random >> 24);
        }
        if (!carried(&f, &table) && table.summary) {
            struct args_value values[ARGS_LIMIT];
            struct args_fault fault;
            (void)args_read(table.rules, "count=3 size=9KiB x=,", values,
                            &fault);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_decimal_and_units_are_those_of_the_kind),
        cmocka_unit_test(what_is_wrong_is_said_in_a_sentence),
        cmocka_unit_test(a_list_gives_its_numbers_in_order),
        cmocka_unit_test(a_sound_table_is_read_as_it_was_written),
        cmocka_unit_test(an_image_without_a_table_is_fine),
        cmocka_unit_test(a_broken_table_is_refused),
        cmocka_unit_test(no_table_of_any_bytes_does_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
