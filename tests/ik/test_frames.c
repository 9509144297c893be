/* test_frames.c - each frame is free, the kernel's, or one VM's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ik/memory/frames.h"
#include "ik/memory/pins.h"
#include "sim/arena.h"

#define COUNT 16

struct fixture {
    struct arena arena;
    struct frames frames;
    struct vm vms[2];
    alignas(16) uint8_t memory[COUNT * sizeof(struct frame)];
};

static void fixture_init(struct fixture *f)
{
    arena_init(&f->arena, f->memory, sizeof(f->memory));
    assert_true(frames_init(&f->frames, &f->arena, COUNT));
    for (vmid_t i = 0; i < 2; i++) {
        f->vms[i] = (struct vm){ .id = i, .first_frame = FRAME_NONE };
    }
}

static uint32_t ring_length(const struct fixture *f, const struct vm *vm)
{
    uint32_t length = 0;
    uint32_t frame = vm->first_frame;
    while (frame != FRAME_NONE) {
        const struct frame *e = &f->frames.table[frame];
        assert_int_equal(e->owner, vm->id);
        assert_int_equal(f->frames.table[e->next].prev, frame);
        assert_int_equal(f->frames.table[e->prev].next, frame);
        length++;
        assert_true(length <= COUNT);
        frame = e->next == vm->first_frame ? FRAME_NONE : e->next;
    }
    return length;
}

/* free + pinned + both rings = all. */
static void expect_conserved(const struct fixture *f)
{
    uint32_t held = ring_length(f, &f->vms[0]) + ring_length(f, &f->vms[1]);
    assert_int_equal(f->frames.free_count + f->frames.pinned + held, COUNT);
}

static void every_frame_is_given_once(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    bool seen[COUNT] = { false };
    for (uint32_t i = 0; i < COUNT; i++) {
        uint32_t frame = frames_take(&f.frames, &f.vms[i % 2], i);
        assert_true(frame < COUNT);
        assert_false(seen[frame]);
        seen[frame] = true;
        assert_int_equal(f.frames.table[frame].page, i);
        expect_conserved(&f);
    }
    assert_int_equal(frames_take(&f.frames, &f.vms[0], 99), FRAME_NONE);
    assert_int_equal(ring_length(&f, &f.vms[0]), COUNT / 2);
    expect_conserved(&f);
}

static void frames_come_back_from_anywhere_in_a_ring(void **state)
{
    (void)state;
    for (uint32_t gone = 0; gone < 4; gone++) {
        struct fixture f;
        fixture_init(&f);
        uint32_t frames[4];
        for (uint32_t i = 0; i < 4; i++) {
            frames[i] = frames_take(&f.frames, &f.vms[0], i);
        }
        frames_give_back(&f.frames, &f.vms[0], frames[gone]);
        assert_int_equal(ring_length(&f, &f.vms[0]), 3);
        expect_conserved(&f);
        /* What was used before is used again first. */
        assert_int_equal(frames_take(&f.frames, &f.vms[1], 0), frames[gone]);
        expect_conserved(&f);
    }
}

static void the_last_frame_leaves_an_empty_ring(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    for (int i = 0; i < 3; i++) {
        uint32_t frame = frames_take(&f.frames, &f.vms[0], 7);
        frames_give_back(&f.frames, &f.vms[0], frame);
        assert_int_equal(f.vms[0].first_frame, FRAME_NONE);
        assert_int_equal(f.frames.fresh, 1);
        expect_conserved(&f);
    }
}

static void page_tables_are_counted(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    uint32_t table = frames_take(&f.frames, &f.vms[0], FRAME_PAGE_TABLE);
    frames_take(&f.frames, &f.vms[0], 0);
    assert_int_equal(f.frames.tables, 1);
    frames_give_back(&f.frames, &f.vms[0], table);
    assert_int_equal(f.frames.tables, 0);
}

static void pinning_takes_and_gives_back(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    frames_take(&f.frames, &f.vms[0], 0);
    static const uint32_t counts[] = { 3, 3, 10, 2, 15, 0 };
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        assert_true(frames_pin(&f.frames, counts[i]));
        assert_int_equal(f.frames.pinned, counts[i]);
        expect_conserved(&f);
    }
}

