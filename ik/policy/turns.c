/* turns.c - see turns.h. */
#include "ik/policy/turns.h"

#include "ik/policy/quantum.h"
#include "sim/arena.h"

bool turns_init(struct turns *t, struct arena *arena,
                const struct sched_config *config)
{
    SIM_ASSERT(config->vm_limit > 0);
    SIM_ASSERT(config->vm_limit <= VM_LIMIT);
    SIM_ASSERT(config->quantum_cycles > 0);
    *t = (struct turns){
        .quantum_cycles = config->quantum_cycles,
        .vm_limit = config->vm_limit,
        .preferred = VMLIST_EMPTY,
        .others = VMLIST_EMPTY,
    };
    t->links =
        arena_alloc(arena, t->vm_limit * sizeof(*t->links), alignof(vmid_t));
    t->vms =
        arena_alloc(arena, t->vm_limit * sizeof(*t->vms), alignof(int64_t));
    return t->links && t->vms;
}

static struct vmlist *queue_of(struct turns *t, const struct turns_vm *v)
{
    return v->is_preferred ? &t->preferred : &t->others;
}

struct sched_place turns_ready(struct turns *t, vmid_t vm)
{
    SIM_ASSERT(vm < t->vm_limit);
    struct turns_vm *v = &t->vms[vm];
    SIM_ASSERT(!v->is_ready);
    v->is_ready = true;
    vmlist_push(queue_of(t, v), t->links, vm);
    uint64_t half = v->is_preferred ? 0 : SCHED_OTHERS_KEY;
    return (struct sched_place){ half | t->arrivals++, v->is_preferred };
}

void turns_remove(struct turns *t, vmid_t vm)
{
    SIM_ASSERT(vm < t->vm_limit);
    struct turns_vm *v = &t->vms[vm];
    SIM_ASSERT(v->is_ready);
    v->is_ready = false;
    vmlist_remove(queue_of(t, v), t->links, vm);
}

struct sched_choice turns_pick(struct turns *t, const struct vmlist *queue)
{
    SIM_ASSERT(!vmlist_is_empty(queue));
    vmid_t vm = queue->head;
    bool others_wait = !vmlist_is_empty(&t->others);
    turns_remove(t, vm);
    const struct turns_vm *v = &t->vms[vm];
    return (struct sched_choice){
        .vm = vm,
        .quantum_cycles = quantum_next(t->quantum_cycles, v->carry),
        .is_preferred = v->is_preferred && others_wait,
    };
}

struct sched_choice turns_take(struct turns *t, vmid_t vm)
{
    turns_remove(t, vm);
    return (struct sched_choice){
        .vm = vm,
        .quantum_cycles = quantum_whole(t->quantum_cycles, t->vms[vm].carry),
    };
}

void turns_stop(struct turns *t, vmid_t vm, enum sched_stop why, int64_t left)
{
    SIM_ASSERT(vm < t->vm_limit);
    struct turns_vm *v = &t->vms[vm];
    SIM_ASSERT(!v->is_ready);
    v->carry = quantum_carry(why, left);
    v->is_preferred = why == SCHED_STOP_IDLE && left > 0;
}
