/* test_gates.c - whom each gatekeeper admits, and that nobody starves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ik/policy/policies.h"
#include "sim/arena.h"
#include "sim/random.h"

#define VMS            200
#define MIN_FREE       10
#define OVERTAKE_LIMIT 64 /* As gate_working_set.c states it. */

static const struct gate_config config = {
    .vm_limit = VMS,
    .min_free_frames = MIN_FREE,
};

struct fixture {
    alignas(max_align_t) unsigned char block[8192];
    struct arena arena;
    struct gate *g;
};

static void fixture_init(struct fixture *f, const struct gate_policy *policy)
{
    arena_init(&f->arena, f->block, sizeof(f->block));
    f->g = policy->create(policy, &f->arena, &config);
    assert_non_null(f->g);
}

static void arrive(struct fixture *f, vmid_t vm, uint32_t frames)
{
    f->g->policy->arrive(f->g, vm, frames);
}

static vmid_t admit(struct fixture *f, uint64_t free, uint64_t unfilled,
                    uint32_t admitted)
{
    const struct gate_view view = {
        .free_frames = free,
        .unfilled_frames = unfilled,
        .admitted = admitted,
    };
    return f->g->policy->admit(f->g, &view);
}

static vmid_t head(const struct fixture *f)
{
    return f->g->policy->head(f->g);
}

static void
open_admits_everybody_in_order_whatever_memory_there_is(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f, &gate_open);
    assert_int_equal(admit(&f, 0, 0, 0), VM_NONE);
    arrive(&f, 5, 1000);
    arrive(&f, 3, 1);
    arrive(&f, 9, 1000000);
    arrive(&f, 4, 0);
    f.g->policy->leave(f.g, 9);
    assert_int_equal(head(&f), 5);
    assert_int_equal(admit(&f, 0, 1000, 7), 5);
    assert_int_equal(admit(&f, 0, 2000, 8), 3);
    assert_int_equal(admit(&f, 0, 2000, 9), 4);
    assert_int_equal(admit(&f, 1000, 0, 9), VM_NONE);
    assert_int_equal(head(&f), VM_NONE);
}

static void working_set_admits_the_first_that_fits(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f, &gate_working_set);
    assert_int_equal(admit(&f, 1000, 0, 0), VM_NONE); /* Nobody waits. */
    arrive(&f, 1, 50);
    arrive(&f, 2, 20);
    arrive(&f, 3, 10);
    assert_int_equal(head(&f), 1);
    assert_int_equal(admit(&f, 29, 0, 1), 3); /* 19 frames to give. */
    assert_int_equal(admit(&f, 29, 0, 1), VM_NONE);
    assert_int_equal(admit(&f, 60, 30, 1), 2);
    assert_int_equal(head(&f), 1);
    assert_int_equal(admit(&f, 59, 0, 1), VM_NONE);
    assert_int_equal(admit(&f, 5, 100, 1), VM_NONE); /* Below min_free. */
    assert_int_equal(admit(&f, 60, 0, 1), 1);
    assert_int_equal(head(&f), VM_NONE);
}

static struct entitlement entitlement(const void *ctx, vmid_t vm)
{
    (void)ctx;
    return (struct entitlement){ .reserve_frames = vm >= 100 ? 50 : 0 };
}

static void within_its_reserve_nobody_waits_for_frames(void **state)
{
    (void)state;
    struct fixture f;
    struct gate_config reserved = config;
    reserved.vm = entitlement;
    arena_init(&f.arena, f.block, sizeof(f.block));
    f.g = gate_reserved.create(&gate_reserved, &f.arena, &reserved);
    assert_non_null(f.g);
    arrive(&f, 1, 20);
    arrive(&f, 101, 51); /* Beyond its reserve. */
    arrive(&f, 102, 50);
    arrive(&f, 103, 0);
    assert_int_equal(head(&f), 102);
    assert_int_equal(admit(&f, 0, 1000, 5), 102);
    assert_int_equal(admit(&f, 0, 1000, 5), 103);
    assert_int_equal(admit(&f, 0, 1000, 5), VM_NONE);
    assert_int_equal(head(&f), 1);
    assert_int_equal(admit(&f, MIN_FREE, 0, 5), 1);
    assert_int_equal(admit(&f, MIN_FREE, 0, 5), 101);
    /* Who is furthest beyond its reserve goes first. */
    assert_int_equal(gate_reserved.rank(f.g, 1, 30), 30);
    assert_int_equal(gate_reserved.rank(f.g, 102, 30), 0);
    assert_int_equal(gate_reserved.rank(f.g, 102, 60), 10);
}

