/*
 * kernel.c - the loop: hardware first, then the gate, then one stretch of one
 * VM. See kernel.h.
 */
#include "ik/kernel.h"

#include "ik/admission.h"
#include "ik/devices/alarm.h"
#include "ik/devices/device.h"
#include "ik/devices/vnic.h"
#include "ik/lifecycle.h"
#include "ik/memory/memory.h"
#include "ik/memory/paging.h"
#include "ik/memory/pins.h"
#include "ik/memory/reclaim.h"
#include "ik/supervisor.h"
#include "ik/virtual/idle.h"
#include "ik/virtual/summon.h"
#include "ik/virtual/vinsn.h"
#include "ik/virtual/virq.h"
#include "ik/virtual/vregs.h"
#include "sim/quantity.h"
#include "sim/scenario/facts.h"

/* How many rounds of quanta of all VMs that are active others may have, while
   those that have not booted run no instruction. */
#define BOOT_ROUNDS 8

/* ---- Dispatch ----------------------------------------------------------- */

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* From here on a first touch is seen again. */
static void begin_epoch(struct kernel *k, const struct vm *vm)
{
    if (k->space.epoch == UINT32_MAX) {
        memory_renumber_epochs(k);
    }
    k->space.epoch++;
    k->space.epoch_is_stale = false;
    cpu_set_space(k->cpu, vm->image, vm->id);
}

static uint64_t left_of_quantum(const struct kernel *k)
{
    return k->turn.granted > k->turn.used ? k->turn.granted - k->turn.used : 0;
}

/* The running VM leaves the processor; its state is the caller's to set. */
static void deschedule(struct kernel *k, struct vm *vm, enum sched_stop why)
{
    SIM_ASSERT(k->turn.running == vm->id);
    k->sched->policy->stop(k->sched, vm->id, why, k->turn.granted,
                           k->turn.used);
    kernel_tell_reason(k, POLICY_SCHEDULER, vm);
    kernel_tell_ran(k, vm);
    k->turn.running = VM_NONE;
    k->admission.is_crowded &=
        why == SCHED_STOP_PAGING || why == SCHED_STOP_PREEMPTED;
}

/* The VM waits for a page; when the page is there, the VM tries its instruction
   or its delivery again. */
static void block(struct kernel *k, struct vm *vm)
{
    memory_charge_touches(k, vm);
    deschedule(k, vm, SCHED_STOP_PAGING);
    paging_begin_wait(k, vm);
}

/* The VM's memory is now the processor's address space. */
static void load_space(struct kernel *k, struct vm *vm)
{
    if (k->space.loaded == vm->id) {
        /* With a limit on its frames, each dispatch is seen to touch anew. */
        k->space.epoch_is_stale |= vm->frame_limit > 0;
        if (vm->has_idled) {
            kernel_charge(k, vm, CPU_SWITCH, k->costs->resume);
        }
        return;
    }
    vmid_t before = k->space.loaded;
    k->space.loaded = vm->id;
    begin_epoch(k, vm);
    k->space.switch_epoch = k->space.epoch;
    k->space.cold = 0;
    struct stats *s = k->config.stats;
    s->sched.switches += s->in_window;
    kernel_emit(k, TRACE_EVENT(switch, vm->id, .from = before,
                               .cycles = k->costs->switch_base));
    kernel_charge(k, vm, CPU_SWITCH, k->costs->switch_base);
}

/*
 * Brings the virtual registers up to date and delivers what is pending. The VM
 * may be dead afterwards, or wait for a page.
 */
static void prepare(struct kernel *k, struct vm *vm)
{
    if (memory_ensure(k, vm, ABI_VREGS_BASE, 1, CPU_READ) != MEMORY_OK) {
        block(k, vm);
        return;
    }
    vregs_update(k, vm, memory_register_page(k, vm));
    enum virq_result result = virq_deliver(k, vm);
    memory_charge_touches(k, vm);
    if (result == VIRQ_BLOCKED) {
        block(k, vm);
    } else if (result == VIRQ_BAD_STACK) {
        struct vm_ending ending = { .end = VM_END_DELIVERY,
                                    .detail = vm->regs.gpr[CPU_ESP] };
        lifecycle_end(k, vm, &ending);
    }
}

