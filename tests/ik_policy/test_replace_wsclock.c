/* test_replace_wsclock.c - whose pages WSClock takes, and in which order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/ik_policy/fake_memory.h"

#define TAU    100
#define FRAMES 12

static void start(struct fake_memory *m, uint32_t frames)
{
    const struct replace_config config = {
        .frame_count = frames,
        .vm_limit = FAKE_VMS,
        .tau_cycles = TAU,
    };
    fake_init(m, &replace_wsclock, &config, 0);
}

/*
 * Pages [0, count) of VM 0, clean and untouched since the hand noted their last
 * use, which is now. The hand is at page 1.
 */
static void start_seen(struct fake_memory *m, uint32_t count)
{
    start(m, FRAMES);
    for (uint32_t frame = 0; frame < count; frame++) {
        fake_enter(m, frame, 0);
    }
    assert_int_equal(fake_victim(m), 0); /* All are new: the first. */
}

/* Pages of which nothing is known go in the ring's order. */
static void pages_of_one_vm_are_adjacent(void **state)
{
    (void)state;
    static struct fake_memory m;
    start(&m, FRAMES);
    static const vmid_t owners[FRAMES] = { 0, 1, 2, 0, 1, 2, 2, 1, 0, 3, 0, 3 };
    for (uint32_t frame = 0; frame < FRAMES; frame++) {
        fake_enter(&m, frame, owners[frame]);
    }
    static const uint32_t order[FRAMES] = {
        0, 3, 8, 10, 1, 4, 7, 2, 5, 6, 9, 11
    };
    for (size_t i = 0; i < FRAMES; i++) {
        assert_int_equal(fake_evict(&m), order[i]);
    }
}

static void a_new_vm_does_not_part_the_pages_of_another(void **state)
{
    (void)state;
    static struct fake_memory m;
    start(&m, FRAMES);
    for (uint32_t frame = 0; frame < 4; frame++) {
        fake_enter(&m, frame, 0);
    }
    assert_int_equal(fake_evict(&m), 0); /* The hand is amid VM 0's. */
    fake_enter(&m, 8, 1);
    fake_enter(&m, 0, 0);
    fake_enter(&m, 9, 1);
    static const uint32_t order[] = { 1, 2, 3, 0, 8, 9 };
    for (uint32_t i = 0; i < 6; i++) {
        m.only_vm = i < 4 ? 0 : 1;
        assert_int_equal(fake_evict(&m), order[i]);
    }
}

static void an_old_clean_page_goes_before_an_old_dirty_one(void **state)
{
    (void)state;
    static struct fake_memory m;
    start_seen(&m, 6);
    m.virtual_time[0] += TAU + 1;
    for (uint32_t frame = 0; frame < 6; frame++) {
        m.frames[frame].is_dirty = frame != 4;
    }
    assert_int_equal(fake_evict(&m), 4);
    /* Those that the hand passed are clean when they are written. */
    assert_int_equal(m.cleaned, 3);
    for (uint32_t frame = 1; frame < 4; frame++) {
        assert_true(m.frames[frame].is_writing);
        m.frames[frame].is_writing = false;
    }
    assert_true(m.frames[0].is_dirty && m.frames[5].is_dirty);
}

static void a_page_used_within_tau_is_kept(void **state)
{
    (void)state;
    static struct fake_memory m;
    start_seen(&m, 6);
    m.virtual_time[0] += TAU;
    fake_touch(&m, 1);
    fake_touch(&m, 2);
    fake_touch(&m, 4);
    /* Nothing is past tau: the first untouched one has to do. */
    assert_int_equal(fake_victim(&m), 3);
    m.virtual_time[0] += 1;
    assert_int_equal(fake_evict(&m), 5);
    assert_int_equal(fake_evict(&m), 0);
    assert_int_equal(fake_evict(&m), 3);
}

/* One read with its neighbours' block, say. */
static void a_page_never_touched_gets_its_tau_too(void **state)
{
    (void)state;
    static struct fake_memory m;
    start_seen(&m, 4);
    m.virtual_time[0] += TAU + 1;
    fake_enter(&m, 7, 0);
    m.frames[7].is_touched = false;
    for (uint32_t frame = 0; frame < 4; frame++) {
        fake_touch(&m, frame);
    }
    assert_int_equal(fake_victim(&m), 1); /* All were seen; 7 among them. */
    m.virtual_time[0] += TAU;
    fake_touch(&m, 2);
    assert_int_equal(fake_victim(&m), 3); /* Nothing is old. */
    m.virtual_time[0] += 1;
    assert_int_equal(fake_victim(&m), 7);
}

