/* alarm.c - see alarm.h. */
#include "ik/devices/alarm.h"

#include "ik/devices/devices.h"
#include "ik/virtual/idle.h"
#include "ik/virtual/virq.h"

/* A timer's `ctx` is the kernel: the VM is found around the timer. */
static void on_alarm(void *ctx, struct sim_timer *timer)
{
    struct vm *vm = CONTAINER_OF(timer, struct vm, alarm);
    idle_expire(ctx, vm, &vm->alarm_expired);
}

void alarm_serve_expired(struct kernel *k)
{
    bool charged = false;
    while (!vmlist_is_empty(&k->timers.expired)) {
        struct vm *vm =
            kernel_vm(k, vmlist_pop(&k->timers.expired, k->timers.links));
        bool idle_expired = vm->idle_expired;
        bool alarm_expired = vm->alarm_expired;
        vm->idle_expired = false;
        vm->alarm_expired = false;
        if (vm->state == VM_DEAD) {
            continue;
        }
        if (!charged) {
            kernel_charge(k, vm, CPU_INTERRUPT, k->costs->interrupt);
            charged = true;
        }
        if (alarm_expired) {
            virq_raise(k, vm, ABI_IRQ_ALARM);
        }
        /* The alarm, or a packet in between, may have woken it already. */
        if (idle_expired && vm->state == VM_IDLE) {
            idle_wake(k, vm, ABI_IDLE_TIMEOUT);
        }
    }
}

/* ---- The device --------------------------------------------------------- */

static void alarm_begin(struct kernel *k, struct vm *vm)
{
    timer_init(&vm->alarm, on_alarm, k);
}

static void alarm_end(struct kernel *k, struct vm *vm)
{
    timer_cancel(k->config.events, &vm->alarm);
}

/* Sets the VM's alarm; ABI_TIME_NEVER cancels it. */
static int32_t alarm_invoke(struct kernel *k, struct vm *vm,
                            const struct vinsn_args *a,
                            const struct vinsn_buffer *b)
{
    (void)b;
    idle_set_timer(k, &vm->alarm, a->time_ns);
    return 0;
}

static const struct vinsn alarm_insns[] = {
    { .vector = ABI_VI_ALARM,
      .entry = VINSN_ENTRY_TRAP,
      .invoke = alarm_invoke },
    { .invoke = NULL },
};

const struct device device_alarm = {
    .name = "alarm",
    .irqs = ABI_IRQ_ALARM,
    .insns = alarm_insns,
    .begin = alarm_begin,
    .end = alarm_end,
};
