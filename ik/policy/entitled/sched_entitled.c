/*
 * sched_entitled.c - fair queueing by virtual runtime, as in sched_fair.c, in
 * which who causes the kernel's work pays for it, and who wakes waits for
 * nobody that has had more.
 *
 * A VM's virtual runtime is the cycles that were used for it, the kernel's
 * included, divided by its shares. The ready VM that has least runs next, until
 * it is a granule (1 / GRANULES of a quantum) ahead of the next, and for a whole
 * quantum at most. What the kernel does for a VM that does not run is a debt,
 * which is added when the VM becomes ready. One that was away comes back with
 * what it had, but at most a granule behind the last choice; what it missed
 * beyond that is lost, and what it owes it keeps. A VM that becomes ready
 * preempts the one that runs if that has had more.
 *
 * Bounds: as sched_fair.c for the shares of VMs that are always ready. While a
 * VM is ready, each of N others with equal shares comes in no further behind
 * than a granule and ends no further ahead than another: so N (1 + 2 / GRANULES)
 * quanta, after the VM has used one, and N / GRANULES * 2 when it wakes with less
 * than its part used and owes nothing. Nobody starves.
 *
 * Weakness: all VMs that are ready are within granules of each other, so many
 * that compute are switched often: each granule costs a switch.
 */
#include "ik/policy/policies.h"
#include "ik/queue/vmheap.h"
#include "sim/arena.h"

#define RUNTIME_ONE 1000u /* Virtual runtime of a cycle at one share. */
#define GRANULES    16u   /* Of a quantum. */

struct entitled_vm {
    uint64_t runtime; /* Virtual. */
    uint64_t debt;    /* Cycles of the kernel, not in the runtime yet. */
    uint32_t shares;
    bool is_ready;
};

struct sched_entitled {
    struct sched base;
    uint64_t quantum_cycles;
    uint64_t granule; /* Cycles. */
    struct policy_host *host;
    uint64_t level; /* Greatest virtual runtime of any choice. */
    vmid_t vm_limit;
    struct vmheap heap; /* The ready ones, by virtual runtime. */
    struct entitled_vm *vms;
};

static struct sched_entitled *entitled_of(struct sched *s)
{
    SIM_ASSERT(s->policy == &sched_entitled);
    return CONTAINER_OF(s, struct sched_entitled, base);
}

static struct sched *entitled_create(const struct sched_policy *self,
                                     struct arena *arena,
                                     const struct sched_config *config)
{
    SIM_ASSERT(config->vm_limit > 0 && config->vm_limit <= VM_LIMIT);
    SIM_ASSERT(config->quantum_cycles > 0);
    struct sched_entitled *e =
        arena_alloc(arena, sizeof(*e), alignof(struct sched_entitled));
    struct entitled_vm *vms =
        arena_alloc(arena, config->vm_limit * sizeof(*vms), alignof(uint64_t));
    if (!e || !vms) {
        return NULL;
    }
    *e = (struct sched_entitled){
        .base.policy = self,
        .quantum_cycles = config->quantum_cycles,
        .granule = (config->quantum_cycles + GRANULES - 1) / GRANULES,
        .host = config->host,
        .vm_limit = config->vm_limit,
        .vms = vms,
    };
    for (vmid_t i = 0; i < config->vm_limit; i++) {
        vms[i].shares = sched_config_vm(config, i).shares;
    }
    return vmheap_init(&e->heap, arena, config->vm_limit) ? &e->base : NULL;
}

/* Cycles of the VM's as virtual runtime. */
static uint64_t worth(const struct entitled_vm *v, uint64_t cycles)
{
    return (cycles * RUNTIME_ONE + v->shares - 1) / v->shares;
}

static struct sched_place entitled_ready(struct sched *s, vmid_t vm)
{
    struct sched_entitled *e = entitled_of(s);
    SIM_ASSERT(vm < e->vm_limit);
    struct entitled_vm *v = &e->vms[vm];
    SIM_ASSERT(!v->is_ready);
    uint64_t behind = worth(v, e->granule);
    uint64_t least = e->level > behind ? e->level - behind : 0;
    v->runtime = (v->runtime > least ? v->runtime : least) + worth(v, v->debt);
    v->debt = 0;
    v->is_ready = true;
    vmheap_push(&e->heap, vm, v->runtime);
    return (struct sched_place){ .key = v->runtime };
}

