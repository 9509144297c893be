/*
 * test_symbols.c - names of addresses, from a guest's own symbol table and from
 * tables that make no sense. Called with the folder of the guests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "isa/image.h"
#include "isa/symbols.h"
#include "sim/arena.h"
#include "sim/bytes.h"
#include "tests/isa/fixture.h"

#define ARENA_BYTES    (16u << 20)
#define DAMAGED_COUNT  20000
#define SECTIONS_AT    32 /* Where the ELF header says where sections are. */
#define SECTION_BYTES  40
#define SECTION_COUNT  48
#define DAMAGES_AT_ONE 3

static char path[4096];

static void load(struct arena *arena, struct image *image)
{
    char message[IMAGE_MESSAGE_BYTES];
    assert_true(arena_map(arena, ARENA_BYTES));
    assert_int_equal(image_load(image, arena, path, message), IMAGE_OK);
}

static void addresses_have_the_name_before_them(void **state)
{
    struct arena arena;
    struct image image;
    struct symbols s;
    (void)state;
    load(&arena, &image);
    assert_true(symbols_read(&s, &arena, &image));
    assert_true(s.count > 20);
    for (uint32_t i = 0; i < s.count; i++) {
        uint32_t end = i + 1 < s.count ? s.all[i + 1].va : UINT32_MAX;
        assert_true(s.all[i].va < end);
        assert_ptr_equal(symbols_find(&s, s.all[i].va), &s.all[i]);
        assert_ptr_equal(symbols_find(&s, end - 1), &s.all[i]);
    }
    assert_null(symbols_find(&s, s.all[0].va - 1));
    assert_string_equal(symbols_find(&s, image.entry)->name, "ilwaco_entry");
    arena_unmap(&arena);
}

static void an_image_without_symbols_has_no_names(void **state)
{
    struct machine m;
    struct symbols s;
    const uint8_t text[] = { 0xcd, 0x21 };
    (void)state;
    machine_open(&m, text, sizeof(text));
    assert_true(symbols_read(&s, &m.arena, &m.image));
    assert_int_equal(s.count, 0);
    assert_null(symbols_find(&s, m.image.entry));
    machine_close(&m);
}

/* Whatever the sections say, only the file is read. */
static void a_table_that_makes_no_sense_does_no_harm(void **state)
{
    struct arena arena;
    struct image image;
    uint64_t random = 1;
    uint32_t with_names = 0;
    (void)state;
    load(&arena, &image);
    uint8_t *copy = malloc(image.file_bytes);
    assert_non_null(copy);
    const uint8_t *whole = image.file;
    uint32_t first = get_le32(whole + SECTIONS_AT);
    uint32_t room = get_le16(whole + SECTION_COUNT) * SECTION_BYTES;
    size_t mark = arena.used_bytes;
    for (int i = 0; i < DAMAGED_COUNT; i++) {
        struct symbols s;
        memcpy(copy, whole, image.file_bytes);
        for (int d = 0; d < DAMAGES_AT_ONE; d++) {
            uint32_t at = next_random(&random) % (room + 20);
            at = at < room ? first + at : SECTIONS_AT + at - room;
            copy[at] = (uint8_t)next_random(&random);
        }
        image.file = copy;
        arena.used_bytes = mark;
        if (symbols_read(&s, &arena, &image)) {
            with_names += s.count > 0;
            for (uint32_t n = 0; n < s.count; n++) {
                assert_true(strlen(s.all[n].name) > 0);
            }
            (void)symbols_find(&s, next_random(&random));
        }
    }
    assert_true(with_names > 100 && with_names < DAMAGED_COUNT - 100);
    free(copy);
    arena_unmap(&arena);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        return 2;
    }
    snprintf(path, sizeof(path), "%s/hello.elf", argv[1]);
    FILE *file = fopen(path, "rb");
    if (!file) {
        return 77; /* No guests were built. */
    }
    (void)fclose(file);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_have_the_name_before_them),
        cmocka_unit_test(an_image_without_symbols_has_no_names),
        cmocka_unit_test(a_table_that_makes_no_sense_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
