/* summon.c - see summon.h. */
#include "ik/virtual/summon.h"

#include "ik/memory/memory.h"
#include "ik/virtual/virq.h"

static bool can_run_now(struct kernel *k, struct vm *vm)
{
    if (vm->state == VM_READY) {
        bool is_next = vm->id == k->summons.aside.vm;
        bool is_free = k->turn.running == VM_NONE || !k->turn.is_summoned;
        return is_free && !is_next && virq_is_deliverable(k, vm);
    }
    return vm->state == VM_RUNNING && virq_is_deliverable(k, vm);
}

struct vm *summon_next(struct kernel *k)
{
    while (!vmlist_is_empty(&k->summons.targets)) {
        struct vm *vm =
            kernel_vm(k, vmlist_pop(&k->summons.targets, k->summons.links));
        vm->is_target = false;
        if (can_run_now(k, vm)) {
            return vm;
        }
    }
    return NULL;
}

void summon_set_aside(struct kernel *k)
{
    if (k->turn.running == VM_NONE) {
        return;
    }
    SIM_ASSERT(k->summons.aside.vm == VM_NONE);
    struct vm *vm = kernel_vm(k, k->turn.running);
    memory_charge_touches(k, vm);
    kernel_tell_ran(k, vm);
    vm_enter(vm, VM_READY);
    k->summons.aside = (struct set_aside){
        .vm = vm->id,
        .granted = k->turn.granted,
        .used = k->turn.used,
    };
    k->turn.running = VM_NONE;
    kernel_emit(k, TRACE_EVENT(set_aside, vm->id, .quantum = k->turn.granted,
                               .used = k->turn.used));
}

struct set_aside summon_resume(struct kernel *k)
{
    struct set_aside aside = k->summons.aside;
    k->summons.aside = (struct set_aside){ .vm = VM_NONE };
    return aside;
}
