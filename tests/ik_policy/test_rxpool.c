/*
 * test_rxpool.c - nobody's allotment can be taken by others, whatever they do:
 * rxpool.h's equations against queues that are counted afresh.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ik/policy/net/rxpool.h"
#include "sim/base.h"
#include "sim/random.h"

#define VMS 64

/* The pool, and what it is about. */
struct queues {
    struct rxpool pool;
    uint32_t limit; /* Of each queue. */
    uint32_t vms;
    uint32_t count[VMS];
};

static void init(struct queues *q, uint32_t buffers, uint32_t limit,
                 uint32_t vms)
{
    *q = (struct queues){ .limit = limit, .vms = vms };
    rxpool_init(&q->pool, buffers, limit, vms);
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* sum of min(q(j), G) */
static uint32_t within_allotments(const struct queues *q)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < q->vms; i++) {
        sum += least(q->count[i], q->pool.allotment);
    }
    return sum;
}

static void expect_accounts_and_bounds(const struct queues *q)
{
    uint32_t waiting = 0;
    for (uint32_t i = 0; i < q->vms; i++) {
        waiting += q->count[i];
    }
    assert_int_equal(q->pool.waiting, waiting);
    assert_int_equal(q->pool.beyond, waiting - within_allotments(q));
    assert_true(q->pool.waiting <= q->pool.buffers);
    assert_true(q->pool.beyond <= q->pool.common);
}

/* A VM is refused what is its own only in a pool too small for all. */
static void expect_refused_for_cause(const struct queues *q, uint32_t vm)
{
    if (q->count[vm] >= q->pool.allotment) {
        return;
    }
    uint32_t half = q->pool.buffers / 2;
    assert_true(q->vms > half);
    assert_int_equal(q->pool.allotment, 1);
    assert_true(within_allotments(q) >= half);
}

static bool arrives(struct queues *q, uint32_t vm)
{
    if (q->count[vm] >= q->limit) {
        return false;
    }
    if (!rxpool_has_room(&q->pool, q->count[vm])) {
        expect_refused_for_cause(q, vm);
        return false;
    }
    rxpool_take(&q->pool, q->count[vm]++);
    return true;
}

static void leaves(struct queues *q, uint32_t vm)
{
    if (q->count[vm] > 0) {
        rxpool_give_back(&q->pool, q->count[vm]--);
    }
}

static void half_of_the_pool_is_divided(void **state)
{
    (void)state;
    static const struct {
        uint32_t buffers, limit, vms, allotment, common;
    } rows[] = {
        { 16384, 256, 1, 256, 16128 },
        { 16384, 256, 32, 256, 8192 },
        { 16384, 256, 33, 248, 8200 },
        { 16384, 256, 1000, 8, 8384 },
        { 16384, 256, 8192, 1, 8192 },
        { 16384, 256, 10000, 1, 8192 },
        { 16384, 1, 100, 1, 16284 },
        { 6, 4, 3, 1, 3 },
        { 3, 4, 1, 1, 2 },
        { 2, 4, 5, 1, 1 },
        { 1, 4, 1, 1, 1 },
        { 1, 4, 1000000, 1, 1 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct rxpool pool;
        rxpool_init(&pool, rows[i].buffers, rows[i].limit, rows[i].vms);
        assert_int_equal(pool.allotment, rows[i].allotment);
        assert_int_equal(pool.common, rows[i].common);
        assert_int_equal(pool.waiting, 0);
    }
}

/* Anything comes and goes, in bursts to one VM or to any. */
static void bounds_hold_whatever_comes(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 1, "rxpool", 0);
    static struct queues q;
    uint64_t refused = 0;
    for (uint32_t n = 0; n < 400; n++) {
        uint32_t buffers = 1 + (uint32_t)rng_below(&r, n % 2 ? 400 : 40);
        uint32_t limit = 1 + (uint32_t)rng_below(&r, 40);
        init(&q, buffers, limit, 1 + (uint32_t)rng_below(&r, VMS));
        uint64_t drained = rng_below(&r, 4); /* Of four events. */
        for (uint32_t event = 0; event < 500; event++) {
            uint32_t vm = (uint32_t)rng_below(&r, q.vms);
            uint64_t burst = 1 + rng_below(&r, 20);
            bool out = rng_below(&r, 4) < drained;
            for (; burst > 0 && out; burst--) {
                leaves(&q, vm);
            }
            for (; burst > 0; burst--) {
                refused += !arrives(&q, vm);
            }
            expect_accounts_and_bounds(&q);
        }
    }
    assert_true(refused > 10000);
}

/* All but the last take what they can and keep it; then it has its own. */
static void hoarders_leave_a_newcomer_its_allotment(void **state)
{
    (void)state;
    static struct queues q;
    for (uint32_t buffers = 2; buffers <= 80; buffers++) {
        for (uint32_t limit = 1; limit <= 20; limit += 3) {
            for (uint32_t vms = 2; vms <= least(buffers / 2, VMS); vms++) {
                init(&q, buffers, limit, vms);
                for (uint32_t vm = 0; vm < vms - 1; vm++) {
                    while (arrives(&q, vm)) {
                    }
                }
                for (uint32_t i = 0; i < q.pool.allotment; i++) {
                    assert_true(arrives(&q, vms - 1));
                }
                expect_accounts_and_bounds(&q);
            }
        }
    }
}

/* In a pool too small for all, it takes half of it, one packet each. */
static void a_crowd_is_needed_to_fill_a_pool_too_small(void **state)
{
    (void)state;
    static struct queues q;
    init(&q, 40, 30, 50);
    for (uint32_t vm = 0; vm < 19; vm++) {
        while (arrives(&q, vm)) {
        }
    }
    assert_int_equal(q.pool.waiting, 39);
    assert_true(rxpool_has_room(&q.pool, 0));
    assert_true(arrives(&q, 19));
    assert_false(rxpool_has_room(&q.pool, 0));
    leaves(&q, 0);
    assert_true(rxpool_has_room(&q.pool, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(half_of_the_pool_is_divided),
        cmocka_unit_test(bounds_hold_whatever_comes),
        cmocka_unit_test(hoarders_leave_a_newcomer_its_allotment),
        cmocka_unit_test(a_crowd_is_needed_to_fill_a_pool_too_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
