/*
 * replace_lru.c - the page whose last touch is longest ago goes first. More
 * memory never means more faults (Mattson, Gecsei, Slutz and Traiger 1970,
 * "Evaluation techniques for storage hierarchies").
 *
 * What counts is the order of coming in and of first touches in an epoch, all
 * that the kernel sees: of two pages touched in one epoch, the one that is
 * touched last of all may go first.
 *
 * Weakness: a loop over a little more than memory faults at every page. It is
 * global: a VM that touches much takes the memory of one that idles.
 *
 * O(1) to enter, leave and touch. A victim costs a question for each page that
 * is less recent and may not be taken: at most one turn.
 */
#include "ik/policy/policies.h"
#include "ik/queue/ring.h"
#include "sim/arena.h"

struct replace_lru {
    struct replace base;
    uint32_t frame_count;
    struct frame_ring queue;   /* The hand is at the least recent page. */
    struct frame_link links[]; /* By frame number. */
};

static struct replace_lru *lru_of(struct replace *r)
{
    SIM_ASSERT(r->policy == &replace_lru);
    return CONTAINER_OF(r, struct replace_lru, base);
}

static struct replace *lru_create(const struct replace_policy *self,
                                  struct arena *arena,
                                  const struct replace_config *config)
{
    SIM_ASSERT(config->frame_count <= FRAME_LIMIT);
    size_t size = sizeof(struct replace_lru) +
                  config->frame_count * sizeof(struct frame_link);
    struct replace_lru *l =
        arena_alloc(arena, size, alignof(struct replace_lru));
    if (!l) {
        return NULL;
    }
    l->base.policy = self;
    l->frame_count = config->frame_count;
    l->queue = FRAME_RING_EMPTY;
    return &l->base;
}

static void lru_enter(struct replace *r, uint32_t frame, vmid_t vm)
{
    (void)vm; /* One queue for all. */
    struct replace_lru *l = lru_of(r);
    SIM_ASSERT(frame < l->frame_count);
    ring_push(&l->queue, l->links, frame);
}

static void lru_leave(struct replace *r, uint32_t frame)
{
    struct replace_lru *l = lru_of(r);
    SIM_ASSERT(frame < l->frame_count);
    ring_remove(&l->queue, l->links, frame);
}

static void lru_touch(struct replace *r, uint32_t frame)
{
    struct replace_lru *l = lru_of(r);
    SIM_ASSERT(frame < l->frame_count);
    ring_remove(&l->queue, l->links, frame);
    ring_push(&l->queue, l->links, frame);
}

static uint32_t lru_victim(struct replace *r, const struct replace_view *view)
{
    struct replace_lru *l = lru_of(r);
    uint32_t frame = l->queue.hand;
    for (uint32_t i = 0; i < l->queue.count; i++) {
        if (view->may_take(view->ctx, frame)) {
            return frame;
        }
        frame = ring_next(l->links, frame);
    }
    return FRAME_NONE;
}

const struct replace_policy replace_lru = {
    .facts = {
        .name = "lru",
        .summary = "the page whose last touch is longest ago goes first",
        .source = "Mattson, Gecsei, Slutz and Traiger, Evaluation Techniques "
                  "for Storage Hierarchies, IBM Systems Journal, 1970",
        .differs = "What counts is the first touch in each epoch of an "
                   "address space, since the kernel sees no others.",
    },
    .create = lru_create,
    .enter = lru_enter,
    .leave = lru_leave,
    .touch = lru_touch,
    .victim = lru_victim,
};
