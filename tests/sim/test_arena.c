/* test_arena.c - zeroed memory that is committed only when it is touched. */
#define _DEFAULT_SOURCE /* mincore */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "sim/arena.h"
#include "sim/devices/packet.h"

#define GIB (1ull << 30)

static bool is_zero(const unsigned char *p, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (p[i] != 0) {
            return false;
        }
    }
    return true;
}

static void memory_is_zeroed_and_aligned(void **state)
{
    (void)state;
    alignas(64) unsigned char block[1024];
    memset(block, 0xa5, sizeof(block));
    struct arena a;
    arena_init(&a, block, sizeof(block));
    for (size_t align = 1; align <= 64; align *= 2) {
        unsigned char *p = arena_alloc(&a, 33, align);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % align, 0);
        assert_true(is_zero(p, 33));
    }
}

static void what_does_not_fit_leaves_the_arena_as_it_was(void **state)
{
    (void)state;
    alignas(64) unsigned char block[128];
    struct arena a;
    arena_init(&a, block, sizeof(block));
    assert_non_null(arena_alloc(&a, 1, 1));
    assert_null(arena_alloc(&a, 128, 1));
    assert_null(arena_alloc(&a, SIZE_MAX, 64));
    assert_int_equal(a.used_bytes, 1);
    assert_non_null(arena_alloc(&a, 127, 1));
    assert_null(arena_alloc(&a, 1, 1));
}

static size_t pages_in_core(unsigned char *p, size_t size)
{
    size_t pages = size / 4096;
    size_t count = 0;
    for (size_t i = 0; i < pages; i++) {
        unsigned char in_core = 0;
        assert_int_equal(mincore(p + i * 4096, 4096, &in_core), 0);
        count += in_core & 1;
    }
    return count;
}

static void a_large_mapped_array_is_not_touched(void **state)
{
    (void)state;
    struct arena a;
    assert_true(arena_map(&a, 64 * GIB));
    unsigned char *p = arena_alloc(&a, 16 * GIB, 4096);
    assert_non_null(p);
    assert_int_equal(pages_in_core(p, 1 << 20), 0);
    p[5 * 4096] = 1;
    assert_int_equal(pages_in_core(p, 1 << 16), 1);
    arena_unmap(&a);
}

/* Of this process, in bytes, as ulimit -v counts it. */
static size_t address_space(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    assert_non_null(file);
    char line[128];
    assert_non_null(fgets(line, sizeof(line), file));
    assert_int_equal(fclose(file), 0);
    return strtoul(line, NULL, 10) * 4096;
}

static void capacity_takes_no_address_space(void **state)
{
    (void)state;
    size_t before = address_space();
    struct arena a;
    assert_true(arena_map(&a, ARENA_UNLIMITED));
    assert_true(address_space() - before < 4 << 20);
    for (int i = 0; i < 300; i++) {
        assert_non_null(arena_alloc(&a, 1 << 20, 8));
    }
    assert_true(address_space() - before < 512 << 20);
    arena_unmap(&a);
    assert_true(address_space() - before < 4 << 20);
}

#define PIECES 3000

/* Sizes from a byte to several blocks' worth, in an order without a pattern. */
static size_t piece_bytes(size_t i)
{
    static const size_t sizes[] = { 1, 40, 4000, 100000, 3000000 };
    return sizes[i * i % 97 % 5] + i;
}

static void what_was_handed_out_neither_moves_nor_changes(void **state)
{
    (void)state;
    static unsigned char *pieces[PIECES];
    struct arena a;
    assert_true(arena_map(&a, ARENA_UNLIMITED));
    for (size_t i = 0; i < PIECES; i++) {
        pieces[i] = arena_alloc(&a, piece_bytes(i), 1u << i % 13);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % (1u << i % 13), 0);
        assert_int_equal(pieces[i][piece_bytes(i) - 1], 0);
        memcpy(pieces[i], &i, piece_bytes(i) < sizeof(i) ? 1 : sizeof(i));
        pieces[i][piece_bytes(i) - 1] = (unsigned char)(i | 1);
    }
    for (size_t i = 0; i < PIECES; i++) {
        if (piece_bytes(i) > sizeof(i)) {
            assert_memory_equal(pieces[i], &i, sizeof(i));
        }
        assert_int_equal(pieces[i][piece_bytes(i) - 1], (unsigned char)(i | 1));
    }
    arena_unmap(&a);
}

