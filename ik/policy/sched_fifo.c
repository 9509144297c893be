/*
 * sched_fifo.c - first come, first served: a VM runs until it idles, waits for
 * a page or ends; then whoever has been ready longest. The oldest rule there
 * is, and what a cooperative system has.
 *
 * The quantum still ends, since leases and the supervisor look there, but the
 * VM goes on at once with another. An overrun is taken from the next one.
 *
 * Bound: none. A VM that never idles keeps all others from the processor, but
 * for the gate: when others wait to be admitted, its lease ends. Where all do
 * idle, a VM that finds N before it waits for N turns, however long they are.
 *
 * Weakness: just that; and short turns wait behind long ones (a convoy).
 * Strength: the fewest switches.
 */
#include "ik/policy/policies.h"
#include "ik/policy/quantum.h"
#include "ik/queue/vmlist.h"
#include "sim/arena.h"

struct fifo_vm {
    uint64_t debt; /* Cycles that it overran. */
    bool is_ready;
};

struct sched_fifo {
    struct sched base;
    uint64_t quantum_cycles;
    uint64_t arrivals; /* In the queue, so far. */
    vmid_t vm_limit;
    vmid_t at_work; /* Its quantum ended, its turn did not; VM_NONE: nobody. */
    struct vmlist queue;
    struct vmlink *links; /* By VM number. */
    struct fifo_vm *vms;
};

static struct sched_fifo *fifo_of(struct sched *s)
{
    SIM_ASSERT(s->policy == &sched_fifo);
    return CONTAINER_OF(s, struct sched_fifo, base);
}

static struct sched *fifo_create(const struct sched_policy *self,
                                 struct arena *arena,
                                 const struct sched_config *config)
{
    SIM_ASSERT(config->vm_limit > 0);
    SIM_ASSERT(config->vm_limit <= VM_LIMIT);
    SIM_ASSERT(config->quantum_cycles > 0);
    struct sched_fifo *f =
        arena_alloc(arena, sizeof(*f), alignof(struct sched_fifo));
    struct vmlink *links =
        arena_alloc(arena, config->vm_limit * sizeof(*links), alignof(vmid_t));
    struct fifo_vm *vms =
        arena_alloc(arena, config->vm_limit * sizeof(*vms), alignof(uint64_t));
    if (!f || !links || !vms) {
        return NULL;
    }
    *f = (struct sched_fifo){
        .base.policy = self,
        .quantum_cycles = config->quantum_cycles,
        .vm_limit = config->vm_limit,
        .at_work = VM_NONE,
        .queue = VMLIST_EMPTY,
        .links = links,
        .vms = vms,
    };
    return &f->base;
}

static struct sched_place fifo_ready(struct sched *s, vmid_t vm)
{
    struct sched_fifo *f = fifo_of(s);
    SIM_ASSERT(vm < f->vm_limit);
    SIM_ASSERT(!f->vms[vm].is_ready);
    f->vms[vm].is_ready = true;
    if (vm == f->at_work) {
        return (struct sched_place){ .key = 0 }; /* Before the whole queue. */
    }
    vmlist_push(&f->queue, f->links, vm);
    return (struct sched_place){ .key = ++f->arrivals };
}

static void fifo_remove(struct sched *s, vmid_t vm)
{
    struct sched_fifo *f = fifo_of(s);
    SIM_ASSERT(vm < f->vm_limit);
    SIM_ASSERT(f->vms[vm].is_ready);
    f->vms[vm].is_ready = false;
    if (vm == f->at_work) {
        f->at_work = VM_NONE;
    } else {
        vmlist_remove(&f->queue, f->links, vm);
    }
}

/* Out of turn or not: from now on it is a turn. */
static struct sched_choice fifo_take(struct sched *s, vmid_t vm)
{
    struct sched_fifo *f = fifo_of(s);
    fifo_remove(s, vm);
    int64_t carry = -(int64_t)f->vms[vm].debt;
    return (struct sched_choice){
        .vm = vm,
        .quantum_cycles = quantum_whole(f->quantum_cycles, carry),
    };
}

static struct sched_choice fifo_pick(struct sched *s)
{
    const struct sched_fifo *f = fifo_of(s);
    vmid_t vm = f->at_work != VM_NONE ? f->at_work : f->queue.head;
    if (vm == VM_NONE) {
        return (struct sched_choice){ .vm = VM_NONE };
    }
    return fifo_take(s, vm);
}

/* The first to end a quantum goes on; were there any set aside, after them. */
static void fifo_stop(struct sched *s, vmid_t vm, enum sched_stop why,
                      uint64_t granted, uint64_t used)
{
    struct sched_fifo *f = fifo_of(s);
    SIM_ASSERT(vm < f->vm_limit);
    SIM_ASSERT(!f->vms[vm].is_ready);
    f->vms[vm].debt = used > granted ? used - granted : 0;
    if (why == SCHED_STOP_QUANTUM && f->at_work == VM_NONE) {
        f->at_work = vm;
    }
}

const struct sched_policy sched_fifo = {
    .facts = {
        .name = "fifo",
        .summary = "first come, first served, for as long as it runs",
        .source = "Arpaci-Dusseau and Arpaci-Dusseau, Operating Systems: "
                  "Three Easy Pieces, chapter 7 (first in, first out)",
        .differs = "Quanta end, since leases and the supervisor look there; "
                   "the VM goes on at once with another.",
    },
    .promises = {
        .is_ordered = true,
        .can_be_gamed = true,
    },
    .create = fifo_create,
    .ready = fifo_ready,
    .remove = fifo_remove,
    .pick = fifo_pick,
    .take = fifo_take,
    .stop = fifo_stop,
};