/* The rule's point: a loop that fits its VM's share survives a scan. */
static void a_working_set_is_kept_while_a_scan_passes(void **state)
{
    (void)state;
    static struct fake_memory m;
    start(&m, FRAMES);
    for (uint32_t frame = 0; frame < FRAMES; frame++) {
        fake_enter(&m, frame, frame < 4 ? 0 : 1);
    }
    int lost = 0;
    for (int i = 0; i < 2000; i++) {
        for (uint32_t frame = 0; frame < 4; frame++) {
            m.virtual_time[0] += TAU / 10;
            fake_touch(&m, frame);
        }
        m.virtual_time[1] += TAU / 2; /* And VM 1 touches what is new. */
        uint32_t frame = fake_evict(&m);
        lost += frame < 4;
        fake_enter(&m, frame, frame < 4 ? 0 : 1);
    }
    assert_true(lost <= 1); /* While nothing had a past. */
}

static void pages_of_a_vm_that_stands_still_do_not_age(void **state)
{
    (void)state;
    static struct fake_memory m;
    start(&m, FRAMES);
    for (uint32_t frame = 0; frame < FRAMES; frame++) {
        fake_enter(&m, frame, frame < 6 ? 0 : 1);
    }
    assert_int_equal(fake_victim(&m), 0); /* All are new. */
    m.virtual_time[1] += 1000 * TAU;      /* VM 0 idles. */
    for (int i = 0; i < 100; i++) {
        assert_true(fake_victim(&m) >= 6);
    }
    m.virtual_time[0] += TAU + 1; /* It has run, without its pages. */
    uint32_t of_vm_0 = 0;
    for (uint32_t i = 0; i < FRAMES; i++) {
        of_vm_0 += fake_evict(&m) < 6;
    }
    assert_int_equal(of_vm_0, 6);
    assert_int_equal(fake_victim(&m), FRAME_NONE);
}

static void the_fall_back_is_old_dirty_then_the_next_of_the_clock(void **state)
{
    (void)state;
    static struct fake_memory m;
    start_seen(&m, 4);
    m.clean_room = 0; /* The disks are busy. */
    m.virtual_time[0] += TAU + 1;
    fake_touch(&m, 1);
    fake_touch(&m, 2);
    fake_touch(&m, 3);
    m.frames[0].is_dirty = true;
    m.frames[2].is_dirty = true;
    m.frames[3].is_dirty = true;
    /* A turn in which 1, 2 and 3 are seen; 0 alone is untouched. */
    assert_int_equal(fake_victim(&m), 0);
    /* 0: old, dirty. 1: young, clean. 2: young, dirty. 3: touched. */
    fake_touch(&m, 3);
    assert_int_equal(fake_evict(&m), 0);
    fake_touch(&m, 3); /* 1 and 2 are young: the one that is next. */
    assert_int_equal(fake_evict(&m), 1);
    fake_touch(&m, 3);
    assert_int_equal(fake_evict(&m), 2);
    fake_touch(&m, 3);
    assert_int_equal(fake_evict(&m), 3);
}

/* Text is clean and in use, data is dirty and rests: data goes. */
static void a_clean_page_in_use_outlives_a_dirty_one_at_rest(void **state)
{
    (void)state;
    static struct fake_memory m;
    start_seen(&m, 3);
    m.frames[1].is_dirty = true;
    m.virtual_time[0] += TAU / 2;
    fake_touch(&m, 0);
    fake_touch(&m, 2);
    assert_int_equal(fake_victim(&m), 1); /* Seen: 0 and 2 are younger. */
    m.virtual_time[0] += TAU / 4;
    assert_int_equal(fake_evict(&m), 1);
    assert_int_not_equal(fake_evict(&m), FRAME_NONE);
}

static void a_sweep_cleans_a_bounded_number(void **state)
{
    (void)state;
    static struct fake_memory m;
    start(&m, 200);
    for (uint32_t frame = 0; frame < 200; frame++) {
        fake_enter(&m, frame, 0);
    }
    assert_int_equal(fake_victim(&m), 0); /* The hand has seen all. */
    m.virtual_time[0] += TAU + 1;
    for (uint32_t frame = 0; frame < 200; frame++) {
        m.frames[frame].is_dirty = true;
    }
    assert_int_equal(fake_evict(&m), 1);
    assert_int_equal(m.cleaned, 16);
}

