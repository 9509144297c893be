/*
 * ring.h - a circular list of frames: links by number, the hand apart.
 *
 * A queue is a ring whose hand points at its head. Every operation is O(1) and
 * nothing is allocated. Flat: numbers, no pointers; all zero is a table of
 * frames that stand in no ring, so a large one costs nothing until it is used.
 */
#ifndef IK_QUEUE_RING_H
#define IK_QUEUE_RING_H

#include "ik/vmid.h"

struct frame_link {
    uint32_t next_plus_1; /* 0: the frame stands in no ring. */
    uint32_t prev_plus_1; /* Likewise. */
};

struct frame_ring {
    uint32_t hand; /* FRAME_NONE when, and only when, count is 0. */
    uint32_t count;
};

#define FRAME_RING_EMPTY ((struct frame_ring){ FRAME_NONE, 0 })

static inline bool ring_has(const struct frame_link *links, uint32_t frame)
{
    return links[frame].next_plus_1 != 0;
}

/* These two of a frame that stands in a ring. */
static inline uint32_t ring_next(const struct frame_link *links, uint32_t frame)
{
    return links[frame].next_plus_1 - 1;
}

static inline uint32_t ring_prev(const struct frame_link *links, uint32_t frame)
{
    return links[frame].prev_plus_1 - 1;
}

/*
 * Puts `frame`, which stands in no ring, just before `at`, which stands in *r;
 * the hand stays. FRAME_NONE when *r is empty: the hand points at `frame`.
 */
void ring_insert_before(struct frame_ring *r, struct frame_link *links,
                        uint32_t at, uint32_t frame);

/* Behind the hand: the last that it comes to. The tail of a queue. */
static inline void ring_push(struct frame_ring *r, struct frame_link *links,
                             uint32_t frame)
{
    ring_insert_before(r, links, r->hand, frame);
}

/* Takes `frame`, which stands in *r, out; a hand that points at it goes on. */
void ring_remove(struct frame_ring *r, struct frame_link *links,
                 uint32_t frame);

#endif /* IK_QUEUE_RING_H */
