/*
 * test_replace_model.c - what every replacement policy promises, and each one
 * against a naive model of it over random histories.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ik/policy/policies.h"
#include "sim/random.h"
#include "tests/ik_policy/naive.h"

#define VMS 6

static const struct replace_config small = {
    .frame_count = 24,
    .vm_limit = VMS,
    .tau_cycles = 100,
};

/* One more event of a history drawn from *r, of all but victims. */
static void one_event(struct fake_memory *m, struct naive *n,
                      const struct naive_policy *naive, struct rng *r)
{
    uint32_t frame = (uint32_t)rng_below(r, m->frame_count);
    vmid_t vm = (vmid_t)rng_below(r, VMS);
    struct fake_frame *f = &m->frames[frame];
    uint64_t what = rng_below(r, 16);
    m->virtual_time[vm] += rng_below(r, 40);
    if (!f->is_entered) {
        fake_enter(m, frame, vm);
        f->is_touched = what < 12;
        if (naive) {
            memcpy(n->now, m->virtual_time, sizeof(n->now));
            naive->enter(n, frame, vm);
        }
    } else if (what == 0) {
        fake_leave(m, frame);
        if (naive) {
            naive_leave(n, frame);
        }
    } else if (what < 8) {
        fake_touch(m, frame);
        if (naive && naive->touch) {
            naive->touch(n, frame);
        }
    } else if (what < 11) {
        f->is_dirty = !f->is_writing;
    } else if (what < 14) {
        f->is_writing = false;
    } else {
        f->is_pinned = what == 15 && rng_below(r, 2) == 0;
    }
}

/* None, or more than its part. */
static struct entitlement entitlement(const void *ctx, vmid_t vm)
{
    (void)ctx;
    return (struct entitlement){ .reserve_frames = vm % 3 * 4 };
}

static void draw_wishes(struct fake_memory *m, struct rng *r)
{
    m->view.wanted_by =
        rng_below(r, 4) == 0 ? (vmid_t)VM_NONE : (vmid_t)rng_below(r, VMS);
    m->only_vm =
        rng_below(r, 4) == 0 ? (vmid_t)rng_below(r, VMS) : (vmid_t)VM_NONE;
    m->clean_room = (uint32_t)rng_below(r, 24);
    m->writes_copy = rng_below(r, 2) == 0;
    m->writes_in_pairs = m->frame_count % 2 == 0 && rng_below(r, 2) == 0;
}

static uint32_t entered_count(const struct fake_memory *m)
{
    uint32_t count = 0;
    for (uint32_t frame = 0; frame < m->frame_count; frame++) {
        count += m->frames[frame].is_entered;
    }
    return count;
}

static void agree(const struct naive_policy *naive,
                  const struct replace_config *config, int events, int every)
{
    static struct fake_memory m;
    static struct fake_memory copy;
    static struct naive n;
    struct rng r;
    rng_init(&r, 7, "history", config->frame_count);
    fake_init(&m, naive->real, config, 0);
    memset(&n, 0, sizeof(n));
    n.tau_cycles = config->tau_cycles;
    for (vmid_t vm = 0; vm < VMS; vm++) {
        n.reserve[vm] =
            entitlement_of(config->vm, config->vm_ctx, vm).reserve_frames;
    }
    for (int i = 0; i < events; i++) {
        one_event(&m, &n, naive, &r);
        if (rng_below(&r, (uint64_t)every) != 0) {
            continue;
        }
        draw_wishes(&m, &r);
        memcpy(n.now, m.virtual_time, sizeof(n.now));
        memcpy(&copy, &m, sizeof(m));
        m.questions = 0;
        uint32_t victim = fake_victim(&m);
        /* At most a turn for old pages, the hand's VM twice, and whether two
           may go now; and a turn for one that is not touched. */
        assert_true(m.questions <= 3 * entered_count(&m) + 2);
        assert_int_equal(victim, naive->victim(&n, &copy));
        for (uint32_t frame = 0; frame < m.frame_count; frame++) {
            assert_memory_equal(&m.frames[frame], &copy.frames[frame],
                                sizeof(m.frames[frame]));
        }
        assert_int_equal(m.cleaned, copy.cleaned);
        if (victim != FRAME_NONE && rng_below(&r, 4) != 0) {
            fake_leave(&m, victim);
            naive_leave(&n, victim);
        }
    }
}

