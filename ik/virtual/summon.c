/* summon.c - see summon.h. */
#include "ik/virtual/summon.h"

#include "ik/memory/memory.h"
#include "ik/virtual/virq.h"

/* What becomes of a target. */
enum fate {
    FATE_RUNS,  /* Now. */
    FATE_WAITS, /* Until the running VM has run a block. */
    FATE_NONE,  /* Its interrupt is batched. */
};

static enum fate fate_of(struct kernel *k, struct vm *vm)
{
    bool is_ready = vm->state == VM_READY;
    if ((!is_ready && vm->state != VM_RUNNING) || !virq_is_deliverable(k, vm)) {
        return FATE_NONE;
    }
    bool is_free = k->turn.running == VM_NONE;
    if (k->config.scenario->interrupts == INTERRUPTS_NESTED) {
        return !is_ready || is_free || k->turn.has_run ? FATE_RUNS : FATE_WAITS;
    }
    if (!is_ready) {
        return FATE_RUNS;
    }
    bool is_next = vm->aside.is_aside;
    return !is_next && (is_free || !k->turn.is_summoned) ? FATE_RUNS
                                                         : FATE_NONE;
}

struct vm *summon_next(struct kernel *k)
{
    struct vmlist *targets = &k->summons.targets;
    for (vmid_t i = targets->head; i != VM_NONE;) {
        struct vm *vm = kernel_vm(k, i);
        enum fate fate = fate_of(k, vm);
        i = k->summons.links[i].next;
        if (fate == FATE_WAITS) {
            continue;
        }
        vmlist_remove(targets, k->summons.links, vm->id);
        vm->is_target = false;
        if (fate == FATE_RUNS) {
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
    struct vm *vm = kernel_vm(k, k->turn.running);
    SIM_ASSERT(!vm->aside.is_aside);
    memory_charge_touches(k, vm);
    kernel_tell_ran(k, vm);
    vm_enter(vm, VM_READY);
    vm->aside = (struct set_aside){
        .is_aside = true,
        .is_summoned = k->turn.is_summoned,
        .granted = k->turn.granted,
        .used = k->turn.used,
    };
    if (vm->aside.used >= vm->aside.granted) {
        /* The kernel's work for it has used its quantum up: it ends then. */
        vm->aside.granted = vm->aside.used + 1;
    }
    vmlist_push_front(&k->summons.aside, k->summons.aside_links, vm->id);
    k->turn.running = VM_NONE;
    kernel_emit(k, TRACE_EVENT(set_aside, vm->id, .quantum = k->turn.granted,
                               .used = k->turn.used));
}

void summon_take_out(struct kernel *k, struct vm *vm)
{
    SIM_ASSERT(vm->aside.is_aside);
    vm->aside.is_aside = false;
    vmlist_remove(&k->summons.aside, k->summons.aside_links, vm->id);
}
