/* test_arena.c - zeroed memory that is committed only when it is touched. */
#define _DEFAULT_SOURCE /* mincore */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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
        cmocka_unit_test(memory_used_again_is_zeroed_again),
        cmocka_unit_test(a_pool_makes_packets_until_the_arena_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
