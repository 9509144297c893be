/* test_heap.c - the allocator keeps blocks apart and its heap together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ilwaco/libc/heap.h"

#define HEAP_BYTES (1 << 20)
#define BLOCKS     500

static struct heap heap;
static _Alignas(HEAP_GRANULE_BYTES) char memory[HEAP_BYTES];

static int set_up(void **state)
{
    (void)state;
    memset(memory, 0, sizeof(memory));
    heap_setup(&heap, memory, sizeof(memory));
    return 0;
}

/* All that was taken came back, and fell together. */
static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(heap.used_bytes, 0);
    assert_ptr_equal(heap.top, heap.start);
    return 0;
}

static uint32_t draw(uint32_t *random)
{
    *random = *random * 1664525 + 1013904223;
    return *random >> 8;
}

static bool is_filled(const char *block, size_t bytes, char with)
{
    for (size_t i = 0; i < bytes; i++) {
        if (block[i] != with) {
            return false;
        }
    }
    return true;
}

static void blocks_keep_what_is_in_them(void **state)
{
    (void)state;
    static char *blocks[BLOCKS];
    static size_t sizes[BLOCKS];
    uint32_t random = 1;
    for (int step = 0; step < 200000; step++) {
        size_t i = draw(&random) % BLOCKS;
        if (blocks[i] != NULL) {
            assert_true(is_filled(blocks[i], sizes[i], (char)i));
        }
        size_t size = draw(&random) % (draw(&random) % 8 == 0 ? 5000 : 300);
        if (draw(&random) % 3 == 0 && blocks[i] != NULL) {
            char *moved = heap_resize(&heap, blocks[i], size);
            assert_non_null(moved);
            size_t kept = size < sizes[i] ? size : sizes[i];
            assert_true(is_filled(moved, kept, (char)i));
            blocks[i] = moved;
        } else {
            heap_free(&heap, blocks[i]);
            blocks[i] = heap_allocate(&heap, size);
            assert_non_null(blocks[i]);
            assert_int_equal((uintptr_t)blocks[i] % (HEAP_GRANULE_BYTES / 2),
                             0);
        }
        sizes[i] = size;
        assert_true(heap_room(blocks[i]) >= size);
        memset(blocks[i], (char)i, size);
    }
    for (size_t i = 0; i < BLOCKS; i++) {
        heap_free(&heap, blocks[i]);
        blocks[i] = NULL;
    }
}

static void what_is_allocated_zeroed_is_zero(void **state)
{
    (void)state;
    char *used = heap_allocate(&heap, 1000);
    memset(used, 1, 1000);
    heap_free(&heap, used);
    char *half_fresh = heap_allocate_zeroed(&heap, 3000);
    assert_true(is_filled(half_fresh, 3000, 0));
    heap_free(&heap, half_fresh);
}

static void what_was_never_allocated_is_never_written(void **state)
{
    (void)state;
    char *big = heap_allocate(&heap, 100000);
    char *zeroed = heap_allocate_zeroed(&heap, 100000);
    char *after = heap_allocate(&heap, 16);
    size_t header = (size_t)(big - memory);
    assert_true(is_filled(big, 100000, 0));
    assert_true(is_filled(after + 16, HEAP_BYTES - 200100 - 3 * header, 0));
    heap_free(&heap, after);
    heap_free(&heap, zeroed);
    heap_free(&heap, big);
}

static void free_neighbours_become_one(void **state)
{
    (void)state;
    void *blocks[10];
    for (size_t i = 0; i < 10; i++) {
        blocks[i] = heap_allocate(&heap, 100);
    }
    void *last = heap_allocate(&heap, 100);
    for (size_t i = 0; i < 10; i += 2) {
        heap_free(&heap, blocks[i]);
    }
    for (size_t i = 1; i < 10; i += 2) {
        heap_free(&heap, blocks[i]);
    }
    /* Only one block of all ten has the room. */
    void *whole = heap_allocate(&heap, 1000);
    assert_ptr_equal(whole, blocks[0]);
    heap_free(&heap, whole);
    heap_free(&heap, last);
}

static void a_hole_is_taken_before_fresh_memory(void **state)
{
    (void)state;
    void *first = heap_allocate(&heap, 200);
    void *hole = heap_allocate(&heap, 600);
    void *last = heap_allocate(&heap, 200);
    heap_free(&heap, hole);
    void *small = heap_allocate(&heap, 300);
    assert_ptr_equal(small, hole);
    heap_free(&heap, first);
    heap_free(&heap, small);
    heap_free(&heap, last);
}

static void too_much_is_refused(void **state)
{
    (void)state;
    assert_null(heap_allocate(&heap, HEAP_BYTES));
    assert_null(heap_allocate(&heap, SIZE_MAX));
    assert_null(heap_allocate(&heap, SIZE_MAX / 2));
    char *all = heap_allocate(&heap, HEAP_BYTES - 64);
    assert_non_null(all);
    assert_null(heap_allocate(&heap, 64));
    assert_null(heap_resize(&heap, all, HEAP_BYTES));
    heap_free(&heap, all);
}

static void a_block_freed_twice_is_a_panic(void **state)
{
    (void)state;
    void *block = heap_allocate(&heap, 10);
    void *other = heap_allocate(&heap, 10);
    heap_free(&heap, block);
    expect_assert_failure(heap_free(&heap, block));
    heap_free(&heap, other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(blocks_keep_what_is_in_them),
        TEST(what_is_allocated_zeroed_is_zero),
        TEST(what_was_never_allocated_is_never_written),
        TEST(free_neighbours_become_one),
        TEST(a_hole_is_taken_before_fresh_memory),
        TEST(too_much_is_refused),
        TEST(a_block_freed_twice_is_a_panic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
