/*
 * replace_fifo.c - the page that came in first goes first, however much it is
 * used (Belady 1966, "A study of replacement algorithms for a virtual-storage
 * computer").
 *
 * Weakness: it takes pages that are in use as readily as others, and more
 * memory can mean more faults (Belady, Nelson and Shedler 1969: the anomaly).
 *
 * O(1) to enter and leave. A victim costs a question for each older page that
 * may not be taken: at most one turn.
 */
#include "ik/policy/policies.h"
#include "ik/queue/ring.h"
#include "sim/arena.h"

struct replace_fifo {
    struct replace base;
    uint32_t frame_count;
    struct frame_ring queue;   /* The hand is at the oldest page. */
    struct frame_link links[]; /* By frame number. */
};

static struct replace_fifo *fifo_of(struct replace *r)
{
    SIM_ASSERT(r->policy == &replace_fifo);
    return CONTAINER_OF(r, struct replace_fifo, base);
}

static struct replace *fifo_create(const struct replace_policy *self,
                                   struct arena *arena,
                                   const struct replace_config *config)
{
    SIM_ASSERT(config->frame_count <= FRAME_LIMIT);
    size_t size = sizeof(struct replace_fifo) +
                  config->frame_count * sizeof(struct frame_link);
    struct replace_fifo *f =
        arena_alloc(arena, size, alignof(struct replace_fifo));
    if (!f) {
        return NULL;
    }
    f->base.policy = self;
    f->frame_count = config->frame_count;
    f->queue = FRAME_RING_EMPTY;
    return &f->base;
}

static void fifo_enter(struct replace *r, uint32_t frame, vmid_t vm)
{
    (void)vm; /* One queue for all. */
    struct replace_fifo *f = fifo_of(r);
    SIM_ASSERT(frame < f->frame_count);
    ring_push(&f->queue, f->links, frame);
}

static void fifo_leave(struct replace *r, uint32_t frame)
{
    struct replace_fifo *f = fifo_of(r);
    SIM_ASSERT(frame < f->frame_count);
    ring_remove(&f->queue, f->links, frame);
}

static uint32_t fifo_victim(struct replace *r, const struct replace_view *view)
{
    struct replace_fifo *f = fifo_of(r);
    uint32_t frame = f->queue.hand;
    for (uint32_t i = 0; i < f->queue.count; i++) {
        if (view->may_take(view->ctx, frame)) {
            return frame;
        }
        frame = ring_next(f->links, frame);
    }
    return FRAME_NONE;
}

const struct replace_policy replace_fifo = {
    .facts = {
        .name = "fifo",
        .summary = "the page that came in first goes first",
        .source = "Belady, A Study of Replacement Algorithms for a "
                  "Virtual-Storage Computer, IBM Systems Journal, 1966",
    },
    .create = fifo_create,
    .enter = fifo_enter,
    .leave = fifo_leave,
    .victim = fifo_victim,
};
