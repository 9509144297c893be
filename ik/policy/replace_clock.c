/*
 * replace_clock.c - second chance (Corbato 1968, "A paging experiment with the
 * Multics system"): all pages stand in one ring in the order of coming in; the
 * hand passes those touched since it last passed and takes the first other. A
 * new page goes just behind the hand, where its forerunner stood.
 *
 * Weakness: one bit of history. When everything was touched it is FIFO, and
 * shares its anomaly; when the hand is slow, a touch of long ago counts as much
 * as one of now. Time that a VM idles counts against its pages.
 *
 * O(1) to enter and leave. A victim costs at most one turn; the hand stays
 * where it stopped, so each page passed is one that was touched, or may not be
 * taken.
 */
#include "ik/policy/policies.h"
#include "ik/queue/ring.h"
#include "sim/arena.h"

struct replace_clock {
    struct replace base;
    uint32_t frame_count;
    struct frame_ring ring;
    struct frame_link links[]; /* By frame number. */
};

static struct replace_clock *clock_of(struct replace *r)
{
    SIM_ASSERT(r->policy == &replace_clock);
    return CONTAINER_OF(r, struct replace_clock, base);
}

static struct replace *clock_create(const struct replace_policy *self,
                                    struct arena *arena,
                                    const struct replace_config *config)
{
    SIM_ASSERT(config->frame_count <= FRAME_LIMIT);
    size_t size = sizeof(struct replace_clock) +
                  config->frame_count * sizeof(struct frame_link);
    struct replace_clock *c =
        arena_alloc(arena, size, alignof(struct replace_clock));
    if (!c) {
        return NULL;
    }
    c->base.policy = self;
    c->frame_count = config->frame_count;
    c->ring = FRAME_RING_EMPTY;
    return &c->base;
}

static void clock_enter(struct replace *r, uint32_t frame, vmid_t vm)
{
    (void)vm; /* One ring for all. */
    struct replace_clock *c = clock_of(r);
    SIM_ASSERT(frame < c->frame_count);
    ring_push(&c->ring, c->links, frame);
}

static void clock_leave(struct replace *r, uint32_t frame)
{
    struct replace_clock *c = clock_of(r);
    SIM_ASSERT(frame < c->frame_count);
    ring_remove(&c->ring, c->links, frame);
}

/*
 * A turn that finds only touched pages has made all of them untouched, so a
 * second one would take the first of them: it need not be walked.
 */
static uint32_t clock_victim(struct replace *r, const struct replace_view *view)
{
    struct replace_clock *c = clock_of(r);
    uint32_t first = FRAME_NONE; /* That may be taken. */
    uint32_t frame = c->ring.hand;
    for (uint32_t i = 0; i < c->ring.count; i++) {
        if (view->may_take(view->ctx, frame)) {
            if (!view->was_touched(view->ctx, frame)) {
                c->ring.hand = ring_next(c->links, frame);
                return frame;
            }
            first = first == FRAME_NONE ? frame : first;
        }
        frame = ring_next(c->links, frame);
    }
    if (first != FRAME_NONE) {
        c->ring.hand = ring_next(c->links, first);
    }
    return first;
}

static uint32_t clock_hand(const struct replace *r)
{
    SIM_ASSERT(r->policy == &replace_clock);
    return ((const struct replace_clock *)(const void *)r)->ring.hand;
}

const struct replace_policy replace_clock = {
    .facts = {
        .name = "clock",
        .summary = "second chance: the first page not touched in a turn goes",
        .source = "Corbato, A Paging Experiment with the Multics System, "
                  "1968",
    },
    .create = clock_create,
    .enter = clock_enter,
    .leave = clock_leave,
    .victim = clock_victim,
    .hand = clock_hand,
};