static void who_leaves_is_not_admitted(void **state)
{
    (void)state;
    struct fixture f;
    for (size_t i = 0; gate_policies[i]; i++) {
        fixture_init(&f, gate_policies[i]);
        arrive(&f, 1, 5);
        arrive(&f, 2, 5);
        arrive(&f, 3, 5);
        f.g->policy->leave(f.g, 1);
        assert_int_equal(head(&f), 2);
        f.g->policy->leave(f.g, 3);
        assert_int_equal(admit(&f, 1000, 0, 1), 2);
        assert_int_equal(admit(&f, 1000, 0, 1), VM_NONE);
        arrive(&f, 1, 5); /* And may come again. */
        assert_int_equal(admit(&f, 1000, 0, 1), 1);
    }
}

static void working_set_admits_the_head_when_nobody_is_admitted(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f, &gate_working_set);
    arrive(&f, 1, UINT32_MAX); /* Which never fits. */
    arrive(&f, 2, 1);
    assert_int_equal(admit(&f, 100, 0, 1), 2);
    assert_int_equal(admit(&f, 100, 0, 1), VM_NONE);
    assert_int_equal(admit(&f, 100, 0, 0), 1);
    arrive(&f, 3, 7);
    assert_int_equal(admit(&f, 0, 100, 0), 3); /* With nothing free at all. */
}

static void a_head_is_overtaken_so_often_and_then_never(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f, &gate_working_set);
    arrive(&f, 0, 500);
    for (int i = 0; i < OVERTAKE_LIMIT; i++) {
        arrive(&f, 1, 1);
        assert_int_equal(admit(&f, 100, 0, 1), 1);
    }
    arrive(&f, 1, 1);
    assert_int_equal(admit(&f, 100, 0, 1), VM_NONE);
    assert_int_equal(admit(&f, 500 + MIN_FREE, 0, 1), 0);
    assert_int_equal(admit(&f, 100, 0, 1), 1);
}

static void who_comes_again_is_counted_anew(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f, &gate_working_set);
    for (int round = 0; round < 3; round++) {
        arrive(&f, 0, 500);
        for (int i = 0; i < OVERTAKE_LIMIT; i++) {
            arrive(&f, 1, 1);
            assert_int_equal(admit(&f, 100, 0, 1), 1);
        }
        assert_int_equal(admit(&f, 100, 0, 0), 0);
    }
}

/* A VM that waits, or is admitted until its lease is over. */
struct guest {
    uint32_t frames;
    uint64_t before; /* Waiting when it arrived. */
    uint64_t since;  /* Admissions since it arrived. */
    uint32_t ends;   /* Step at which its admission ends. */
    bool waits, is_admitted;
};

struct crowd {
    struct guest guests[VMS];
    uint64_t waiting, used;
    uint32_t admitted;
    uint64_t worst; /* Admissions that anybody saw beyond those before it. */
};

static void crowd_admit(struct fixture *f, struct crowd *c, uint64_t frames,
                        uint32_t ends)
{
    for (;;) {
        uint64_t free = frames > c->used ? frames - c->used : 0;
        vmid_t vm = admit(f, free, 0, c->admitted);
        if (vm == VM_NONE) {
            /* What is never so: all wait and nothing can change. */
            assert_true(c->admitted > 0 || c->waiting == 0);
            return;
        }
        struct guest *g = &c->guests[vm];
        assert_true(g->waits);
        uint64_t beyond = g->since > g->before ? g->since - g->before : 0;
        c->worst = beyond > c->worst ? beyond : c->worst;
        g->waits = false;
        g->is_admitted = true;
        g->ends = ends;
        c->waiting--;
        c->admitted++;
        c->used += g->frames;
        for (vmid_t other = 0; other < VMS; other++) {
            c->guests[other].since += c->guests[other].waits;
        }
    }
}

