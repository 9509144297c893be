/*
 * sched_fair.c - virtual runtime: as in Linux's CFS of 2007 (Molnar), which
 * has it from fair queueing (Nagle; Demers, Keshav and Shenker).
 *
 * A VM's virtual runtime is the cycles it used, divided by its shares. The
 * ready VM that has least runs next, for its part of a period of PERIOD
 * quanta, at least 1 / SLICE_LEAST of a quantum and at most a whole one. One
 * that idled or waited for a page comes back with at most half a quantum of
 * credit; what it missed beyond that is lost. New ones start level with the
 * last choice. Whatever a VM runs is charged as it is used, overruns too.
 *
 * Bounds: with Q a quantum and its overrun, while both are ready all the time,
 * |used_i / shares_i - used_j / shares_j| <= Q / shares_i + Q / shares_j.
 * Virtual runtimes only grow, and nobody comes in further behind than its
 * credit: so a VM with s of all VMs' S shares runs after the N others have
 * used at most Q S / s + 3/2 N Q cycles. Nobody starves.
 *
 * Weakness: the credit is for having slept, whatever for: those who sleep
 * often get a little more than their shares, at most half a quantum each time.
 * And there is no wake-up preemption, as CFS has it: the kernel asks only when
 * the processor is free.
 */
#include "ik/policy/policies.h"
#include "ik/policy/quantum.h"
#include "ik/queue/vmheap.h"
#include "sim/arena.h"

#define RUNTIME_ONE 1000u /* Virtual runtime of a cycle at one share. */
#define PERIOD      4u    /* Quanta. */
#define SLICE_LEAST 8u    /* Of a quantum. */

struct fair_vm {
    uint64_t runtime; /* Virtual. */
    uint32_t shares;
    bool is_ready;
    bool has_slept; /* Since it last ran. */
};

struct sched_fair {
    struct sched base;
    uint64_t quantum_cycles;
    uint64_t level;        /* Greatest virtual runtime of any choice. */
    uint64_t ready_shares; /* Of all ready VMs. */
    vmid_t vm_limit;
    struct vmheap heap; /* The ready ones, by virtual runtime. */
    struct fair_vm *vms;
};

static struct sched_fair *fair_of(struct sched *s)
{
    SIM_ASSERT(s->policy == &sched_fair);
    return CONTAINER_OF(s, struct sched_fair, base);
}

static struct sched *fair_create(struct arena *arena,
                                 const struct sched_config *config)
{
    SIM_ASSERT(config->vm_limit > 0);
    SIM_ASSERT(config->vm_limit <= VM_LIMIT);
    SIM_ASSERT(config->quantum_cycles > 0);
    struct sched_fair *f =
        arena_alloc(arena, sizeof(*f), alignof(struct sched_fair));
    struct fair_vm *vms =
        arena_alloc(arena, config->vm_limit * sizeof(*vms), alignof(uint64_t));
    if (!f || !vms) {
        return NULL;
    }
    *f = (struct sched_fair){
        .base.policy = &sched_fair,
        .quantum_cycles = config->quantum_cycles,
        .vm_limit = config->vm_limit,
        .vms = vms,
    };
    for (vmid_t i = 0; i < config->vm_limit; i++) {
        vms[i].shares = sched_config_vm(config, i).shares;
    }
    return vmheap_init(&f->heap, arena, config->vm_limit) ? &f->base : NULL;
}

/* The least virtual runtime with which the VM may come back. */
static uint64_t fair_floor(const struct sched_fair *f, const struct fair_vm *v)
{
    uint64_t credit =
        v->has_slept ? f->quantum_cycles / 2 * RUNTIME_ONE / v->shares : 0;
    return f->level > credit ? f->level - credit : 0;
}

static struct sched_place fair_ready(struct sched *s, vmid_t vm)
{
    struct sched_fair *f = fair_of(s);
    SIM_ASSERT(vm < f->vm_limit);
    struct fair_vm *v = &f->vms[vm];
    SIM_ASSERT(!v->is_ready);
    uint64_t least = fair_floor(f, v);
    v->runtime = v->runtime > least ? v->runtime : least;
    v->is_ready = true;
    f->ready_shares += v->shares;
    vmheap_push(&f->heap, vm, v->runtime);
    return (struct sched_place){ .key = v->runtime };
}

static void fair_remove(struct sched *s, vmid_t vm)
{
    struct sched_fair *f = fair_of(s);
    SIM_ASSERT(vm < f->vm_limit);
    struct fair_vm *v = &f->vms[vm];
    SIM_ASSERT(v->is_ready);
    v->is_ready = false;
    f->ready_shares -= v->shares;
    vmheap_remove(&f->heap, vm);
}

/* The part of a period that `shares` of the ready VMs' shares are worth. */
static uint64_t fair_slice(const struct sched_fair *f, uint32_t shares)
{
    uint64_t q = f->quantum_cycles;
    uint64_t all = f->ready_shares;
    uint64_t part = (uint64_t)PERIOD * shares;
    if (part >= all) {
        return q;
    }
    /* q * part / all, without overflow. */
    uint64_t slice = q / all * part + q % all * part / all;
    uint64_t least = q / SLICE_LEAST > 0 ? q / SLICE_LEAST : 1;
    return slice > least ? slice : least;
}

static struct sched_choice fair_take(struct sched *s, vmid_t vm)
{
    fair_remove(s, vm);
    return (struct sched_choice){
        .vm = vm,
        .quantum_cycles = fair_of(s)->quantum_cycles,
    };
}

static struct sched_choice fair_pick(struct sched *s)
{
    struct sched_fair *f = fair_of(s);
    vmid_t vm = vmheap_first(&f->heap);
    if (vm == VM_NONE) {
        return (struct sched_choice){ .vm = VM_NONE };
    }
    const struct fair_vm *v = &f->vms[vm];
    f->level = v->runtime > f->level ? v->runtime : f->level;
    struct sched_choice choice = {
        .vm = vm,
        .quantum_cycles = fair_slice(f, v->shares),
    };
    fair_remove(s, vm);
    return choice;
}

static void fair_stop(struct sched *s, vmid_t vm, enum sched_stop why,
                      uint64_t granted, uint64_t used)
{
    (void)granted;
    struct sched_fair *f = fair_of(s);
    SIM_ASSERT(vm < f->vm_limit);
    struct fair_vm *v = &f->vms[vm];
    SIM_ASSERT(!v->is_ready);
    v->runtime += (used * RUNTIME_ONE + v->shares - 1) / v->shares;
    v->has_slept = why == SCHED_STOP_IDLE || why == SCHED_STOP_PAGING;
}

const struct sched_policy sched_fair = {
    .name = "fair",
    .summary = "least virtual runtime by vms[].shares; credit for sleep",
    .create = fair_create,
    .ready = fair_ready,
    .remove = fair_remove,
    .pick = fair_pick,
    .take = fair_take,
    .stop = fair_stop,
};
