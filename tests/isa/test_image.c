/* test_image.c - each way in which a file is not an image has its sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/isa/fixture.h"

enum { FILE_BYTES = ELF_HEAD_BYTES + 0x3000, MUTATION_COUNT = 20000 };

static const uint8_t ret_text[] = { 0xc3 };

/* One change to a good file: `size` bytes of `value` at `at`. */
struct change {
    uint32_t at, size, value;
};

struct bad_file {
    const char *says; /* A part of the sentence. */
    enum image_err err;
    size_t keep_bytes; /* 0: the whole file. */
    struct change changes[8];
};

/* Program header `i`, then its fields. */
#define PH(i)  (52u + 32u * (i))
#define OFFSET 4u
#define VADDR  8u
#define FILESZ 16u
#define MEMSZ  20u
#define FLAGS  24u
/* A second segment of one byte, with flags RW. */
#define SECOND(va)                                              \
    { 44, 2, 2 }, { PH(1), 4, 1 }, { PH(1) + OFFSET, 4, 4096 }, \
        { PH(1) + VADDR, 4, va }, { PH(1) + FILESZ, 4, 1 },     \
        { PH(1) + MEMSZ, 4, 1 }, { PH(1) + FLAGS, 4, 6 }

static const struct bad_file bad_files[] = {
    { "not an ELF file", IMAGE_NOT_ELF, 0, { { 0, 1, 0x7e } } },
    { "not an ELF file", IMAGE_NOT_ELF, 3, { { 0, 0, 0 } } },
    { "header is cut off", IMAGE_BAD, 51, { { 0, 0, 0 } } },
    { "not 32-bit", IMAGE_BAD, 0, { { 4, 1, 2 } } },
    { "not little-endian", IMAGE_BAD, 0, { { 5, 1, 2 } } },
    { "not for the i386 (ELF machine 62)", IMAGE_BAD, 0, { { 18, 2, 62 } } },
    { "(ELF type 3)", IMAGE_BAD, 0, { { 16, 2, 3 } } },
    { "has no segments", IMAGE_BAD, 0, { { 44, 2, 0 } } },
    { "has no segments", IMAGE_BAD, 0, { { PH(0), 4, 4 } } },
    { "bytes each instead of", IMAGE_BAD, 0, { { 42, 2, 40 } } },
    { "headers lie outside", IMAGE_BAD, 0, { { 28, 4, 0xfffffff0 } } },
    { "headers lie outside", IMAGE_BAD, 83, { { 0, 0, 0 } } },
    { "dynamically linked", IMAGE_BAD, 0, { { PH(0), 4, 3 } } },
    { "lie outside the file", IMAGE_BAD, 0, { { PH(0) + OFFSET, 4, ~0u } } },
    { "lie outside the file", IMAGE_BAD, 4096, { { 0, 0, 0 } } },
    { "smaller in memory", IMAGE_BAD, 0, { { PH(0) + MEMSZ, 4, 0 } } },
    { "past the end of the 32-bit",
      IMAGE_BAD,
      0,
      { { PH(0) + MEMSZ, 4, 0xffffffff } } },
    { "outside a VM's memory",
      IMAGE_BAD,
      0,
      { { PH(0) + VADDR, 4, 0x00400000 } } },
    { "outside a VM's memory",
      IMAGE_BAD,
      0,
      { { PH(0) + VADDR, 4, 0x40400000 } } },
    { "is writable", IMAGE_BAD, 0, { { PH(0) + FLAGS, 4, 7 } } },
    { "no text", IMAGE_BAD, 0, { { PH(0) + FLAGS, 4, 6 } } },
    { "outside the text", IMAGE_BAD, 0, { { 24, 4, 0x00401001 } } },
    { "outside the text", IMAGE_BAD, 0, { { 24, 4, 0x00400fff } } },
    { "text is too large", IMAGE_BAD, 0, { { PH(0) + MEMSZ, 4, 0x1000001 } } },
    { "overlap", IMAGE_BAD, 0, { SECOND(0x00401000) } },
    { "share a page", IMAGE_BAD, 0, { SECOND(0x00401ffc) } },
    { "more than 16 segments", IMAGE_BAD, 0, { { 44, 2, 17 } } },
};

static void apply(uint8_t *file, const struct change *c)
{
    for (uint32_t i = 0; i < c->size; i++) {
        file[c->at + i] = (uint8_t)(c->value >> (8 * i));
    }
}

struct loaded {
    struct arena arena;
    uint8_t file[FILE_BYTES];
    size_t size;
    struct image image;
    char message[IMAGE_MESSAGE_BYTES];
};

static int open_loaded(void **state)
{
    struct loaded *l = calloc(1, sizeof(*l));
    if (l == NULL || !arena_map(&l->arena, 64u << 20)) {
        return -1;
    }
    l->size = elf_of_text(l->file, ret_text, sizeof(ret_text));
    *state = l;
    return 0;
}

static int close_loaded(void **state)
{
    struct loaded *l = *state;
    arena_unmap(&l->arena);
    free(l);
    return 0;
}

static void each_bad_file_has_its_sentence(void **state)
{
    struct loaded *l = *state;
    struct image zeroed;
    memset(&zeroed, 0, sizeof(zeroed));
    for (size_t i = 0; i < sizeof(bad_files) / sizeof(bad_files[0]); i++) {
        const struct bad_file *b = &bad_files[i];
        size_t size = elf_of_text(l->file, ret_text, sizeof(ret_text));
        for (int c = 0; c < 8; c++) {
            apply(l->file, &b->changes[c]);
        }
        if (b->changes[0].value == 17) { /* Seventeen of them. */
            for (unsigned n = 1; n < 17; n++) {
                memcpy(l->file + PH(n), l->file + PH(0), 32);
            }
        }
        size = b->keep_bytes != 0 ? b->keep_bytes : size;
        size_t mark = l->arena.used_bytes;
        enum image_err err =
            image_parse(&l->image, &l->arena, l->file, size, l->message);
        if (err != b->err || strstr(l->message, b->says) == NULL) {
            fail_msg("%zu: wanted \"%s\", got %d \"%s\"", i, b->says, err,
                     l->message);
        }
        assert_int_equal(l->message[strlen(l->message) - 1], '.');
        assert_memory_equal(&l->image, &zeroed, sizeof(zeroed));
        assert_int_equal(l->arena.used_bytes, mark);
    }
}