static void crowd_end(struct crowd *c, uint32_t step)
{
    for (vmid_t vm = 0; vm < VMS; vm++) {
        struct guest *g = &c->guests[vm];
        if (g->is_admitted && g->ends <= step) {
            g->is_admitted = false;
            c->admitted--;
            c->used -= g->frames;
        }
    }
}

/*
 * Small VMs that come back as soon as they end, against large ones and one that
 * is larger than memory: whoever could be passed for ever would be.
 */
static uint64_t worst_wait(const struct gate_policy *policy, uint64_t seed)
{
    static struct fixture f;
    static struct crowd c;
    struct rng r;
    rng_init(&r, seed, "crowd", 0);
    fixture_init(&f, policy);
    memset(&c, 0, sizeof(c));
    for (uint32_t step = 0; step < 4000; step++) {
        crowd_end(&c, step);
        for (vmid_t vm = 0; vm < VMS; vm++) {
            struct guest *g = &c.guests[vm];
            if (g->waits || g->is_admitted || rng_below(&r, 4) == 0) {
                continue;
            }
            uint64_t size = vm == 0        ? 5000
                            : vm % 20 == 0 ? 500 + rng_below(&r, 400)
                                           : 1 + rng_below(&r, 20);
            *g = (struct guest){ .frames = (uint32_t)size,
                                 .before = c.waiting,
                                 .waits = true };
            c.waiting++;
            arrive(&f, vm, g->frames);
        }
        crowd_admit(&f, &c, 1000, step + 1 + (uint32_t)rng_below(&r, 5));
    }
    for (vmid_t vm = 0; vm < VMS; vm++) {
        const struct guest *g = &c.guests[vm];
        assert_true(!g->waits || g->since <= g->before + OVERTAKE_LIMIT);
    }
    return c.worst;
}

static void nobody_starves_however_the_others_arrive(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 5; seed++) {
        uint64_t worst = worst_wait(&gate_working_set, seed);
        assert_in_range(worst, 1, OVERTAKE_LIMIT);
        assert_int_equal(worst_wait(&gate_open, seed), 0);
    }
}

/* The rule, searched for afresh at each question. */
struct naive_waiter {
    vmid_t vm;
    uint32_t frames;
    uint32_t passed;
};

static vmid_t naive_admit(struct naive_waiter *queue, uint32_t *count,
                          uint64_t room, bool nobody)
{
    for (uint32_t i = 0; i < *count; i++) {
        if ((i == 0 && nobody) || queue[i].frames <= room) {
            vmid_t vm = queue[i].vm;
            (*count)--;
            memmove(&queue[i], &queue[i + 1], (*count - i) * sizeof(queue[0]));
            for (uint32_t k = 0; k < i; k++) {
                queue[k].passed++;
            }
            return vm;
        }
        if (queue[i].passed == OVERTAKE_LIMIT) {
            return VM_NONE;
        }
    }
    return VM_NONE;
}

