/*
 * sched_rr.c - Denali's scheduler: round robin, and whoever idled before its
 * quantum ended is preferred for its next one (OSDI 2002, section 3.2.1).
 *
 * Ready VMs wait in two queues. Preferred ones go first, but at most
 * PREFERRED_RUN in a row while another waits, so nobody starves: that bound is
 * ours, the paper does not say how it keeps its promise. A page fault keeps
 * the rest of the quantum, without preference; an overrun is taken from the
 * next quantum.
 *
 * Bounds, in quanta, the one that is running counted as a whole:
 *  - a preferred VM that finds P others preferred before it runs after at most
 *    P + P / PREFERRED_RUN + 2, whatever the number N of VMs that are ready;
 *    without the boost it would be N. This is what the boost is for;
 *  - one that finds O before it in the queue of the others runs after at most
 *    (PREFERRED_RUN + 1) * (O + 1).
 * With synchronous interrupts, what goes out of turn comes on top.
 *
 * Weakness: a VM that idles for a moment just before its quantum ends is
 * preferred again and again, each time for a whole quantum: beside N that
 * compute it takes half of the processor instead of 1 / (N + 1).
 */
#include "ik/policy/quantum.h"
#include "ik/policy/vmlist.h"
#include "ik/sched.h"
#include "sim/arena.h"

#define PREFERRED_RUN 16

struct rr_vm {
    int64_t carry; /* Cycles: > 0 what is left of a quantum, < 0 overrun. */
    bool is_preferred;
    bool is_ready;
};

struct sched_rr {
    struct sched base;
    uint64_t quantum_cycles;
    uint64_t arrivals; /* Of ready VMs, so far. */
    vmid_t vm_limit;
    uint32_t preferred_run; /* Preferred picks since the last other one. */
    struct vmlist preferred;
    struct vmlist others;
    struct vmlink *links; /* By VM number. */
    struct rr_vm *vms;
};

static struct sched_rr *rr_of(struct sched *s)
{
    SIM_ASSERT(s->policy == &sched_rr);
    return CONTAINER_OF(s, struct sched_rr, base);
}

static struct sched *rr_create(struct arena *arena,
                               const struct sched_config *config)
{
    SIM_ASSERT(config->vm_limit > 0);
    SIM_ASSERT(config->vm_limit <= VM_LIMIT);
    SIM_ASSERT(config->quantum_cycles > 0);
    struct sched_rr *rr =
        arena_alloc(arena, sizeof(*rr), alignof(struct sched_rr));
    struct vmlink *links =
        arena_alloc(arena, config->vm_limit * sizeof(*links), alignof(vmid_t));
    struct rr_vm *vms =
        arena_alloc(arena, config->vm_limit * sizeof(*vms), alignof(int64_t));
    if (!rr || !links || !vms) {
        return NULL;
    }
    *rr = (struct sched_rr){
        .base.policy = &sched_rr,
        .quantum_cycles = config->quantum_cycles,
        .vm_limit = config->vm_limit,
        .preferred = VMLIST_EMPTY,
        .others = VMLIST_EMPTY,
        .links = links,
        .vms = vms,
    };
    return &rr->base;
}

static struct vmlist *rr_queue_of(struct sched_rr *rr, const struct rr_vm *v)
{
    return v->is_preferred ? &rr->preferred : &rr->others;
}

static struct sched_place rr_ready(struct sched *s, vmid_t vm)
{
    struct sched_rr *rr = rr_of(s);
    SIM_ASSERT(vm < rr->vm_limit);
    struct rr_vm *v = &rr->vms[vm];
    SIM_ASSERT(!v->is_ready);
    v->is_ready = true;
    vmlist_push(rr_queue_of(rr, v), rr->links, vm);
    uint64_t half = v->is_preferred ? 0 : SCHED_OTHERS_KEY;
    return (struct sched_place){ half | rr->arrivals++, v->is_preferred };
}

static void rr_remove(struct sched *s, vmid_t vm)
{
    struct sched_rr *rr = rr_of(s);
    SIM_ASSERT(vm < rr->vm_limit);
    struct rr_vm *v = &rr->vms[vm];
    SIM_ASSERT(v->is_ready);
    v->is_ready = false;
    vmlist_remove(rr_queue_of(rr, v), rr->links, vm);
}

static struct sched_choice rr_pick(struct sched *s)
{
    struct sched_rr *rr = rr_of(s);
    bool others_wait = !vmlist_is_empty(&rr->others);
    bool prefer = !vmlist_is_empty(&rr->preferred) &&
                  (!others_wait || rr->preferred_run < PREFERRED_RUN);
    vmid_t vm = vmlist_pop(prefer ? &rr->preferred : &rr->others, rr->links);
    if (vm == VM_NONE) {
        return (struct sched_choice){ .vm = VM_NONE };
    }
    rr->preferred_run = prefer && others_wait ? rr->preferred_run + 1 : 0;
    struct rr_vm *v = &rr->vms[vm];
    struct sched_choice choice = {
        .vm = vm,
        .quantum_cycles = quantum_next(rr->quantum_cycles, v->carry),
        .is_preferred = prefer && others_wait,
    };
    *v = (struct rr_vm){ 0 };
    return choice;
}

static struct sched_choice rr_take(struct sched *s, vmid_t vm)
{
    struct sched_rr *rr = rr_of(s);
    rr_remove(s, vm);
    struct sched_choice choice = {
        .vm = vm,
        .quantum_cycles = quantum_whole(rr->quantum_cycles, rr->vms[vm].carry),
    };
    rr->vms[vm] = (struct rr_vm){ 0 };
    return choice;
}

static void rr_stop(struct sched *s, vmid_t vm, enum sched_stop why,
                    uint64_t granted, uint64_t used)
{
    struct sched_rr *rr = rr_of(s);
    SIM_ASSERT(vm < rr->vm_limit);
    struct rr_vm *v = &rr->vms[vm];
    SIM_ASSERT(!v->is_ready);
    int64_t left = quantum_left(granted, used);
    v->carry = quantum_carry(why, left);
    v->is_preferred = why == SCHED_STOP_IDLE && left > 0;
}

const struct sched_policy sched_rr = {
    .name = "round-robin",
    .summary = "in turns; who idled early goes first once (Denali)",
    .create = rr_create,
    .ready = rr_ready,
    .remove = rr_remove,
    .pick = rr_pick,
    .take = rr_take,
    .stop = rr_stop,
};
