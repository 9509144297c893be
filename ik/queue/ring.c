/* ring.c - see ring.h. */
#include "ik/queue/ring.h"

static void join(struct frame_link *links, uint32_t left, uint32_t right)
{
    links[left].next_plus_1 = right + 1;
    links[right].prev_plus_1 = left + 1;
}

void ring_insert_before(struct frame_ring *r, struct frame_link *links,
                        uint32_t at, uint32_t frame)
{
    SIM_ASSERT(frame < FRAME_LIMIT);
    SIM_ASSERT(!ring_has(links, frame));
    SIM_ASSERT((r->count == 0) == (at == FRAME_NONE));
    r->count++;
    if (at == FRAME_NONE) {
        join(links, frame, frame);
        r->hand = frame;
        return;
    }
    SIM_ASSERT(ring_has(links, at));
    join(links, ring_prev(links, at), frame);
    join(links, frame, at);
}

void ring_remove(struct frame_ring *r, struct frame_link *links, uint32_t frame)
{
    SIM_ASSERT(ring_has(links, frame));
    SIM_ASSERT(r->count > 0);
    uint32_t next = ring_next(links, frame);
    join(links, ring_prev(links, frame), next);
    links[frame] = (struct frame_link){ 0, 0 };
    r->count--;
    if (r->hand == frame) {
        r->hand = r->count > 0 ? next : FRAME_NONE;
    }
}
