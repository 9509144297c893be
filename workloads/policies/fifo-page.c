/* fifo-page.c - the page that came in first goes first: the built-in replacement
   fifo. */
#include <iksim/policy.h>

struct fifo {
    uint32_t head, tail;
    uint32_t *next, *prev; /* By frame. */
};

static void *create(struct iksim_host *h)
{
    struct fifo *f = h->alloc(h, sizeof(*f));
    f->next = h->alloc(h, h->frame_count * sizeof(*f->next));
    f->prev = h->alloc(h, h->frame_count * sizeof(*f->prev));
    f->head = f->tail = IKSIM_NONE;
    return f;
}

static void enter(void *r, uint32_t frame, uint32_t vm)
{
    struct fifo *f = r;
    (void)vm;
    f->next[frame] = IKSIM_NONE;
    f->prev[frame] = f->tail;
    if (f->tail == IKSIM_NONE) {
        f->head = frame;
    } else {
        f->next[f->tail] = frame;
    }
    f->tail = frame;
}

static void leave(void *r, uint32_t frame)
{
    struct fifo *f = r;
    if (f->prev[frame] == IKSIM_NONE) {
        f->head = f->next[frame];
    } else {
        f->next[f->prev[frame]] = f->next[frame];
    }
    if (f->next[frame] == IKSIM_NONE) {
        f->tail = f->prev[frame];
    } else {
        f->prev[f->next[frame]] = f->prev[frame];
    }
}

/* Frames that may not be taken now keep their places. */
static uint32_t victim(void *r, const struct iksim_frames *frames)
{
    const struct fifo *f = r;
    uint32_t found = f->head;
    while (found != IKSIM_NONE && !frames->may_take(frames->ctx, found)) {
        found = f->next[found];
    }
    return found;
}

const struct iksim_replacement iksim_replacement = {
    .facts = { .abi = IKSIM_POLICY_ABI,
               .summary = "the page that came in first goes first" },
    .create = create,
    .enter = enter,
    .leave = leave,
    .victim = victim,
};