/* The VM, which was READY, runs: the rest of `granted` beyond `used`. */
static void begin_stretch(struct kernel *k, enum pick how, vmid_t id,
                          uint64_t granted, uint64_t used)
{
    struct vm *vm = kernel_vm(k, id);
    SIM_ASSERT(k->turn.running == VM_NONE);
    vm_enter(vm, VM_RUNNING);
    k->turn.running = vm->id;
    k->turn.is_summoned =
        how == PICK_SUMMONED || (how == PICK_RESUMED && vm->aside.is_summoned);
    k->turn.challenger = VM_NONE;
    k->turn.granted = granted;
    k->turn.used = used;
    k->turn.has_run = false;
    struct stats *s = k->config.stats;
    s->sched.boosts += s->in_window && how == PICK_PREFERRED;
    s->sched.summons += s->in_window && how == PICK_SUMMONED;
    kernel_emit(
        k, TRACE_EVENT(pick, vm->id, .quantum = granted - used, .why = how));
    load_space(k, vm);
    vm->has_idled = false;
    prepare(k, vm);
}

/* A VM that was set aside goes on with its turn. */
static void go_on(struct kernel *k, enum pick how, struct vm *vm)
{
    summon_take_out(k, vm);
    begin_stretch(k, how, vm->id, vm->aside.granted, vm->aside.used);
}

/* Gives the processor to the VM set aside last, or else to the scheduler's
   choice. False: nobody is ready. */
static bool dispatch(struct kernel *k)
{
    if (!vmlist_is_empty(&k->summons.aside)) {
        go_on(k, PICK_RESUMED, kernel_vm(k, k->summons.aside.head));
        return true;
    }
    struct sched_choice choice = k->sched->policy->pick(k->sched);
    if (choice.vm == VM_NONE) {
        return false; /* Nobody is ready, or the scheduler rests. */
    }
    kernel_tell_reason(k, POLICY_SCHEDULER, kernel_vm(k, choice.vm));
    begin_stretch(k, choice.is_preferred ? PICK_PREFERRED : PICK_NEXT,
                  choice.vm, choice.quantum_cycles, 0);
    return true;
}

/* Those for whom there is an interrupt go before all others: summon.h. */
static void serve_targets(struct kernel *k)
{
    for (struct vm *vm; (vm = summon_next(k)) != NULL;) {
        if (vm->state == VM_RUNNING) {
            prepare(k, vm);
            continue;
        }
        summon_set_aside(k);
        if (vm->aside.is_aside) {
            go_on(k, PICK_SUMMONED, vm);
            continue;
        }
        struct sched_choice choice = k->sched->policy->take(k->sched, vm->id);
        kernel_tell_reason(k, POLICY_SCHEDULER, vm);
        begin_stretch(k, PICK_SUMMONED, vm->id, choice.quantum_cycles, 0);
    }
}

/* The VM stops, but could run on: it is ready again, or back at the gate. */
static void requeue(struct kernel *k, struct vm *vm, enum sched_stop why,
                    enum ready_why ready)
{
    if (admission_lease_is_over(k, vm)) {
        deschedule(k, vm, SCHED_STOP_LEASE);
        kernel_emit(k, TRACE_EVENT(lease_end, vm->id,
                                   .admitted = k->now - vm->admitted));
        admission_end(k, vm);
        admission_arrive(k, vm);
        return;
    }
    deschedule(k, vm, why);
    kernel_make_ready(k, vm, ready);
}