static void going_back_over_blocks_gives_the_same_memory_zeroed(void **state)
{
    (void)state;
    struct arena a;
    assert_true(arena_map(&a, ARENA_UNLIMITED));
    unsigned char *kept = arena_alloc(&a, 1000, 1);
    memset(kept, 0xaa, 1000);
    size_t mark = a.used_bytes;
    size_t before = address_space();
    unsigned char *first = arena_alloc(&a, 5000, 1);
    memset(first, 0xff, 5000);
    for (int i = 0; i < 20; i++) {
        unsigned char *large = arena_alloc(&a, 7 << 20, 64);
        assert_non_null(large);
        memset(large, 0xff, 7 << 20);
    }
    a.used_bytes = mark;
    assert_ptr_equal(arena_alloc(&a, 5000, 1), first);
    assert_true(is_zero(first, 5000));
    assert_int_equal(address_space(), before);
    assert_int_equal(kept[999], 0xaa);
    assert_int_equal(a.used_bytes, mark + 5000);
    arena_unmap(&a);
}

static void capacity_counts_what_all_blocks_gave(void **state)
{
    (void)state;
    struct arena a;
    assert_true(arena_map(&a, 10 << 20));
    for (int i = 0; i < 10; i++) {
        assert_non_null(arena_alloc(&a, 1 << 20, 1));
    }
    assert_int_equal(a.used_bytes, a.cap_bytes);
    assert_null(arena_alloc(&a, 1, 1));
    a.used_bytes -= 100;
    assert_null(arena_alloc(&a, 101, 1));
    assert_non_null(arena_alloc(&a, 100, 1));
    arena_unmap(&a);
}

static void a_host_that_refuses_leaves_the_arena_as_it_was(void **state)
{
    (void)state;
    struct arena a;
    assert_true(arena_map(&a, ARENA_UNLIMITED));
    unsigned char *p = arena_alloc(&a, 100, 1);
    assert_null(arena_alloc(&a, SIZE_MAX / 2, 1));
    assert_null(arena_alloc(&a, SIZE_MAX - 100, 1));
    assert_int_equal(a.used_bytes, 100);
    assert_ptr_equal(arena_alloc(&a, 1, 1), p + 100);
    arena_unmap(&a);
}

static void memory_used_again_is_zeroed_again(void **state)
{
    (void)state;
    struct arena a;
    assert_true(arena_map(&a, 1 << 20));
    unsigned char *p = arena_alloc(&a, 10000, 1);
    assert_non_null(p);
    memset(p, 0xff, 10000);
    a.used_bytes = 100;
    unsigned char *q = arena_alloc(&a, 20000, 1);
    assert_ptr_equal(q, p + 100);
    assert_true(is_zero(q, 20000));
    arena_unmap(&a);
}

static void a_pool_makes_packets_until_the_arena_is_full(void **state)
{
    (void)state;
    struct arena a;
    assert_true(arena_map(&a, 5 * sizeof(struct packet)));
    struct packet_pool pool;
    packet_pool_init(&pool, &a);
    struct packet_queue q = { 0 };
    for (int i = 0; i < 5; i++) {
        struct packet *p = packet_get(&pool);
        assert_non_null(p);
        p->vm = (uint32_t)i;
        packet_queue_push(&q, p);
    }
    assert_null(packet_get(&pool));
    assert_int_equal(pool.in_use, 5);
    for (uint32_t i = 0; i < 5; i++) {
        struct packet *p = packet_queue_pop(&q);
        assert_int_equal(p->vm, i);
        packet_put(&pool, p);
    }
    assert_null(packet_queue_pop(&q));
    assert_int_equal(q.count, 0);
    assert_int_equal(pool.in_use, 0);
    struct packet *p = packet_get(&pool);
    assert_non_null(p);
    assert_int_equal(p->vm, 0);
    assert_int_equal(pool.made, 5);
    arena_unmap(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(what_does_not_fit_leaves_the_arena_as_it_was),
        cmocka_unit_test(a_large_mapped_array_is_not_touched),
        cmocka_unit_test(capacity_takes_no_address_space),
        cmocka_unit_test(what_was_handed_out_neither_moves_nor_changes),
        cmocka_unit_test(going_back_over_blocks_gives_the_same_memory_zeroed),
        cmocka_unit_test(capacity_counts_what_all_blocks_gave),
        cmocka_unit_test(a_host_that_refuses_leaves_the_arena_as_it_was),
        cmocka_unit_test(memory_used_again_is_zeroed_again),
        cmocka_unit_test(a_pool_makes_packets_until_the_arena_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
