/*
 * sched_rr_no_boost.c - plain round robin: every ready VM in its turn, a
 * quantum each. Denali's scheduler without its compensation for idlers, to
 * show what that is good for (OSDI 2002, section 3.2.1).
 *
 * A page fault keeps the rest of the quantum for the VM's next turn; an
 * overrun is taken from the next quantum.
 *
 * Bound: with N others ready or running, a VM runs after at most N quanta:
 * nobody starves. Weakness: that is also what a VM waits that needs a moment
 * to answer a packet; and turns are equal, not what they are used for: who
 * idles early gets less than its share, and nothing for it.
 */
#include "ik/policy/policies.h"
#include "ik/policy/quantum.h"
#include "ik/queue/vmlist.h"
#include "sim/arena.h"

struct plain_vm {
    int64_t carry; /* Cycles: > 0 what is left of a quantum, < 0 overrun. */
    bool is_ready;
};

struct sched_plain {
    struct sched base;
    uint64_t quantum_cycles;
    uint64_t arrivals; /* Of ready VMs, so far. */
    vmid_t vm_limit;
    struct vmlist queue;
    struct vmlink *links; /* By VM number. */
    struct plain_vm *vms;
};

static struct sched_plain *plain_of(struct sched *s)
{
    SIM_ASSERT(s->policy == &sched_rr_no_boost);
    return CONTAINER_OF(s, struct sched_plain, base);
}

static struct sched *plain_create(const struct sched_policy *self,
                                  struct arena *arena,
                                  const struct sched_config *config)
{
    SIM_ASSERT(config->vm_limit > 0);
    SIM_ASSERT(config->vm_limit <= VM_LIMIT);
    SIM_ASSERT(config->quantum_cycles > 0);
    struct sched_plain *p =
        arena_alloc(arena, sizeof(*p), alignof(struct sched_plain));
    struct vmlink *links =
        arena_alloc(arena, config->vm_limit * sizeof(*links), alignof(vmid_t));
    struct plain_vm *vms =
        arena_alloc(arena, config->vm_limit * sizeof(*vms), alignof(int64_t));
    if (!p || !links || !vms) {
        return NULL;
    }
    *p = (struct sched_plain){
        .base.policy = self,
        .quantum_cycles = config->quantum_cycles,
        .vm_limit = config->vm_limit,
        .queue = VMLIST_EMPTY,
        .links = links,
        .vms = vms,
    };
    return &p->base;
}

static struct sched_place plain_ready(struct sched *s, vmid_t vm)
{
    struct sched_plain *p = plain_of(s);
    SIM_ASSERT(vm < p->vm_limit);
    SIM_ASSERT(!p->vms[vm].is_ready);
    p->vms[vm].is_ready = true;
    vmlist_push(&p->queue, p->links, vm);
    return (struct sched_place){ .key = p->arrivals++ };
}

static void plain_remove(struct sched *s, vmid_t vm)
{
    struct sched_plain *p = plain_of(s);
    SIM_ASSERT(vm < p->vm_limit);
    SIM_ASSERT(p->vms[vm].is_ready);
    p->vms[vm].is_ready = false;
    vmlist_remove(&p->queue, p->links, vm);
}

static struct sched_choice plain_pick(struct sched *s)
{
    struct sched_plain *p = plain_of(s);
    vmid_t vm = p->queue.head;
    if (vm == VM_NONE) {
        return (struct sched_choice){ .vm = VM_NONE };
    }
    plain_remove(s, vm);
    return (struct sched_choice){
        .vm = vm,
        .quantum_cycles = quantum_next(p->quantum_cycles, p->vms[vm].carry),
    };
}

static struct sched_choice plain_take(struct sched *s, vmid_t vm)
{
    struct sched_plain *p = plain_of(s);
    plain_remove(s, vm);
    return (struct sched_choice){
        .vm = vm,
        .quantum_cycles = quantum_whole(p->quantum_cycles, p->vms[vm].carry),
    };
}

static void plain_stop(struct sched *s, vmid_t vm, enum sched_stop why,
                       uint64_t granted, uint64_t used)
{
    struct sched_plain *p = plain_of(s);
    SIM_ASSERT(vm < p->vm_limit);
    SIM_ASSERT(!p->vms[vm].is_ready);
    p->vms[vm].carry = quantum_carry(why, quantum_left(granted, used));
}

static uint64_t plain_bound(const struct sched *s, uint32_t others)
{
    (void)s;
    return others;
}

const struct sched_policy sched_rr_no_boost = {
    .facts = {
        .name = "round-robin-no-boost",
        .summary = "in turns; who idled early waits like any other",
        .source = "Arpaci-Dusseau and Arpaci-Dusseau, Operating Systems: "
                  "Three Easy Pieces, chapter 7 (round robin)",
        .differs = "A page fault keeps the rest of a quantum for the next "
                   "turn, and an overrun is taken from it; the book has "
                   "neither.",
    },
    .promises = {
        .is_ordered = true,
        .bound = plain_bound,
        .bound_text = "N quanta",
    },
    .create = plain_create,
    .ready = plain_ready,
    .remove = plain_remove,
    .pick = plain_pick,
    .take = plain_take,
    .stop = plain_stop,
};