static void end_quantum(struct kernel *k, struct vm *vm)
{
    struct stats *s = k->config.stats;
    s->sched.preemptions += s->in_window;
    kernel_emit(k, TRACE_EVENT(preempt, vm->id,
                               .overrun = k->turn.used - k->turn.granted));
    kernel_charge(k, vm, CPU_INTERRUPT, k->costs->interrupt);
    requeue(k, vm, SCHED_STOP_QUANTUM, READY_QUANTUM);
}

/* The running VM makes room for one that became ready, if there is one. What
   made that one ready has been charged. */
static void serve_challenger(struct kernel *k)
{
    vmid_t to = k->turn.challenger;
    k->turn.challenger = VM_NONE;
    if (k->turn.running == VM_NONE || to == VM_NONE ||
        kernel_vm(k, to)->state != VM_READY) {
        return;
    }
    struct vm *vm = kernel_vm(k, k->turn.running);
    struct stats *s = k->config.stats;
    s->sched.wake_preemptions += s->in_window;
    memory_charge_touches(k, vm);
    kernel_emit(
        k, TRACE_EVENT(give_way, vm->id, .to = to, .left = left_of_quantum(k)));
    requeue(k, vm, SCHED_STOP_PREEMPTED, READY_PREEMPTED);
}

/* ---- What the processor came out with ----------------------------------- */

static void begin_idle(struct kernel *k, struct vm *vm, uint64_t deadline_ns)
{
    struct stats *s = k->config.stats;
    s->sched.idles += s->in_window;
    kernel_emit(k,
                TRACE_EVENT(idle, vm->id,
                            .deadline = cycles_from_ns(deadline_ns, k->cpu_hz),
                            .left = left_of_quantum(k)));
    deschedule(k, vm, SCHED_STOP_IDLE);
    admission_end(k, vm);
    idle_begin(k, vm, deadline_ns);
}

static void serve_vinsn(struct kernel *k, struct vm *vm, uint8_t vector)
{
    uint64_t deadline_ns = 0;
    switch (vinsn_execute(k, vm, vector, &deadline_ns)) {
    case VINSN_DONE:
        if (vector == ABI_VI_IDLE) {
            prepare(k, vm);
        } else if (vm->ptes[0].flags & PTE_PRESENT) {
            /* If it is not, it will be up to date when it comes in. */
            vregs_update(k, vm, memory_register_page(k, vm));
        }
        memory_charge_touches(k, vm);
        break;
    case VINSN_IDLE:
        memory_charge_touches(k, vm);
        begin_idle(k, vm, deadline_ns);
        break;
    case VINSN_TERMINATED: {
        struct vm_ending ending = { .end = VM_END_TERMINATE,
                                    .detail = vm->regs.gpr[CPU_EAX] };
        lifecycle_end(k, vm, &ending);
        break;
    }
    case VINSN_BLOCKED:
        block(k, vm);
        break;
    }
}

static void serve_exit(struct kernel *k, struct vm *vm,
                       const struct cpu_exit *out)
{
    struct vm_ending ending = { .end = VM_END_NONE };
    switch (out->kind) {
    case CPU_EXIT_BUDGET:
        break;
    case CPU_EXIT_VINSN:
        serve_vinsn(k, vm, out->vector);
        break;
    case CPU_EXIT_PAGE_FAULT:
        switch (memory_fault(k, vm, out->va, out->access)) {
        case MEMORY_OK:
            break;
        case MEMORY_ILLEGAL:
            ending = (struct vm_ending){ VM_END_ADDRESS, out->va, NULL };
            break;
        case MEMORY_BLOCKED:
            block(k, vm);
            break;
        }
        break;
    case CPU_EXIT_EXCEPTION:
        ending = (struct vm_ending){ VM_END_EXCEPTION, out->vector, NULL };
        break;
    case CPU_EXIT_REFUSED:
        ending = (struct vm_ending){ VM_END_REFUSED, out->va, out->refusal };
        k->config.stats->vms.refused_by_engine += out->is_listed;
        break;
    }
    if (ending.end == VM_END_EXCEPTION || ending.end == VM_END_REFUSED) {
        kernel_charge(k, vm, CPU_INTERRUPT, k->costs->trap);
    }
    if (ending.end != VM_END_NONE) {
        lifecycle_end(k, vm, &ending);
    }
}