static void entitled_remove(struct sched *s, vmid_t vm)
{
    struct sched_entitled *e = entitled_of(s);
    SIM_ASSERT(vm < e->vm_limit);
    SIM_ASSERT(e->vms[vm].is_ready);
    e->vms[vm].is_ready = false;
    vmheap_remove(&e->heap, vm);
}

static struct sched_choice entitled_take(struct sched *s, vmid_t vm)
{
    entitled_remove(s, vm);
    return (struct sched_choice){
        .vm = vm,
        .quantum_cycles = entitled_of(s)->quantum_cycles,
    };
}

static struct sched_choice entitled_pick(struct sched *s)
{
    struct sched_entitled *e = entitled_of(s);
    vmid_t vm = vmheap_first(&e->heap);
    if (vm == VM_NONE) {
        return (struct sched_choice){ .vm = VM_NONE };
    }
    const struct entitled_vm *v = &e->vms[vm];
    struct sched_choice choice = entitled_take(s, vm);
    vmid_t next = vmheap_first(&e->heap);
    if (next != VM_NONE) {
        uint64_t behind = e->vms[next].runtime - v->runtime;
        uint64_t most = worth(v, e->quantum_cycles - e->granule);
        choice.quantum_cycles =
            behind < most ? behind / RUNTIME_ONE * v->shares + e->granule
                          : e->quantum_cycles;
    }
    if (choice.quantum_cycles > e->quantum_cycles) {
        choice.quantum_cycles = e->quantum_cycles;
    }
    e->level = v->runtime > e->level ? v->runtime : e->level;
    return choice;
}

static void entitled_stop(struct sched *s, vmid_t vm, enum sched_stop why,
                          uint64_t granted, uint64_t used)
{
    (void)why;
    (void)granted;
    struct sched_entitled *e = entitled_of(s);
    SIM_ASSERT(vm < e->vm_limit);
    SIM_ASSERT(!e->vms[vm].is_ready);
    e->vms[vm].runtime += worth(&e->vms[vm], used);
}

static bool entitled_preempts(struct sched *s, vmid_t vm, vmid_t running,
                              uint64_t used)
{
    const struct sched_entitled *e = entitled_of(s);
    const struct entitled_vm *v = &e->vms[vm];
    const struct entitled_vm *r = &e->vms[running];
    uint64_t theirs = r->runtime + worth(r, used);
    if (theirs <= v->runtime) {
        return false;
    }
    policy_reason(e->host, 0, (theirs - v->runtime) / RUNTIME_ONE * v->shares);
    return true;
}

static void entitled_charged(struct sched *s, vmid_t vm, uint64_t cycles)
{
    struct sched_entitled *e = entitled_of(s);
    SIM_ASSERT(vm < e->vm_limit);
    e->vms[vm].debt += cycles;
}

static uint64_t entitled_bound(const struct sched *s, uint32_t others)
{
    (void)s;
    return others + (2ull * others + GRANULES - 1) / GRANULES + 1;
}

static const char *const entitled_reasons[] = {
    "it is behind the VM that runs, by %t at its shares",
    NULL,
};

const struct sched_policy sched_entitled = {
    .facts = {
        .name = "entitled",
        .summary = "least virtual runtime, with the kernel's work for a VM",
        .source = "fair queueing: Demers, Keshav and Shenker, Analysis and "
                  "Simulation of a Fair Queueing Algorithm, SIGCOMM 1989; that "
                  "who causes the kernel's work is charged: Druschel and "
                  "Banga, Lazy Receiver Processing, OSDI 1996; Banga, Druschel "
                  "and Mogul, Resource Containers, OSDI 1999",
        .differs = "Charges to a VM that is ready count from when it becomes "
                   "ready the next time, so that its place stays.",
        .reasons = entitled_reasons,
    },
    .promises = {
        .is_ordered = true,
        .shares = SCHED_SHARES_BOUNDED,
        .bound = entitled_bound,
        .bound_text = "N + N / 8 + 1 quanta with equal shares, N / 8 rounded up",
    },
    .create = entitled_create,
    .ready = entitled_ready,
    .remove = entitled_remove,
    .pick = entitled_pick,
    .take = entitled_take,
    .stop = entitled_stop,
    .preempts = entitled_preempts,
    .charged = entitled_charged,
};