static void working_set_agrees_with_a_naive_model(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f, &gate_working_set);
    static struct naive_waiter queue[VMS + 1];
    bool waits[VMS] = { false };
    uint32_t count = 0;
    struct rng r;
    rng_init(&r, 1, "model", 0);
    for (int i = 0; i < 200000; i++) {
        vmid_t vm = (vmid_t)rng_below(&r, VMS);
        uint64_t what = rng_below(&r, 100);
        if (what < 45 && !waits[vm]) {
            uint32_t frames = (uint32_t)rng_below(&r, vm % 9 ? 50 : 5000);
            queue[count++] = (struct naive_waiter){ vm, frames, 0 };
            waits[vm] = true;
            arrive(&f, vm, frames);
        } else if (what < 50 && waits[vm]) {
            uint32_t at = 0;
            while (queue[at].vm != vm) {
                at++;
            }
            count--;
            memmove(&queue[at], &queue[at + 1], (count - at) * sizeof(*queue));
            waits[vm] = false;
            f.g->policy->leave(f.g, vm);
        } else {
            uint64_t room = rng_below(&r, rng_below(&r, 300) ? 60 : 6000);
            bool nobody = rng_below(&r, 2000) == 0;
            vmid_t who = admit(&f, room + MIN_FREE, 0, nobody ? 0 : 1);
            assert_int_equal(who, naive_admit(queue, &count, room, nobody));
            if (who != VM_NONE) {
                waits[who] = false;
            }
        }
        assert_int_equal(head(&f), count > 0 ? queue[0].vm : VM_NONE);
    }
}

static void create_returns_null_until_the_arena_is_big_enough(void **state)
{
    (void)state;
    static const struct gate_policy *const policies[] = { &gate_open,
                                                          &gate_working_set };
    alignas(max_align_t) unsigned char memory[8192];
    struct arena arena;
    for (size_t i = 0; i < 2; i++) {
        size_t cap = 0;
        arena_init(&arena, memory, cap);
        while (!policies[i]->create(policies[i], &arena, &config)) {
            assert_int_equal(arena.used_bytes, 0);
            assert_true(++cap <= sizeof(memory));
            arena_init(&arena, memory, cap);
        }
        assert_int_equal(arena.used_bytes, cap);
    }
}

static void the_same_history_leaves_the_same_bytes(void **state)
{
    (void)state;
    static const struct gate_policy *const policies[] = { &gate_open,
                                                          &gate_working_set };
    static struct fixture fixtures[2];
    for (size_t i = 0; i < 2; i++) {
        for (int k = 0; k < 2; k++) {
            struct fixture *f = &fixtures[k];
            struct rng r;
            rng_init(&r, 5, "history", 0);
            memset(f, k == 0 ? 0xAA : 0x55, sizeof(*f));
            fixture_init(f, policies[i]);
            bool waits[VMS] = { false };
            for (int e = 0; e < 20000; e++) {
                vmid_t vm = (vmid_t)rng_below(&r, VMS);
                if (!waits[vm]) {
                    arrive(f, vm, (uint32_t)rng_below(&r, 100));
                    waits[vm] = true;
                }
                vmid_t who = admit(f, rng_below(&r, 120), 0, 1);
                if (who != VM_NONE) {
                    waits[who] = false;
                }
            }
        }
        assert_memory_equal(fixtures[0].block, fixtures[1].block,
                            fixtures[0].arena.used_bytes);
    }
}

static void gatekeepers_are_found_by_name_and_fifo_is_the_default(void **state)
{
    (void)state;
    assert_ptr_equal(gate_policies[0], &gate_fifo);
    assert_ptr_equal(gate_policy_find("open"), &gate_open);
    assert_ptr_equal(gate_policy_find("working-set"), &gate_working_set);
    assert_null(gate_policy_find("working_set"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            open_admits_everybody_in_order_whatever_memory_there_is),
        cmocka_unit_test(working_set_admits_the_first_that_fits),
        cmocka_unit_test(within_its_reserve_nobody_waits_for_frames),
        cmocka_unit_test(who_leaves_is_not_admitted),
        cmocka_unit_test(working_set_admits_the_head_when_nobody_is_admitted),
        cmocka_unit_test(a_head_is_overtaken_so_often_and_then_never),
        cmocka_unit_test(who_comes_again_is_counted_anew),
        cmocka_unit_test(nobody_starves_however_the_others_arrive),
        cmocka_unit_test(working_set_agrees_with_a_naive_model),
        cmocka_unit_test(create_returns_null_until_the_arena_is_big_enough),
        cmocka_unit_test(the_same_history_leaves_the_same_bytes),
        cmocka_unit_test(gatekeepers_are_found_by_name_and_fifo_is_the_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