/* The first target of a load that has not booted; NULL: all have. */
static const struct vm *find_target_in_boot(const struct kernel *k)
{
    for (vmid_t i = 0; i < k->vm_count; i++) {
        if (k->vms[i].awaited &&
            scenario_is_asked(k->config.scenario, k->vms[i].group)) {
            return &k->vms[i];
        }
    }
    return NULL;
}

/* The longest time for which a fair scheduler, and the gate if VMs wait there,
   may keep a VM from the processor. */
static uint64_t boot_patience(const struct kernel *k)
{
    const struct scenario *s = k->config.scenario;
    uint64_t active = 0;
    for (vmid_t i = 0; i < k->vm_count; i++) {
        active += k->vms[i].state != VM_IDLE && k->vms[i].state != VM_DEAD;
    }
    uint64_t leases = k->admission.waiting > 0 ? s->lease_ns : 0;
    return cycles_from_ns(leases, k->cpu_hz) +
           BOOT_ROUNDS * active * cycles_from_ns(s->quantum_ns, k->cpu_hz);
}

/* VMs that have booted keep the processor from the others. */
static void give_boot_up(struct kernel *k)
{
    const struct vm *target = find_target_in_boot(k);
    if (target) {
        double stall = (double)ns_from_cycles(k->boot_stall, k->cpu_hz);
        kernel_fail(k,
                    "boot gets nowhere: %u of %u VMs have not booted, among "
                    "them %s, and for %s others alone have been on the "
                    "processor (kernel.scheduler is %s)",
                    k->awaiting_boot, k->alive,
                    vm_name(&k->config.scenario->roster, target->id).chars,
                    quantity_time(stall).chars, k->config.scenario->scheduler);
        return;
    }
    for (vmid_t i = 0; i < k->vm_count; i++) {
        lifecycle_boots(k, &k->vms[i]);
    }
}

/*
 * The VM has run for so many cycles, in which it may have done enough to have
 * booted. In the end all have, unless those that never idle leave them no time;
 * while a disk works someone may wait for it.
 */
static void check_boot(struct kernel *k, struct vm *vm, uint64_t cycles)
{
    if (k->awaiting_boot == 0) {
        return;
    }
    bool is_progress = (vm->awaited && cycles > 0) || k->transfers.in_flight;
    k->boot_stall = is_progress ? 0 : k->boot_stall + cycles;
    if (vm->insns >= k->config.scenario->boot_instructions) {
        lifecycle_boots(k, vm);
    }
    uint64_t quantum =
        cycles_from_ns(k->config.scenario->quantum_ns, k->cpu_hz);
    if (k->boot_stall > BOOT_ROUNDS * quantum &&
        k->boot_stall > boot_patience(k)) {
        give_boot_up(k);
    }
}