static void each_policy_agrees_with_its_naive_model(void **state)
{
    (void)state;
    static const struct naive_policy *const models[] = {
        &naive_fifo, &naive_lru, &naive_clock, &naive_wsclock, &naive_reserved
    };
    for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
        for (uint32_t frames = 1; frames <= 64; frames += 7) {
            struct replace_config config = small;
            config.frame_count = frames;
            config.vm = entitlement;
            agree(models[i], &config, 20000, 3);
        }
        struct replace_config large = small;
        large.frame_count = FAKE_FRAMES; /* More than one sweep judges. */
        large.tau_cycles = 10000;
        agree(models[i], &large, 40000, 40);
    }
}

static void nothing_resident_is_no_victim(void **state)
{
    (void)state;
    static struct fake_memory m;
    for (size_t i = 0; replace_policies[i]; i++) {
        fake_init(&m, replace_policies[i], &small, 0);
        assert_int_equal(fake_victim(&m), FRAME_NONE);
        fake_enter(&m, 3, 1);
        assert_int_equal(fake_evict(&m), 3);
        assert_int_equal(fake_victim(&m), FRAME_NONE);
    }
}

static void pinned_pages_are_never_taken(void **state)
{
    (void)state;
    static struct fake_memory m;
    for (size_t i = 0; replace_policies[i]; i++) {
        fake_init(&m, replace_policies[i], &small, 0);
        for (uint32_t frame = 0; frame < small.frame_count; frame++) {
            fake_enter(&m, frame, frame % VMS);
            m.frames[frame].is_pinned = frame % 3 != 0;
        }
        for (uint32_t n = 0; n < small.frame_count / 3; n++) {
            assert_int_equal(fake_evict(&m) % 3, 0);
        }
        assert_int_equal(fake_victim(&m), FRAME_NONE); /* All pinned. */
        m.frames[1].is_pinned = false;
        assert_int_equal(fake_victim(&m), 1);
    }
}

static void one_vm_can_be_made_to_pay_for_itself(void **state)
{
    (void)state;
    static struct fake_memory m;
    for (size_t i = 0; replace_policies[i]; i++) {
        fake_init(&m, replace_policies[i], &small, 0);
        for (uint32_t frame = 0; frame < small.frame_count; frame++) {
            fake_enter(&m, frame, frame % VMS);
        }
        m.only_vm = 4;
        for (uint32_t n = 0; n < small.frame_count / VMS; n++) {
            assert_int_equal(fake_evict(&m) % VMS, 4);
        }
        assert_int_equal(fake_victim(&m), FRAME_NONE);
        m.only_vm = VM_NONE;
        assert_int_not_equal(fake_victim(&m), FRAME_NONE);
    }
}

static void pages_that_are_touched_all_the_time_still_go(void **state)
{
    (void)state;
    static struct fake_memory m;
    for (size_t i = 0; replace_policies[i]; i++) {
        fake_init(&m, replace_policies[i], &small, 0);
        m.touch_sticks = true;
        for (uint32_t frame = 0; frame < small.frame_count; frame++) {
            fake_enter(&m, frame, 0);
            m.frames[frame].is_dirty = true;
        }
        m.clean_room = 0;
        for (uint32_t n = 0; n < small.frame_count; n++) {
            assert_int_not_equal(fake_evict(&m), FRAME_NONE);
        }
        assert_int_equal(fake_victim(&m), FRAME_NONE);
    }
}

