/*
 * tx_drr.c - VMs that have frames to send get the same bytes each (Shreedhar
 * and Varghese, "Efficient fair queuing using deficit round robin", 1996).
 *
 * A VM whose turn comes is given a quantum of the longest frame's length, to
 * what is left of its last ones, and sends while its next frame fits in. Once
 * its queue is empty nothing is left to it. Of two VMs that always have frames,
 * in any span of time, neither sends more than three longest frames more than
 * the other (theorem 4 of the paper, with one quantum for all: a quantum
 * and two frames). Who comes with a frame waits for at most
 * two of the longest frames of each other sender, and for what the card has
 * taken ahead (machine.tx_ahead).
 */
#include "ik/policy/policies.h"
#include "ik/queue/vmlist.h"
#include "sim/arena.h"

struct drr_vm {
    uint32_t deficit; /* Bytes that it may still send; below 2 quanta. */
    uint32_t head;    /* Bytes of its first frame; 0: it has none. */
};

struct drr {
    struct tx base;
    uint32_t quantum; /* Bytes; the longest frame's, so each turn sends one. */
    bool is_topped;   /* The first of `senders` has had this turn's. */
    struct vmlist senders;
    struct vmlink *links; /* By VM number. */
    struct drr_vm *vms;   /* Likewise. */
};

static struct drr *drr_of(struct tx *t)
{
    SIM_ASSERT(t->policy == &tx_drr);
    return CONTAINER_OF(t, struct drr, base);
}

static struct tx *drr_create(const struct tx_policy *self, struct arena *arena,
                             const struct tx_config *config)
{
    struct drr *d = arena_alloc(arena, sizeof(*d), alignof(struct drr));
    struct vmlink *links = arena_alloc(arena, config->vm_limit * sizeof(*links),
                                       alignof(struct vmlink));
    struct drr_vm *vms = arena_alloc(arena, config->vm_limit * sizeof(*vms),
                                     alignof(struct drr_vm));
    if (!d || !links || !vms) {
        return NULL;
    }
    *d = (struct drr){
        .base.policy = self,
        .quantum = config->max_bytes,
        .senders = VMLIST_EMPTY,
        .links = links,
        .vms = vms,
    };
    return &d->base;
}

static void drr_enter(struct tx *tx, vmid_t vm, uint32_t bytes)
{
    struct drr *d = drr_of(tx);
    SIM_ASSERT(bytes > 0);
    SIM_ASSERT(bytes <= d->quantum);
    d->vms[vm] = (struct drr_vm){ .head = bytes };
    vmlist_push(&d->senders, d->links, vm);
}

/* The first turn is over, if it was that VM's. */
static void take_out(struct drr *d, vmid_t vm)
{
    d->is_topped &= d->senders.head != vm;
    vmlist_remove(&d->senders, d->links, vm);
}

static void drr_leave(struct tx *tx, vmid_t vm)
{
    take_out(drr_of(tx), vm);
}

static vmid_t drr_next(struct tx *tx)
{
    struct drr *d = drr_of(tx);
    for (;;) {
        vmid_t first = d->senders.head;
        SIM_ASSERT(first != VM_NONE);
        struct drr_vm *vm = &d->vms[first];
        if (!d->is_topped) {
            vm->deficit += d->quantum;
            d->is_topped = true;
        }
        if (vm->head <= vm->deficit) {
            return first;
        }
        take_out(d, first);
        vmlist_push(&d->senders, d->links, first);
    }
}

static void drr_sent(struct tx *tx, vmid_t vm, uint32_t next_bytes)
{
    struct drr *d = drr_of(tx);
    SIM_ASSERT(d->senders.head == vm);
    d->vms[vm].deficit -= d->vms[vm].head;
    d->vms[vm].head = next_bytes;
    if (next_bytes == 0) {
        take_out(d, vm);
    }
}

const struct tx_policy tx_drr = {
    .facts = {
        .name = "drr",
        .summary = "VMs that have frames send the same bytes (deficit round "
                   "robin)",
        .source = "Shreedhar and Varghese, Efficient Fair Queuing Using "
                  "Deficit Round Robin, 1996",
        .differs = "Flows are VMs, each with the same quantum, that of the "
                   "longest frame. vms[].shares mean nothing to it.",
    },
    .create = drr_create,
    .enter = drr_enter,
    .leave = drr_leave,
    .next = drr_next,
    .sent = drr_sent,
};
