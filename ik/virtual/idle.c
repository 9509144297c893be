/* idle.c - see idle.h. */
#include "ik/virtual/idle.h"

#include "ik/admission.h"

void idle_expire(struct kernel *k, struct vm *vm, bool *flag)
{
    bool listed = vm->idle_expired || vm->alarm_expired;
    *flag = true;
    if (!listed) {
        vmlist_push(&k->timers.expired, k->timers.links, vm->id);
    }
}

/* A timer's `ctx` is the kernel: the VM is found around the timer. */
static void on_idle_timer(void *ctx, struct sim_timer *timer)
{
    struct vm *vm = CONTAINER_OF(timer, struct vm, idle_timer);
    idle_expire(ctx, vm, &vm->idle_expired);
}

void idle_init_vm(struct kernel *k, struct vm *vm)
{
    timer_init(&vm->idle_timer, on_idle_timer, k);
}

void idle_set_timer(struct kernel *k, struct sim_timer *timer,
                    uint64_t deadline_ns)
{
    timer_cancel(k->config.events, timer);
    uint64_t due = cycles_from_ns(deadline_ns, k->cpu_hz);
    if (due != TIME_NEVER) {
        timer_set(k->config.events, timer, due);
    }
}

void idle_begin(struct kernel *k, struct vm *vm, uint64_t deadline_ns)
{
    SIM_ASSERT(!vm->idle_expired); /* Served before any guest runs. */
    vm_enter(vm, VM_IDLE);
    vm->has_idled = true;
    if (vm->resident > 0) {
        vm->is_idler = true;
        vmlist_push(&k->paging.idlers, k->paging.links, vm->id);
        k->admission.is_stalled = false;
    }
    idle_set_timer(k, &vm->idle_timer, deadline_ns);
}

static void leave_idlers(struct kernel *k, struct vm *vm)
{
    if (vm->is_idler) {
        vm->is_idler = false;
        vmlist_remove(&k->paging.idlers, k->paging.links, vm->id);
    }
}

void idle_wake(struct kernel *k, struct vm *vm, uint32_t result)
{
    timer_cancel(k->config.events, &vm->idle_timer);
    leave_idlers(k, vm);
    vm->regs.gpr[CPU_EAX] = result;
    kernel_emit(k,
                TRACE_EVENT(wake, vm->id,
                            .why = result == ABI_IDLE_TIMEOUT ? WAKE_TIMEOUT
                                                              : WAKE_INTERRUPT,
                            .pending = vm->pending));
    admission_arrive(k, vm);
}

void idle_release_vm(struct kernel *k, struct vm *vm)
{
    timer_cancel(k->config.events, &vm->idle_timer);
    leave_idlers(k, vm);
}
