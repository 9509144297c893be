/* test_text.c - the tables of a text take the room that they need, and know
   which pages are text. */
#include "isa/abi.h"
#include "isa/image.h"
#include "isa/text.h"
#include "sim/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define VA     ABI_TEXT_BASE
#define PAGES  5u
#define BYTES  (PAGES * ABI_PAGE_BYTES)
#define LISTED 7u

/* A byte for each page; for each byte of text a block and the end of a run; and
   what is listed. Each table may have to be aligned. */
#define NEEDED                                                        \
    (PAGES + BYTES * (sizeof(struct text_block) + sizeof(uint32_t)) + \
     LISTED * sizeof(uint32_t))
#define ALIGNED (3 * alignof(struct text_block))

/* Two segments, of two pages and of one, with two pages between them. */
static const struct image image = {
    .segment_count = 2,
    .segments = { { .va = VA,
                    .memory_bytes = 2 * ABI_PAGE_BYTES,
                    .is_text = true },
                  { .va = VA + 4 * ABI_PAGE_BYTES,
                    .memory_bytes = 1,
                    .is_text = true } },
    .text_va = VA,
    .text_bytes = BYTES,
};

static bool fits(size_t cap)
{
    unsigned char *room = calloc(1, cap);
    assert_non_null(room);
    struct arena arena;
    struct text text;
    arena_init(&arena, room, cap);
    bool is_done = text_init(&text, &arena, &image, LISTED);
    free(room);
    return is_done;
}

static void its_tables_take_what_they_need(void **state)
{
    (void)state;
    assert_true(fits(NEEDED + ALIGNED));
    assert_false(fits(NEEDED - 1));
}

static void pages_between_segments_are_no_text(void **state)
{
    (void)state;
    static const bool is_text[PAGES] = { true, true, false, false, true };
    struct arena arena;
    struct text text;
    assert_true(arena_map(&arena, ARENA_UNLIMITED));
    assert_true(text_init(&text, &arena, &image, LISTED));
    for (uint32_t page = 0; page < PAGES; page++) {
        uint32_t va = VA + page * ABI_PAGE_BYTES;
        assert_int_equal(text_holds_page(&text, va), is_text[page]);
        assert_int_equal(text_holds_page(&text, va + ABI_PAGE_BYTES - 1),
                         is_text[page]);
    }
    assert_false(text_holds_page(&text, VA - 1));
    assert_false(text_holds_page(&text, VA + BYTES));
    arena_unmap(&arena);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_tables_take_what_they_need),
        cmocka_unit_test(pages_between_segments_are_no_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