/* Whoever asks, and however untouched they are. */
static void who_is_within_its_reserve_loses_no_page_to_others(void **state)
{
    (void)state;
    static struct fake_memory m;
    struct replace_config config = small;
    config.vm = entitlement;
    fake_init(&m, &replace_reserved, &config, 0);
    for (uint32_t frame = 0; frame < 8; frame++) {
        fake_enter(&m, frame, 2); /* Of 8. */
        m.frames[frame].is_touched = false;
    }
    for (uint32_t frame = 8; frame < small.frame_count; frame++) {
        fake_enter(&m, frame, frame % 2 * 3); /* Of none. */
    }
    for (vmid_t vm = 0; vm <= VMS; vm++) {
        m.view.wanted_by = vm < VMS ? vm : (vmid_t)VM_NONE;
        assert_int_equal(m.frames[fake_evict(&m)].vm % 3, 0);
        assert_int_equal(m.frames[fake_evict(&m)].vm % 3, 0);
    }
    while (m.view.wanted_by = 0, fake_evict(&m) != FRAME_NONE) {
    }
    for (uint32_t frame = 0; frame < 8; frame++) {
        assert_true(m.frames[frame].is_entered);
    }
    m.view.wanted_by = 2; /* It may lose its own for its own. */
    assert_int_equal(m.frames[fake_victim(&m)].vm, 2);
    assert_int_equal(replace_reserved.kept(m.r, 2), 8);
    /* It is owed frames while it holds fewer than that; others never are. */
    assert_false(replace_reserved.is_owed(m.r, 2));
    assert_false(replace_reserved.is_owed(m.r, 0));
    (void)fake_evict(&m);
    assert_true(replace_reserved.is_owed(m.r, 2));
}

static void a_victim_stays_until_it_leaves(void **state)
{
    (void)state;
    static struct fake_memory m;
    for (size_t i = 0; replace_policies[i]; i++) {
        fake_init(&m, replace_policies[i], &small, 0);
        fake_enter(&m, 9, 0);
        for (int n = 0; n < 5; n++) {
            assert_int_equal(fake_victim(&m), 9);
        }
        fake_leave(&m, 9);
        fake_enter(&m, 9, 1); /* And comes again. */
        assert_int_equal(fake_evict(&m), 9);
    }
}

static void create_returns_null_until_the_arena_is_big_enough(void **state)
{
    (void)state;
    alignas(max_align_t) unsigned char memory[2048];
    struct arena arena;
    for (size_t i = 0; replace_policies[i]; i++) {
        size_t cap = 0;
        arena_init(&arena, memory, cap);
        while (
            !replace_policies[i]->create(replace_policies[i], &arena, &small)) {
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
    static struct fake_memory memories[2];
    static const int fills[] = { 0xAA, 0x55 };
    for (size_t i = 0; replace_policies[i]; i++) {
        for (int k = 0; k < 2; k++) {
            struct fake_memory *m = &memories[k];
            struct rng r;
            rng_init(&r, 11, "history", i);
            fake_init(m, replace_policies[i], &small, fills[k]);
            for (int e = 0; e < 20000; e++) {
                one_event(m, NULL, NULL, &r);
                if (rng_below(&r, 3) == 0) {
                    draw_wishes(m, &r);
                    fake_evict(m);
                }
            }
        }
        assert_int_equal(memories[0].arena.used_bytes,
                         memories[1].arena.used_bytes);
        size_t head = 2 * sizeof(void *); /* A table, and perhaps a host. */
        assert_memory_equal(memories[0].block + head, memories[1].block + head,
                            memories[0].arena.used_bytes - head);
    }
}

static void policies_are_found_by_name_and_wsclock_is_the_default(void **state)
{
    (void)state;
    static const char *const names[] = { "wsclock", "clock",  "fifo",
                                         "lru",     "random", "reserved" };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const struct replace_policy *p = replace_policy_find(names[i]);
        assert_non_null(p);
        assert_string_equal(p->facts.name, names[i]);
        assert_true(strlen(p->facts.summary) > 0);
    }
    assert_null(replace_policy_find("belady"));
    assert_ptr_equal(replace_policies[0], &replace_wsclock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_policy_agrees_with_its_naive_model),
        cmocka_unit_test(nothing_resident_is_no_victim),
        cmocka_unit_test(pinned_pages_are_never_taken),
        cmocka_unit_test(one_vm_can_be_made_to_pay_for_itself),
        cmocka_unit_test(pages_that_are_touched_all_the_time_still_go),
        cmocka_unit_test(who_is_within_its_reserve_loses_no_page_to_others),
        cmocka_unit_test(a_victim_stays_until_it_leaves),
        cmocka_unit_test(create_returns_null_until_the_arena_is_big_enough),
        cmocka_unit_test(the_same_history_leaves_the_same_bytes),
        cmocka_unit_test(policies_are_found_by_name_and_wsclock_is_the_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
