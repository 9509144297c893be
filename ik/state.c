/* state.c - see state.h. */
#include "ik/state.h"

#include <stdarg.h>
#include <stdio.h>

struct vm *kernel_vm(struct kernel *k, vmid_t vm)
{
    SIM_ASSERT(vm < k->vm_count);
    return &k->vms[vm];
}

void kernel_fail(struct kernel *k, const char *format, ...)
{
    if (k->failure[0] != '\0') {
        return;
    }
    va_list args;
    va_start(args, format);
    vsnprintf(k->failure, sizeof(k->failure), format, args);
    va_end(args);
}

/* How much of [from, to) lies in the measured window. */
static uint64_t in_window(const struct stats *s, uint64_t from, uint64_t to)
{
    uint64_t first = from > s->window_start ? from : s->window_start;
    uint64_t last = to < s->window_end ? to : s->window_end;
    return last > first ? last - first : 0;
}

/* The kernel's work for the VM, in the schedule. */
static void charge_schedule(struct kernel *k, const struct vm *vm,
                            uint64_t cycles)
{
    if (vm->id == k->turn.running) {
        k->turn.used += cycles;
    } else {
        k->sched->policy->charged(k->sched, vm->id, cycles);
    }
}

void kernel_charge(struct kernel *k, struct vm *vm, enum cpu_category category,
                   uint64_t cycles)
{
    struct stats *s = k->config.stats;
    s->cpu[category] += in_window(s, k->now, k->now + cycles);
    s->cpu_whole[category] += cycles;
    if (vm) {
        vm->cpu[category] += cycles;
    }
    /* What a guest runs and its virtual instructions take is used already. */
    if (vm && k->sched->policy->charged && category != CPU_GUEST &&
        category != CPU_PIO) {
        charge_schedule(k, vm, cycles);
    }
    k->now += cycles;
    if (category != CPU_GUEST && cycles > 0) {
        kernel_emit(k, TRACE_EVENT(charge, vm ? vm->id : TRACE_NO_VM,
                                   .cycles = cycles, .category = category));
    }
}

void kernel_tell_reason(struct kernel *k, enum policy_kind kind,
                        const struct vm *vm)
{
    struct kernel_host *h = &k->hosts[kind];
    if (h->has_reason) {
        h->has_reason = false;
        kernel_emit(k, TRACE_EVENT(reason, vm->id, .policy = kind,
                                   .which = h->reason, .value = h->value));
    }
}

void kernel_tell_ran(struct kernel *k, const struct vm *vm)
{
    const struct replace_policy *policy = k->replace->policy;
    if (policy->ran) {
        policy->ran(k->replace, vm->id, vm->cpu[CPU_GUEST]);
    }
}

/* Whether the VM that runs is to make room. A VM that was summoned is not
   to, nor one for which another is set aside: that one is the next to run. */
static bool preempts(struct kernel *k, vmid_t vm)
{
    const struct sched_policy *policy = k->sched->policy;
    return policy->preempts && k->turn.running != VM_NONE &&
           !k->turn.is_summoned && vmlist_is_empty(&k->summons.aside) &&
           policy->preempts(k->sched, vm, k->turn.running, k->turn.used);
}

void kernel_make_ready(struct kernel *k, struct vm *vm, enum ready_why why)
{
    vm_enter(vm, VM_READY);
    struct sched_place place = k->sched->policy->ready(k->sched, vm->id);
    kernel_emit(k, TRACE_EVENT(ready, vm->id, .key = place.key, .why = why,
                               .preferred = place.is_preferred));
    if (preempts(k, vm->id)) {
        k->turn.challenger = vm->id;
    }
    kernel_tell_reason(k, POLICY_SCHEDULER, vm);
}