static void a_good_file_is_laid_out(void **state)
{
    static const struct change changes[] = { SECOND(0x00403ffe),
                                             { PH(1) + MEMSZ, 4, 0x2000 } };
    struct loaded *l = *state;
    uint8_t page[ABI_PAGE_BYTES];
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        apply(l->file, &changes[i]);
    }
    assert_int_equal(
        image_parse(&l->image, &l->arena, l->file, l->size, l->message),
        IMAGE_OK);
    assert_int_equal(l->image.segment_count, 2);
    assert_int_equal(l->image.entry, ABI_TEXT_BASE);
    assert_int_equal(l->image.end_va, 0x00405ffe);
    assert_int_equal(l->image.text_va, ABI_TEXT_BASE);
    assert_int_equal(l->image.text_bytes, ABI_PAGE_BYTES);
    assert_int_equal((uintptr_t)l->image.text % ABI_PAGE_BYTES, 0);
    assert_true(image_page_is_text(&l->image, 0x00401fff));
    assert_false(image_page_is_text(&l->image, 0x00403fff));
    assert_true(image_page_has_bytes(&l->image, 0x00403000));
    assert_false(image_page_has_bytes(&l->image, 0x00404000));
    image_fill_page(&l->image, 0x00403000, page);
    assert_int_equal(page[0xffd], 0);
    assert_int_equal(page[0xffe], 0xc3);
    assert_int_equal(page[0xfff], 0);
}

static void text_may_begin_within_a_page(void **state)
{
    static const struct change changes[] = { { PH(0) + VADDR, 4, 0x00401ffc },
                                             { 24, 4, 0x00401ffc } };
    struct loaded *l = *state;
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        apply(l->file, &changes[i]);
    }
    assert_int_equal(
        image_parse(&l->image, &l->arena, l->file, l->size, l->message),
        IMAGE_OK);
    assert_int_equal(l->image.text_va, ABI_TEXT_BASE);
    assert_int_equal(l->image.text_bytes, ABI_PAGE_BYTES);
    assert_int_equal(l->image.text[0xffb], 0);
    assert_int_equal(l->image.text[0xffc], 0xc3);
    assert_true(image_page_is_text(&l->image, 0x00401000));
    assert_false(image_page_is_text(&l->image, 0x00400fff));
    assert_false(image_page_is_text(&l->image, 0x00402000));
}

static void a_file_is_read(void **state)
{
    struct loaded *l = *state;
    assert_int_equal(
        image_load(&l->image, &l->arena, "/nonexistent/image", l->message),
        IMAGE_UNREADABLE);
    assert_string_equal(l->message, "The file cannot be opened.");
    assert_int_equal(image_load(&l->image, &l->arena, "/", l->message),
                     IMAGE_UNREADABLE);
}

static void a_full_arena_is_an_error(void **state)
{
    struct loaded *l = *state;
    uint8_t *block = malloc(32768);
    assert_non_null(block);
    size_t cap = 0;
    for (;; cap += 64) {
        struct arena small;
        arena_init(&small, block, cap);
        enum image_err err =
            image_parse(&l->image, &small, l->file, l->size, l->message);
        if (err == IMAGE_OK) {
            break;
        }
        assert_int_equal(err, IMAGE_NO_MEMORY);
        assert_int_equal(small.used_bytes, 0);
        assert_true(cap < 32768);
    }
    free(block);
}

/* Whatever is in it, a file is loaded or has a sentence. */
static void mutated_files_do_no_harm(void **state)
{
    struct loaded *l = *state;
    uint64_t random = 7;
    uint32_t good = 0;
    for (int i = 0; i < MUTATION_COUNT; i++) {
        size_t size = elf_of_text(l->file, ret_text, sizeof(ret_text));
        uint32_t count = 1 + next_random(&random) % 6;
        for (uint32_t k = 0; k < count; k++) {
            uint32_t at = next_random(&random) % 160;
            uint32_t kind = next_random(&random) % 3;
            l->file[at] = kind == 0   ? (uint8_t)next_random(&random)
                          : kind == 1 ? 0xff
                                      : (uint8_t)(l->file[at] + 1);
        }
        if (next_random(&random) % 8 == 0) {
            size = next_random(&random) % (size + 1);
        }
        size_t mark = l->arena.used_bytes;
        enum image_err err =
            image_parse(&l->image, &l->arena, l->file, size, l->message);
        good += err == IMAGE_OK;
        assert_true(err == IMAGE_OK || l->message[0] != '\0');
        l->arena.used_bytes = mark;
    }
    assert_in_range(good, 1000, MUTATION_COUNT - 1000);
}

int main(void)
{
#define LOADED_TEST(f) \
    cmocka_unit_test_setup_teardown(f, open_loaded, close_loaded)
    const struct CMUnitTest tests[] = {
        LOADED_TEST(each_bad_file_has_its_sentence),
        LOADED_TEST(a_good_file_is_laid_out),
        LOADED_TEST(text_may_begin_within_a_page),
        LOADED_TEST(a_file_is_read),
        LOADED_TEST(a_full_arena_is_an_error),
        LOADED_TEST(mutated_files_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
