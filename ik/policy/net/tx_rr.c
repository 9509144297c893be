/*
 * tx_rr.c - VMs that have frames to send, send one each in turn (Nagle, "On
 * packet switches with infinite storage", RFC 970, 1985).
 *
 * Of VMs that always have some, none sends twice before all others have once.
 * Weakness: turns are frames. Beside n senders of full frames one of frames of
 * 60 bytes gets a 25th of what each of them gets.
 */
#include "ik/policy/policies.h"
#include "ik/queue/vmlist.h"
#include "sim/arena.h"

struct tx_turns {
    struct tx base;
    struct vmlist senders;
    struct vmlink links[]; /* By VM number. */
};

static struct tx_turns *turns_of(struct tx *t)
{
    SIM_ASSERT(t->policy == &tx_rr);
    return CONTAINER_OF(t, struct tx_turns, base);
}

static struct tx *turns_create(const struct tx_policy *self,
                               struct arena *arena,
                               const struct tx_config *config)
{
    size_t size =
        sizeof(struct tx_turns) + config->vm_limit * sizeof(struct vmlink);
    struct tx_turns *t = arena_alloc(arena, size, alignof(struct tx_turns));
    if (!t) {
        return NULL;
    }
    t->base.policy = self;
    t->senders = VMLIST_EMPTY;
    return &t->base;
}

static void turns_enter(struct tx *tx, vmid_t vm, uint32_t bytes)
{
    (void)bytes; /* A frame is a frame. */
    struct tx_turns *t = turns_of(tx);
    vmlist_push(&t->senders, t->links, vm);
}

static void turns_leave(struct tx *tx, vmid_t vm)
{
    struct tx_turns *t = turns_of(tx);
    vmlist_remove(&t->senders, t->links, vm);
}

static vmid_t turns_next(struct tx *tx)
{
    return turns_of(tx)->senders.head;
}

static void turns_sent(struct tx *tx, vmid_t vm, uint32_t next_bytes)
{
    struct tx_turns *t = turns_of(tx);
    vmlist_remove(&t->senders, t->links, vm);
    if (next_bytes > 0) {
        vmlist_push(&t->senders, t->links, vm);
    }
}

const struct tx_policy tx_rr = {
    .facts = {
        .name = "round-robin",
        .summary = "VMs send one frame each in turn (Denali)",
        .source = "Whitaker, Shaw and Gribble, Scale and Performance in the "
                  "Denali Isolation Kernel, OSDI 2002, section 3.2.3; Nagle, "
                  "On Packet Switches with Infinite Storage, 1985",
    },
    .create = turns_create,
    .enter = turns_enter,
    .leave = turns_leave,
    .next = turns_next,
    .sent = turns_sent,
};