/* Runs the running VM until its quantum ends, or cycle `until`. */
static void run_stretch(struct kernel *k, uint64_t until)
{
    struct vm *vm = kernel_vm(k, k->turn.running);
    uint64_t budget = earlier(left_of_quantum(k), until - k->now);
    if (k->space.epoch_is_stale) {
        begin_epoch(k, vm);
    }
    if (k->config.step) {
        cpu_follow(k->cpu, vm->id == k->config.followed);
    }
    struct cpu_exit out;
    cpu_run(k->cpu, &vm->regs, budget, &out);
    struct stats *s = k->config.stats;
    s->guest.instructions += out.insns;
    s->guest.blocks += out.blocks;
    vm->insns += out.insns;
    k->turn.used += out.cycles;
    k->turn.has_run |= out.cycles > 0;
    kernel_charge(k, vm, CPU_GUEST, out.cycles);
    kernel_emit(
        k, TRACE_EVENT(run, vm->id, .insns = out.insns, .cycles = out.cycles));
    if (out.kind != CPU_EXIT_BUDGET) {
        kernel_emit(k, TRACE_EVENT(exit, vm->id, .why = out.kind,
                                   .vector = out.vector, .eip = vm->regs.eip));
    }
    memory_charge_touches(k, vm);
    if (out.insns > 0) {
        pins_release(k, vm); /* What those pages were for has been done. */
    }
    serve_exit(k, vm, &out);
    check_boot(k, vm, out.cycles);
    if (k->turn.running == vm->id && k->turn.used >= k->turn.granted) {
        end_quantum(k, vm);
    }
}

/* ---- The loop ----------------------------------------------------------- */

/* Hands finished transfers to their parts: one disk interrupt for all. */
static void serve_transfers(struct kernel *k)
{
    bool charged = false;
    for (struct transfer *x;
         (x = transfer_next_finished(&k->transfers)) != NULL;) {
        struct vm *vm = x->vm == VM_NONE ? NULL : kernel_vm(k, x->vm);
        kernel_charge(k, vm, CPU_INTERRUPT,
                      k->costs->disk_request +
                          (charged ? 0 : k->costs->interrupt));
        charged = true;
        kernel_emit(k, TRACE_EVENT(disk_done, x->vm, TRANSFER_FIELDS(k, x)));
        switch (x->kind) {
        case TRANSFER_PAGE_IN:
            paging_finish_in(k, x);
            break;
        case TRANSFER_PAGE_OUT:
            paging_finish_out(k, x);
            break;
        case TRANSFER_DEVICE_READ:
        case TRANSFER_DEVICE_WRITE:
            x->device->finish(k, x);
            break;
        case TRANSFER_IMAGE:
            supervisor_finish(k->supervisor, x);
            break;
        }
        transfer_put(&k->transfers, x);
        k->paging.frame_news = true;
        k->admission.is_stalled = false;
    }
}

static void serve_hardware(struct kernel *k)
{
    while (events_fire_next(k->config.events, k->now)) {
    }
    alarm_serve_expired(k);
    vnic_serve(k);
    serve_transfers(k);
    supervisor_serve(k->supervisor);
}

static bool hardware_waits(const struct kernel *k)
{
    return events_next_due(k->config.events) <= k->now ||
           !vmlist_is_empty(&k->timers.expired) || vnic_waits(k) ||
           k->transfers.finished_head || supervisor_has_work(k->supervisor);
}

static void pass_time(struct kernel *k, uint64_t until)
{
    if (until > k->now) {
        kernel_charge(k, NULL, CPU_IDLE, until - k->now);
    }
}

/* Nobody can run: time passes until the next event, or the slot closes. False:
   there is none. */
static bool wait_for_event(struct kernel *k, uint64_t until, uint64_t close)
{
    uint64_t next = earlier(events_next_due(k->config.events), until);
    if (next == TIME_NEVER) {
        return false;
    }
    pass_time(k, earlier(next, close));
    return true;
}

/* The processor is others', who leave nothing in it, until the next slot. What is
   due waits. */
static void wait_for_slot(struct kernel *k, uint64_t until)
{
    uint64_t next = slots_next(&k->slots, k->now);
    pass_time(k, earlier(next, until));
    k->space.loaded = VM_NONE;
    if (k->now == next && k->turn.running != VM_NONE) {
        load_space(k, kernel_vm(k, k->turn.running));
    }
}

/* Admits VMs; those that wait for memory get frames of VMs that do not run. */
static void serve_gate(struct kernel *k)
{
    while (!admission_run(k)) {
        if (k->admission.is_stalled || !reclaim_frames(k)) {
            admission_stall(k);
            return;
        }
    }
}

