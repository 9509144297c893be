/*
 * sched_fair.c - virtual runtime: as in Linux's CFS of 2007 (Molnar), which
 * has it from fair queueing (Nagle; Demers, Keshav and Shenker).
 *
 * A VM's virtual runtime is the cycles it used, divided by its shares. The
 * ready VM that has least runs next, for its part of a period of `period`
 * quanta, at least 1 / SLICE_LEAST of a quantum and at most a whole one. One
 * that idled or waited for a page comes back with at most half a quantum of
 * credit; what it missed beyond that is lost. New ones start level with the
 * last choice. Whatever a VM runs is charged as it is used, overruns too.
 *
 * A VM that becomes ready preempts the one that runs if that is ahead by more
 * than 1 / SLICE_LEAST of a quantum, as CFS has it. With `preempt: false` it
 * waits for the end of the slice.
 *
 * Bounds: with Q a quantum and its overrun, while both are ready all the time,
 * |used_i / shares_i - used_j / shares_j| <= Q / shares_i + Q / shares_j.
 * Virtual runtimes only grow, and nobody comes in further behind than its
 * credit: so a VM with s of all VMs' S shares runs after the N others have
 * used at most Q S / s + 3/2 N Q cycles. Nobody starves.
 *
 * Weakness: the credit is for having slept, whatever for: those who sleep
 * often get a little more than their shares, at most half a quantum each time.
 */
#include "ik/policy/policies.h"
#include "ik/policy/quantum.h"
#include "ik/queue/vmheap.h"
#include "sim/arena.h"

#define RUNTIME_ONE 1000u /* Virtual runtime of a cycle at one share. */
#define SLICE_LEAST 8u    /* Of a quantum. */

struct fair_vm {
    uint64_t runtime; /* Virtual. */
    uint32_t shares;
    bool is_ready;
    bool was_away;  /* Since it last ran: it slept, was sent back to the gate,
                       or is new. */
    bool has_slept; /* Likewise: it idled, or waited for a page. */
};

struct sched_fair {
    struct sched base;
    uint64_t quantum_cycles;
    struct policy_host *host;
    uint64_t period; /* Quanta. */
    bool preempts;
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

static struct sched *fair_create(const struct sched_policy *self,
                                 struct arena *arena,
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
        .base.policy = self,
        .quantum_cycles = config->quantum_cycles,
        .host = config->host,
        .period = policy_arg(config->host, &self->facts, "period"),
        .preempts = policy_arg(config->host, &self->facts, "preempt") != 0,
        .vm_limit = config->vm_limit,
        .vms = vms,
    };
    for (vmid_t i = 0; i < config->vm_limit; i++) {
        vms[i].shares = sched_config_vm(config, i).shares;
        vms[i].was_away = true;
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
    uint64_t least = v->was_away ? fair_floor(f, v) : 0;
    v->runtime = v->runtime > least ? v->runtime : least;
    v->is_ready = true;
    f->ready_shares += v->shares;
    vmheap_push(&f->heap, vm, v->runtime);
    return (struct sched_place){ .key = v->runtime };
}

static void leave(struct sched_fair *f, vmid_t vm)
{
    SIM_ASSERT(vm < f->vm_limit);
    struct fair_vm *v = &f->vms[vm];
    SIM_ASSERT(v->is_ready);
    v->is_ready = false;
    f->ready_shares -= v->shares;
    vmheap_remove(&f->heap, vm);
}

static void fair_remove(struct sched *s, vmid_t vm)
{
    struct sched_fair *f = fair_of(s);
    leave(f, vm);
    f->vms[vm].was_away = true;
}

/* What the VM's virtual runtime is once it has used `used`. */
static uint64_t runtime_after(const struct fair_vm *v, uint64_t used)
{
    return v->runtime + (used * RUNTIME_ONE + v->shares - 1) / v->shares;
}

static bool fair_preempts(struct sched *s, vmid_t vm, vmid_t running,
                          uint64_t used)
{
    const struct sched_fair *f = fair_of(s);
    const struct fair_vm *v = &f->vms[vm];
    uint64_t theirs = runtime_after(&f->vms[running], used);
    uint64_t enough = f->quantum_cycles / SLICE_LEAST * RUNTIME_ONE / v->shares;
    if (!f->preempts || theirs <= v->runtime + enough) {
        return false;
    }
    policy_reason(f->host, 0, (theirs - v->runtime) / RUNTIME_ONE * v->shares);
    return true;
}

/* The part of a period that `shares` of the ready VMs' shares are worth. */
static uint64_t fair_slice(const struct sched_fair *f, uint32_t shares)
{
    uint64_t q = f->quantum_cycles;
    uint64_t all = f->ready_shares;
    uint64_t part = f->period * shares;
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
    leave(fair_of(s), vm);
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
    leave(f, vm);
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
    v->runtime = runtime_after(v, used);
    v->has_slept = why == SCHED_STOP_IDLE || why == SCHED_STOP_PAGING;
    v->was_away = v->has_slept || why == SCHED_STOP_LEASE;
}

static uint64_t fair_bound(const struct sched *s, uint32_t others)
{
    (void)s;
    return others + 1 + (3ull * others + 1) / 2;
}

static const char *const fair_reasons[] = {
    "it is behind the VM that runs, by %t at its shares",
    NULL,
};

static const struct policy_arg fair_args[] = {
    { "preempt", POLICY_FLAG, 0, 1, 1,
      "whether a VM that becomes ready preempts one that is ahead" },
    { "period", POLICY_NUMBER, 1, 10000, 4,
      "quanta in which every ready VM is to have its slice" },
    { .name = NULL },
};

const struct sched_policy sched_fair = {
    .facts = {
        .name = "fair",
        .summary = "least virtual runtime by vms[].shares; credit for sleep",
        .source = "Molnar, the Completely Fair Scheduler of Linux 2.6.23, "
                  "2007; its root is fair queueing: Nagle, RFC 970, 1985; "
                  "Demers, Keshav and Shenker, Analysis and Simulation of a "
                  "Fair Queueing Algorithm, SIGCOMM 1989",
        .differs = "One queue, no groups and no nice levels: shares stand for "
                   "weights. Credit for sleep is half a quantum of processor "
                   "time, and a page wait earns it like idling. A VM that "
                   "becomes ready preempts one that is ahead by more than 1/8 "
                   "of a quantum at its own shares; with `preempt: false` it "
                   "never does.",
        .args = fair_args,
        .reasons = fair_reasons,
    },
    .promises = {
        .is_ordered = true,
        .shares = SCHED_SHARES_BOUNDED,
        .bound = fair_bound,
        .bound_text = "N + 1 + 3/2 N quanta with equal shares; else S / s + 3/2 N, "
                      "with s of all VMs' S shares",
    },
    .create = fair_create,
    .ready = fair_ready,
    .remove = fair_remove,
    .pick = fair_pick,
    .take = fair_take,
    .stop = fair_stop,
    .preempts = fair_preempts,
};
