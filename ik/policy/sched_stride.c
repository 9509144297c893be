/*
 * sched_stride.c - stride scheduling: the ready VM whose pass is least runs,
 * and its pass grows by what it used, divided by its shares (Waldspurger and
 * Weihl, MIT/LCS/TM-528, 1995). Lottery scheduling without the luck.
 *
 * A VM that stops being ready leaves with its distance to the global pass and
 * comes back with the same, so idling neither saves up credit nor sheds what
 * it owes. The paper's global pass grows with all that is used, and drifts
 * from the VMs' when some end; ours is the pass of the last choice. Whatever
 * a VM runs, a fraction of a quantum or an overrun, is charged as it is used.
 *
 * Bounds: with Q a quantum and its overrun, while both are ready all the
 * time, |used_i / shares_i - used_j / shares_j| <= Q / shares_i + Q / shares_j.
 * A VM with s of all VMs' S shares runs after the N others have used at most
 * Q S / s + N Q cycles: nobody starves.
 *
 * Weakness: a VM that was idle has no advantage over those that were not, so
 * waking is slow when many are ready; and small shares run rarely, a whole
 * quantum each.
 */
#include "ik/policy/policies.h"
#include "ik/policy/quantum.h"
#include "ik/queue/vmheap.h"
#include "sim/arena.h"

#define STRIDE_ONE 1000u /* Pass of a cycle at one share. */

struct stride_vm {
    uint64_t pass; /* Valid while it is ready or runs. */
    uint64_t rest; /* Otherwise: its distance to the global pass. */
    uint32_t shares;
    bool is_ready;
};

struct sched_stride {
    struct sched base;
    uint64_t quantum_cycles;
    uint64_t global_pass; /* <= the pass of any VM that is ready or runs. */
    vmid_t vm_limit;
    struct vmheap heap; /* The ready ones, by pass. */
    struct stride_vm *vms;
};

static struct sched_stride *stride_of(struct sched *s)
{
    SIM_ASSERT(s->policy == &sched_stride);
    return CONTAINER_OF(s, struct sched_stride, base);
}

static struct sched *stride_create(const struct sched_policy *self,
                                   struct arena *arena,
                                   const struct sched_config *config)
{
    SIM_ASSERT(config->vm_limit > 0);
    SIM_ASSERT(config->vm_limit <= VM_LIMIT);
    SIM_ASSERT(config->quantum_cycles > 0);
    struct sched_stride *t =
        arena_alloc(arena, sizeof(*t), alignof(struct sched_stride));
    struct stride_vm *vms =
        arena_alloc(arena, config->vm_limit * sizeof(*vms), alignof(uint64_t));
    if (!t || !vms) {
        return NULL;
    }
    *t = (struct sched_stride){
        .base.policy = self,
        .quantum_cycles = config->quantum_cycles,
        .vm_limit = config->vm_limit,
        .vms = vms,
    };
    for (vmid_t i = 0; i < config->vm_limit; i++) {
        vms[i].shares = sched_config_vm(config, i).shares;
    }
    return vmheap_init(&t->heap, arena, config->vm_limit) ? &t->base : NULL;
}

static struct sched_place stride_ready(struct sched *s, vmid_t vm)
{
    struct sched_stride *t = stride_of(s);
    SIM_ASSERT(vm < t->vm_limit);
    struct stride_vm *v = &t->vms[vm];
    SIM_ASSERT(!v->is_ready);
    v->is_ready = true;
    v->pass = t->global_pass + v->rest;
    vmheap_push(&t->heap, vm, v->pass);
    return (struct sched_place){ .key = v->pass };
}

static void stride_remove(struct sched *s, vmid_t vm)
{
    struct sched_stride *t = stride_of(s);
    SIM_ASSERT(vm < t->vm_limit);
    SIM_ASSERT(t->vms[vm].is_ready);
    t->vms[vm].is_ready = false;
    vmheap_remove(&t->heap, vm);
}

/* Out of turn or not: what it uses is charged. */
static struct sched_choice stride_take(struct sched *s, vmid_t vm)
{
    stride_remove(s, vm);
    return (struct sched_choice){
        .vm = vm,
        .quantum_cycles = stride_of(s)->quantum_cycles,
    };
}

static struct sched_choice stride_pick(struct sched *s)
{
    struct sched_stride *t = stride_of(s);
    vmid_t vm = vmheap_first(&t->heap);
    if (vm == VM_NONE) {
        return (struct sched_choice){ .vm = VM_NONE };
    }
    SIM_ASSERT(t->vms[vm].pass >= t->global_pass);
    t->global_pass = t->vms[vm].pass;
    return stride_take(s, vm);
}

static void stride_stop(struct sched *s, vmid_t vm, enum sched_stop why,
                        uint64_t granted, uint64_t used)
{
    (void)why;
    (void)granted;
    struct sched_stride *t = stride_of(s);
    SIM_ASSERT(vm < t->vm_limit);
    struct stride_vm *v = &t->vms[vm];
    SIM_ASSERT(!v->is_ready);
    v->pass += (used * STRIDE_ONE + v->shares - 1) / v->shares;
    SIM_ASSERT(v->pass >= t->global_pass);
    v->rest = v->pass - t->global_pass;
}

static uint64_t stride_bound(const struct sched *s, uint32_t others)
{
    (void)s;
    return 2ull * others + 1;
}

const struct sched_policy sched_stride = {
    .facts = {
        .name = "stride",
        .summary = "who has used least for its vms[].shares runs next",
        .source = "Waldspurger and Weihl, Stride Scheduling: Deterministic "
                  "Proportional-Share Resource Management, MIT/LCS/TM-528, "
                  "1995",
        .differs = "The global pass is that of the last choice, since the "
                   "paper's, which grows with all that is used, drifts from "
                   "the VMs' when some end.",
    },
    .promises = {
        .is_ordered = true,
        .shares = SCHED_SHARES_BOUNDED,
        .bound = stride_bound,
        .bound_text = "2 N + 1 quanta with equal shares; else S / s + N, with s of all VMs' "
                      "S shares",
    },
    .create = stride_create,
    .ready = stride_ready,
    .remove = stride_remove,
    .pick = stride_pick,
    .take = stride_take,
    .stop = stride_stop,
};
