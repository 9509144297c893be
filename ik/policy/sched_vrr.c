/*
 * sched_vrr.c - virtual round robin: a VM that idled before its quantum ended
 * goes first when it is back, but only with the cycles that it has left of
 * that quantum (Halder and Subramanian, "A fair policy for processor
 * scheduling in time sharing systems", 1991).
 *
 * So it cannot be gamed: from one turn in the queue of the others to the next
 * a VM gets one quantum, in as many pieces as it likes. A page fault keeps the
 * rest, without preference; an overrun is taken from the next quantum.
 *
 * Bound: the VMs that are preferred have less than a quantum each, and no way
 * to more but the other queue. So with N other VMs, one in that queue runs
 * after they have used at most 2 N quanta: one each of what they had left,
 * and one each of the turns before it. Nobody starves.
 *
 * Weakness: the rest is worn away. A server that answers in small pieces is
 * preferred for one quantum's worth of them, then once waits like any other:
 * its slowest answers are those of plain round robin.
 */
#include "ik/policy/policies.h"
#include "ik/policy/quantum.h"
#include "ik/policy/turns.h"
#include "sim/arena.h"

struct sched_vrr {
    struct sched base;
    struct turns turns;
};

static struct turns *turns_of(struct sched *s)
{
    SIM_ASSERT(s->policy == &sched_vrr);
    return &CONTAINER_OF(s, struct sched_vrr, base)->turns;
}

static struct sched *vrr_create(const struct sched_policy *self,
                                struct arena *arena,
                                const struct sched_config *config)
{
    struct sched_vrr *r =
        arena_alloc(arena, sizeof(*r), alignof(struct sched_vrr));
    if (!r) {
        return NULL;
    }
    *r = (struct sched_vrr){ .base.policy = self };
    return turns_init(&r->turns, arena, config) ? &r->base : NULL;
}

static struct sched_place vrr_ready(struct sched *s, vmid_t vm)
{
    return turns_ready(turns_of(s), vm);
}

static void vrr_remove(struct sched *s, vmid_t vm)
{
    turns_remove(turns_of(s), vm);
}

static struct sched_choice vrr_pick(struct sched *s)
{
    struct turns *t = turns_of(s);
    const struct vmlist *queue =
        vmlist_is_empty(&t->preferred) ? &t->others : &t->preferred;
    if (vmlist_is_empty(queue)) {
        return (struct sched_choice){ .vm = VM_NONE };
    }
    return turns_pick(t, queue);
}

static struct sched_choice vrr_take(struct sched *s, vmid_t vm)
{
    return turns_take(turns_of(s), vm);
}

/* Who is preferred has its rest, and no more. */
static void vrr_stop(struct sched *s, vmid_t vm, enum sched_stop why,
                     uint64_t granted, uint64_t used)
{
    struct turns *t = turns_of(s);
    int64_t left = quantum_left(granted, used);
    turns_stop(t, vm, why, left);
    if (t->vms[vm].is_preferred) {
        t->vms[vm].carry = left;
    }
}

static uint64_t vrr_bound(const struct sched *s, uint32_t others)
{
    (void)s;
    return 2ull * others;
}

const struct sched_policy sched_vrr = {
    .facts = {
        .name = "virtual-round-robin",
        .summary = "in turns; who idled early goes first with its rest",
        .source = "Halder and Subramanian, A Fair Policy for Processor "
                  "Scheduling in Time Sharing Systems, 1991",
        .differs = "A page fault keeps the rest of the quantum without "
                   "preference; an overrun is taken from the next quantum.",
    },
    .promises = {
        .is_ordered = true,
        .bound = vrr_bound,
        .bound_text = "2 N quanta",
    },
    .create = vrr_create,
    .ready = vrr_ready,
    .remove = vrr_remove,
    .pick = vrr_pick,
    .take = vrr_take,
    .stop = vrr_stop,
};