static void a_refusal_ends_the_cleaning(void **state)
{
    (void)state;
    static struct fake_memory m;
    start_seen(&m, FRAMES);
    m.virtual_time[0] += TAU + 1;
    for (uint32_t frame = 0; frame < FRAMES; frame++) {
        m.frames[frame].is_dirty = frame != 0;
    }
    m.clean_room = 3;
    assert_int_equal(fake_evict(&m), 0);
    assert_int_equal(m.cleaned, 3);
    assert_int_equal(m.refused, 1);
    for (uint32_t frame = 1; frame < FRAMES; frame++) {
        /* The first met is kept back, the next three are written. */
        assert_int_equal(m.frames[frame].is_writing, frame >= 2 && frame <= 4);
    }
}

/* All old and dirty: cleaning them all would leave none to take. */
static void cleaning_leaves_a_victim(void **state)
{
    (void)state;
    static struct fake_memory m;
    for (uint32_t count = 1; count < 8; count++) {
        start_seen(&m, count);
        m.virtual_time[0] += TAU + 1;
        for (uint32_t frame = 0; frame < count; frame++) {
            m.frames[frame].is_dirty = true;
        }
        assert_int_not_equal(fake_evict(&m), FRAME_NONE);
        assert_int_equal(m.cleaned, count - 1);
    }
}

/* If writes are made from copies, a page is free to go once one has begun. */
static void a_page_just_cleaned_goes_before_a_young_one(void **state)
{
    (void)state;
    static struct fake_memory m;
    start_seen(&m, 6);
    m.writes_copy = true;
    m.virtual_time[0] += TAU + 1;
    fake_touch(&m, 1);
    assert_int_equal(fake_victim(&m), 2); /* 1 is young from now on. */
    m.frames[0].is_dirty = true;
    for (uint32_t frame = 2; frame < 6; frame++) {
        m.frames[frame].is_dirty = true;
    }
    assert_int_equal(fake_evict(&m), 4); /* 3 is kept back. */
}

static void a_page_cleaned_with_its_neighbour_is_not_cleaned_again(void **state)
{
    (void)state;
    static struct fake_memory m;
    start_seen(&m, 6);
    m.writes_in_pairs = true;
    m.virtual_time[0] += TAU + 1;
    fake_touch(&m, 1);
    assert_int_equal(fake_victim(&m), 2); /* The hand is at 3. */
    m.frames[4].is_dirty = true;
    m.frames[5].is_dirty = true;
    m.frames[3].is_pinned = true;
    assert_int_equal(fake_evict(&m), 0); /* 4 is kept, 5 is cleaned. */
    assert_int_equal(m.cleaned, 1);
    assert_true(m.frames[4].is_writing && m.frames[5].is_writing);
}

static void a_victim_costs_few_questions_while_nothing_is_old(void **state)
{
    (void)state;
    static struct fake_memory m;
    start(&m, FAKE_FRAMES);
    for (uint32_t frame = 0; frame < FAKE_FRAMES; frame++) {
        fake_enter(&m, frame, frame % FAKE_VMS);
    }
    fake_evict(&m); /* All are new: a whole turn. */
    for (int i = 0; i < 100; i++) {
        m.questions = 0;
        assert_int_not_equal(fake_evict(&m), FRAME_NONE);
        assert_true(m.questions <= 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_of_one_vm_are_adjacent),
        cmocka_unit_test(a_new_vm_does_not_part_the_pages_of_another),
        cmocka_unit_test(an_old_clean_page_goes_before_an_old_dirty_one),
        cmocka_unit_test(a_page_used_within_tau_is_kept),
        cmocka_unit_test(a_page_never_touched_gets_its_tau_too),
        cmocka_unit_test(a_working_set_is_kept_while_a_scan_passes),
        cmocka_unit_test(pages_of_a_vm_that_stands_still_do_not_age),
        cmocka_unit_test(the_fall_back_is_old_dirty_then_the_next_of_the_clock),
        cmocka_unit_test(a_sweep_cleans_a_bounded_number),
        cmocka_unit_test(a_refusal_ends_the_cleaning),
        cmocka_unit_test(cleaning_leaves_a_victim),
        cmocka_unit_test(a_clean_page_in_use_outlives_a_dirty_one_at_rest),
        cmocka_unit_test(a_page_just_cleaned_goes_before_a_young_one),
        cmocka_unit_test(
            a_page_cleaned_with_its_neighbour_is_not_cleaned_again),
        cmocka_unit_test(a_victim_costs_few_questions_while_nothing_is_old),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
