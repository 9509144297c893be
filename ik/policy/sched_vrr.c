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
#include "ik/policy/quantum.h"
#include "ik/policy/vmlist.h"
#include "sim/arena.h"

struct vrr_vm {
    int64_t carry; /* Cycles: > 0 what is left of a quantum, < 0 overrun. */
    bool is_preferred;
    bool is_ready;
};

struct sched_vrr {
    struct sched base;
    uint64_t quantum_cycles;
    uint64_t arrivals; /* Of ready VMs, so far. */
    vmid_t vm_limit;
    struct vmlist preferred;
    struct vmlist others;
    struct vmlink *links; /* By VM number; of both queues. */
    struct vrr_vm *vms;
};

static struct sched_vrr *vrr_of(struct sched *s)
{
    SIM_ASSERT(s->policy == &sched_vrr);
    return CONTAINER_OF(s, struct sched_vrr, base);
}

static struct sched *vrr_create(struct arena *arena,
                                const struct sched_config *config)
{
    SIM_ASSERT(config->vm_limit > 0);
    SIM_ASSERT(config->vm_limit <= VM_LIMIT);
    SIM_ASSERT(config->quantum_cycles > 0);
    struct sched_vrr *r =
        arena_alloc(arena, sizeof(*r), alignof(struct sched_vrr));
    struct vmlink *links =
        arena_alloc(arena, config->vm_limit * sizeof(*links), alignof(vmid_t));
    struct vrr_vm *vms =
        arena_alloc(arena, config->vm_limit * sizeof(*vms), alignof(int64_t));
    if (!r || !links || !vms) {
        return NULL;
    }
    *r = (struct sched_vrr){
        .base.policy = &sched_vrr,
        .quantum_cycles = config->quantum_cycles,
        .vm_limit = config->vm_limit,
        .preferred = VMLIST_EMPTY,
        .others = VMLIST_EMPTY,
        .links = links,
        .vms = vms,
    };
    return &r->base;
}

static struct vmlist *queue_of(struct sched_vrr *r, const struct vrr_vm *v)
{
    return v->is_preferred ? &r->preferred : &r->others;
}

static struct sched_place vrr_ready(struct sched *s, vmid_t vm)
{
    struct sched_vrr *r = vrr_of(s);
    SIM_ASSERT(vm < r->vm_limit);
    struct vrr_vm *v = &r->vms[vm];
    SIM_ASSERT(!v->is_ready);
    v->is_ready = true;
    vmlist_push(queue_of(r, v), r->links, vm);
    uint64_t half = v->is_preferred ? 0 : SCHED_OTHERS_KEY;
    return (struct sched_place){ half | r->arrivals++, v->is_preferred };
}

static void vrr_remove(struct sched *s, vmid_t vm)
{
    struct sched_vrr *r = vrr_of(s);
    SIM_ASSERT(vm < r->vm_limit);
    struct vrr_vm *v = &r->vms[vm];
    SIM_ASSERT(v->is_ready);
    v->is_ready = false;
    vmlist_remove(queue_of(r, v), r->links, vm);
}

static struct sched_choice vrr_pick(struct sched *s)
{
    struct sched_vrr *r = vrr_of(s);
    bool others_wait = !vmlist_is_empty(&r->others);
    vmid_t vm =
        vmlist_is_empty(&r->preferred) ? r->others.head : r->preferred.head;
    if (vm == VM_NONE) {
        return (struct sched_choice){ .vm = VM_NONE };
    }
    vrr_remove(s, vm);
    const struct vrr_vm *v = &r->vms[vm];
    return (struct sched_choice){
        .vm = vm,
        .quantum_cycles = quantum_next(r->quantum_cycles, v->carry),
        .is_preferred = v->is_preferred && others_wait,
    };
}

static struct sched_choice vrr_take(struct sched *s, vmid_t vm)
{
    struct sched_vrr *r = vrr_of(s);
    vrr_remove(s, vm);
    struct sched_choice choice = {
        .vm = vm,
        .quantum_cycles = quantum_whole(r->quantum_cycles, r->vms[vm].carry),
    };
    r->vms[vm].is_preferred = false; /* A turn of its own. */
    return choice;
}

static void vrr_stop(struct sched *s, vmid_t vm, enum sched_stop why,
                     uint64_t granted, uint64_t used)
{
    struct sched_vrr *r = vrr_of(s);
    SIM_ASSERT(vm < r->vm_limit);
    struct vrr_vm *v = &r->vms[vm];
    SIM_ASSERT(!v->is_ready);
    int64_t left = quantum_left(granted, used);
    v->is_preferred = why == SCHED_STOP_IDLE && left > 0;
    v->carry = v->is_preferred ? left : quantum_carry(why, left);
}

const struct sched_policy sched_vrr = {
    .name = "virtual-round-robin",
    .summary = "in turns; who idled early goes first with its rest",
    .create = vrr_create,
    .ready = vrr_ready,
    .remove = vrr_remove,
    .pick = vrr_pick,
    .take = vrr_take,
    .stop = vrr_stop,
};