static void pinning_too_many_changes_nothing(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    assert_true(frames_pin(&f.frames, 4));
    for (uint32_t i = 0; i < 6; i++) {
        frames_take(&f.frames, &f.vms[0], i);
    }
    assert_false(frames_pin(&f.frames, 11));
    assert_false(frames_pin(&f.frames, UINT32_MAX));
    assert_int_equal(f.frames.pinned, 4);
    expect_conserved(&f);
    assert_true(frames_pin(&f.frames, 10));
    assert_int_equal(frames_take(&f.frames, &f.vms[0], 0), FRAME_NONE);
    expect_conserved(&f);
}

/* Of a VM that ended; two transfers still write to one of its frames. */
static void an_orphan_is_free_when_its_last_transfer_is_done(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    uint32_t a = frames_take(&f.frames, &f.vms[0], 1);
    uint32_t b = frames_take(&f.frames, &f.vms[0], 2);
    frames_give_back(&f.frames, &f.vms[0], a);
    frames_begin_orphan(&f.frames, a);
    frames_share_orphan(&f.frames, a);
    frames_give_back(&f.frames, &f.vms[0], b);
    frames_begin_orphan(&f.frames, b);
    assert_int_equal(f.frames.orphans, 2);
    assert_int_equal(f.frames.free_count, COUNT - 2);
    frames_end_orphan(&f.frames, a);
    assert_int_equal(f.frames.orphans, 2);
    frames_end_orphan(&f.frames, b);
    frames_end_orphan(&f.frames, a);
    assert_int_equal(f.frames.orphans, 0);
    assert_int_equal(f.frames.free_count, COUNT);
    assert_int_equal(frames_take(&f.frames, &f.vms[1], 0), a);
}

/* A reason for each page, however often it is needed; what is left of other
   reasons, as a transfer's, stays, and is no news for who waits for frames. */
static void what_a_vm_needs_is_pinned_once_until_it_got_further(void **state)
{
    (void)state;
    static struct kernel k;
    struct fixture f;
    fixture_init(&f);
    k.frames = f.frames;
    struct frame *table = k.frames.table;
    pins_add(&k, &f.vms[0], 3);
    pins_add(&k, &f.vms[0], 5);
    pins_add(&k, &f.vms[0], 3);
    pins_add(&k, &f.vms[0], 5);
    pins_add(&k, &f.vms[1], 7);
    assert_int_equal(f.vms[0].pin_count, 2);
    assert_int_equal(table[3].pins, 1);
    assert_int_equal(table[5].pins, 1);
    assert_int_equal(table[7].pins, 1);
    table[3].pins++;
    table[5].pins++;
    pins_release(&k, &f.vms[0]);
    assert_int_equal(f.vms[0].pin_count, 0);
    assert_int_equal(table[3].pins, 1);
    assert_int_equal(table[5].pins, 1);
    assert_false(k.paging.frame_news);
    pins_release(&k, &f.vms[1]);
    assert_int_equal(table[7].pins, 0);
    assert_true(k.paging.frame_news);
}

static void as_many_are_pinned_for_a_vm_as_there_is_room_for(void **state)
{
    (void)state;
    static struct kernel k;
    static struct frame table[VM_PIN_LIMIT];
    struct vm vm = { .id = 0 };
    k.frames.table = table;
    for (uint32_t frame = 0; frame < VM_PIN_LIMIT; frame++) {
        pins_add(&k, &vm, frame);
        assert_int_equal(table[frame].pins, 1);
    }
    pins_add(&k, &vm, 0); /* Which is there already. */
    pins_release(&k, &vm);
    for (uint32_t frame = 0; frame < VM_PIN_LIMIT; frame++) {
        assert_int_equal(table[frame].pins, 0);
    }
}

static void a_full_arena_gives_no_table(void **state)
{
    (void)state;
    struct fixture f;
    arena_init(&f.arena, f.memory, sizeof(f.memory) - 1);
    assert_false(frames_init(&f.frames, &f.arena, COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_frame_is_given_once),
        cmocka_unit_test(frames_come_back_from_anywhere_in_a_ring),
        cmocka_unit_test(the_last_frame_leaves_an_empty_ring),
        cmocka_unit_test(page_tables_are_counted),
        cmocka_unit_test(pinning_takes_and_gives_back),
        cmocka_unit_test(pinning_too_many_changes_nothing),
        cmocka_unit_test(an_orphan_is_free_when_its_last_transfer_is_done),
        cmocka_unit_test(what_a_vm_needs_is_pinned_once_until_it_got_further),
        cmocka_unit_test(as_many_are_pinned_for_a_vm_as_there_is_room_for),
        cmocka_unit_test(a_full_arena_gives_no_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