/* The VM that has the processor, if one has, runs: until the next event, but
   for as long as VMs are owed. */
static void run_until_event(struct kernel *k, uint64_t until)
{
    uint64_t due = events_next_due(k->config.events);
    uint64_t owed = k->turn.owed > 0 ? k->now + k->turn.owed : 0;
    due = due > owed ? due : owed;
    if (k->turn.running != VM_NONE && due > k->now && until > k->now) {
        uint64_t end = earlier(due, until);
        /* A target waits until the VM has run a block, no longer. */
        bool is_hurried = !vmlist_is_empty(&k->summons.targets);
        run_stretch(k, is_hurried ? k->now + 1 : end);
    }
}

static enum kernel_stop step(struct kernel *k, uint64_t until)
{
    uint64_t from = k->now;
    uint64_t close = slots_close(&k->slots, from);
    if (close == from) {
        wait_for_slot(k, until);
    } else if (hardware_waits(k) && k->turn.owed == 0) {
        serve_hardware(k);
        k->turn.owed = k->config.receive->yields ? k->now - from : 0;
    } else {
        if (k->paging.frame_news) {
            supervisor_try_again(k->supervisor);
        }
        paging_wake_waiters(k);
        serve_gate(k);
        serve_targets(k);
        serve_challenger(k);
        if (k->turn.running != VM_NONE || dispatch(k)) {
            run_until_event(k, earlier(until, close));
            uint64_t had = k->now - from;
            k->turn.owed -= had < k->turn.owed ? had : k->turn.owed;
        } else if (k->turn.owed == 0 && !paging_break_deadlock(k) &&
                   !wait_for_event(k, until, close)) {
            return KERNEL_STUCK;
        } else {
            k->turn.owed = 0;
        }
    }
    if (close > from && k->now > slots_end(&k->slots, from)) {
        kernel_fail(k,
                    "what was begun in a slot took %llu cycles longer than "
                    "the slot: kernel.padding must be as much more",
                    (unsigned long long)(k->now - slots_end(&k->slots, from)));
    }
    if (k->config.audit) {
        k->config.audit(k);
    }
    return k->failure[0] == '\0' ? KERNEL_DONE : KERNEL_FAILED;
}

enum kernel_stop kernel_advance(struct kernel *k, uint64_t until,
                                kernel_until_fn *done, void *ctx)
{
    while (k->now < until) {
        if (done && done(ctx)) {
            return KERNEL_DONE;
        }
        k->steps++;
        enum kernel_stop stop = step(k, until);
        if (stop != KERNEL_DONE) {
            return stop;
        }
    }
    return KERNEL_REACHED;
}

void kernel_end_boot(struct kernel *k)
{
    k->devices_free = false;
}

void kernel_start_events(struct kernel *k, uint64_t window_start)
{
    supervisor_start(k->supervisor, window_start);
}

void kernel_open_window(struct kernel *k, uint64_t window_start)
{
    supervisor_open_window(k->supervisor, window_start);
}

uint64_t kernel_disk_busy(const struct kernel *k)
{
    uint64_t busy = 0;
    for (uint32_t i = 0; i < k->swap.disk_count; i++) {
        busy += disk_busy(&k->swap.disks[i], k->now);
    }
    return busy;
}

void kernel_end_all(struct kernel *k)
{
    struct vm_ending ending = { .end = VM_END_SUPERVISOR };
    for (vmid_t i = 0; i < k->vm_count; i++) {
        if (k->vms[i].state != VM_DEAD) {
            lifecycle_end(k, &k->vms[i], &ending);
        }
    }
    while (k->transfers.in_flight > 0) {
        bool fired = events_fire_next(k->config.events, TIME_NEVER);
        SIM_ASSERT(fired);
        if (k->now < k->config.events->now) {
            kernel_charge(k, NULL, CPU_IDLE, k->config.events->now - k->now);
        }
        serve_transfers(k);
    }
}
