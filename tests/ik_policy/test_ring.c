/* test_ring.c - circular lists of frames. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ik/queue/ring.h"

#define FRAMES 8

/* The ring from its hand on is `expected`, forwards and backwards. */
static void check(const struct frame_ring *r, const struct frame_link *links,
                  const uint32_t *expected, uint32_t count)
{
    assert_int_equal(r->count, count);
    uint32_t frame = r->hand;
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(frame, expected[i]);
        assert_int_equal(ring_prev(links, ring_next(links, frame)), frame);
        frame = ring_next(links, frame);
    }
    assert_int_equal(frame, r->hand); /* Round, or FRAME_NONE. */
}

static void a_ring_is_a_queue_whose_head_is_at_the_hand(void **state)
{
    (void)state;
    struct frame_link links[FRAMES] = { 0 };
    struct frame_ring r = FRAME_RING_EMPTY;
    check(&r, links, NULL, 0);
    ring_push(&r, links, 5);
    check(&r, links, (const uint32_t[]){ 5 }, 1);
    ring_push(&r, links, 0);
    ring_push(&r, links, 7);
    check(&r, links, (const uint32_t[]){ 5, 0, 7 }, 3);
    ring_remove(&r, links, 5); /* The hand goes on. */
    check(&r, links, (const uint32_t[]){ 0, 7 }, 2);
    assert_false(ring_has(links, 5));
    ring_push(&r, links, 5);
    check(&r, links, (const uint32_t[]){ 0, 7, 5 }, 3);
}

static void a_frame_goes_before_another_and_the_hand_stays(void **state)
{
    (void)state;
    struct frame_link links[FRAMES] = { 0 };
    struct frame_ring r = FRAME_RING_EMPTY;
    ring_push(&r, links, 1);
    ring_push(&r, links, 2);
    ring_insert_before(&r, links, 2, 3);
    check(&r, links, (const uint32_t[]){ 1, 3, 2 }, 3);
    ring_insert_before(&r, links, 1, 4);
    check(&r, links, (const uint32_t[]){ 1, 3, 2, 4 }, 4);
}

static void an_emptied_ring_leaves_no_trace(void **state)
{
    (void)state;
    struct frame_link links[FRAMES] = { 0 };
    static const struct frame_link untouched[FRAMES];
    struct frame_ring r = FRAME_RING_EMPTY;
    for (uint32_t frame = 0; frame < FRAMES; frame++) {
        ring_push(&r, links, frame);
        assert_true(ring_has(links, frame));
    }
    for (uint32_t frame = 0; frame < FRAMES; frame++) {
        ring_remove(&r, links, (frame * 3) % FRAMES);
    }
    assert_int_equal(r.hand, FRAME_NONE);
    assert_int_equal(r.count, 0);
    assert_memory_equal(links, untouched, sizeof(links));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ring_is_a_queue_whose_head_is_at_the_hand),
        cmocka_unit_test(a_frame_goes_before_another_and_the_hand_stays),
        cmocka_unit_test(an_emptied_ring_leaves_no_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
