/* fifo-gate.c - first come, first admitted while frames are free: the built-in
   gatekeeper fifo. */
#include <iksim/policy.h>

struct fifo {
    uint64_t min_free;
    uint32_t head, tail;
    uint32_t *next, *prev; /* By VM. */
};

static void *create(struct iksim_host *h)
{
    struct fifo *f = h->alloc(h, sizeof(*f));
    f->min_free = h->min_free_frames;
    f->next = h->alloc(h, h->vm_limit * sizeof(*f->next));
    f->prev = h->alloc(h, h->vm_limit * sizeof(*f->prev));
    f->head = f->tail = IKSIM_NONE;
    return f;
}

static void arrive(void *g, uint32_t vm, uint32_t frames)
{
    struct fifo *f = g;
    (void)frames;
    f->next[vm] = IKSIM_NONE;
    f->prev[vm] = f->tail;
    if (f->tail == IKSIM_NONE) {
        f->head = vm;
    } else {
        f->next[f->tail] = vm;
    }
    f->tail = vm;
}

static void leave(void *g, uint32_t vm)
{
    struct fifo *f = g;
    if (f->prev[vm] == IKSIM_NONE) {
        f->head = f->next[vm];
    } else {
        f->next[f->prev[vm]] = f->next[vm];
    }
    if (f->next[vm] == IKSIM_NONE) {
        f->tail = f->prev[vm];
    } else {
        f->prev[f->next[vm]] = f->prev[vm];
    }
}

static uint32_t head(void *g)
{
    const struct fifo *f = g;
    return f->head;
}

static uint32_t admit(void *g, const struct iksim_memory *m)
{
    struct fifo *f = g;
    uint32_t vm = f->head;
    if (vm == IKSIM_NONE || m->free_frames < m->unfilled_frames + f->min_free) {
        return IKSIM_NONE;
    }
    leave(f, vm);
    return vm;
}

const struct iksim_gatekeeper iksim_gatekeeper = {
    .facts = { .abi = IKSIM_POLICY_ABI,
               .summary = "first come, first admitted" },
    .create = create,
    .arrive = arrive,
    .leave = leave,
    .head = head,
    .admit = admit,
};
