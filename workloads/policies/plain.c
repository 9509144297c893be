/* plain.c - round robin without a boost, as round-robin-no-boost is. */
#include <iksim/policy.h>

struct plain_vm {
    int64_t carry; /* Cycles: > 0 what is left of a quantum, < 0 a debt. */
    uint32_t next, prev;
};

struct plain {
    uint64_t quantum, arrivals;
    uint32_t head, tail;
    struct plain_vm *vms;
};

static void *create(struct iksim_host *h)
{
    struct plain *p = h->alloc(h, sizeof(*p));
    p->vms = h->alloc(h, h->vm_limit * sizeof(*p->vms));
    p->quantum = h->quantum;
    p->head = p->tail = IKSIM_NONE;
    return p;
}

static struct iksim_place ready(void *s, uint32_t vm)
{
    struct plain *p = s;
    p->vms[vm].next = IKSIM_NONE;
    p->vms[vm].prev = p->tail;
    if (p->tail == IKSIM_NONE) {
        p->head = vm;
    } else {
        p->vms[p->tail].next = vm;
    }
    p->tail = vm;
    return (struct iksim_place){ .key = p->arrivals++ };
}

static void leave(void *s, uint32_t vm)
{
    struct plain *p = s;
    uint32_t next = p->vms[vm].next;
    uint32_t prev = p->vms[vm].prev;
    if (prev == IKSIM_NONE) {
        p->head = next;
    } else {
        p->vms[prev].next = next;
    }
    if (next == IKSIM_NONE) {
        p->tail = prev;
    } else {
        p->vms[next].prev = prev;
    }
}

/* A whole quantum, less what the VM owes. */
static uint64_t whole(const struct plain *p, uint32_t vm)
{
    int64_t carry = p->vms[vm].carry;
    uint64_t debt = carry < 0 ? (uint64_t)-carry : 0;
    return debt < p->quantum ? p->quantum - debt : 1;
}

static struct iksim_choice pick(void *s)
{
    struct plain *p = s;
    uint32_t vm = p->head;
    if (vm == IKSIM_NONE) {
        return (struct iksim_choice){ .vm = IKSIM_NONE };
    }
    leave(p, vm);
    int64_t carry = p->vms[vm].carry;
    return (struct iksim_choice){ .vm = vm,
                                  .quantum = carry > 0 ? (uint64_t)carry
                                                       : whole(p, vm) };
}

static uint64_t take(void *s, uint32_t vm)
{
    leave(s, vm);
    return whole(s, vm);
}

static void stop(void *s, uint32_t vm, enum iksim_stop why, uint64_t granted,
                 uint64_t used)
{
    struct plain *p = s;
    int64_t left = (int64_t)granted - (int64_t)used;
    p->vms[vm].carry = why == IKSIM_STOP_PAGING || left < 0 ? left : 0;
}

const struct iksim_scheduler iksim_scheduler = {
    .facts = { .abi = IKSIM_POLICY_ABI, .summary = "in turns" },
    .is_ordered = true,
    .bound = 1,
    .create = create,
    .ready = ready,
    .remove = leave,
    .pick = pick,
    .take = take,
    .stop = stop,
};
