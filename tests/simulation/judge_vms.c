/* judge_vms.c - states, the scheduler and interrupts; see judge.h. */
#include <stdlib.h>
#include <string.h>

#include "sim/devices/machine.h"
#include "tests/simulation/judge_own.h"

/* A guest that lets a known interrupt wait for more than this is deaf: ours
   have them off for some thousand instructions at a time. */
#define DEAF_INSTRUCTIONS 20000000u
#define DEAF_PICKS        256u

#define IN(state) (1u << JUDGED_##state)

/* ---- What the scheduler promises ---------------------------------------- */

/* An argument of the scheduler, or what it is without. */
static double argument(const json_t *kernel, const char *name, double fallback)
{
    const json_t *args = json_object_get(kernel, "scheduler_args");
    const char *text = judge_text(args, name);
    return text[0] != '\0' ? strtod(text, NULL) : fallback;
}

/*
 * docs/policies.md, "bound": what N others use while a VM is ready, in quanta.
 * By shares where they count: S of all VMs against the least of one. Less than
 * 0: none is promised.
 */
static double quanta(const json_t *kernel, const char *name, double n,
                     double by_shares)
{
    if (strcmp(name, "round-robin") == 0) {
        return (argument(kernel, "run", 16) + 1) * (n + 1);
    }
    if (strcmp(name, "round-robin-no-boost") == 0) {
        return n;
    }
    if (strcmp(name, "virtual-round-robin") == 0) {
        return 2 * n;
    }
    if (strcmp(name, "stride") == 0) {
        return by_shares + 2 * n + 1;
    }
    if (strcmp(name, "mlfq") == 0) {
        return argument(kernel, "boost", 64) + 1 + n / 8;
    }
    if (strcmp(name, "fair") == 0) {
        return by_shares + n + 1 + 1.5 * n;
    }
    return -1;
}

void judge_vms_init(struct judge *j)
{
    const json_t *kernel = json_object_get(j->info->scenario, "kernel");
    const json_t *groups = json_object_get(j->info->scenario, "vms");
    double all = 0;
    double least = 1e9;
    for (size_t g = 0; g < json_array_size(groups); g++) {
        double shares =
            strtod(judge_text(json_array_get(groups, g), "shares"), NULL);
        all += shares * j->info->roster.groups[g].count;
        least = shares < least ? shares : least;
    }
    bool has_slots = strcmp(judge_text(kernel, "preset"), "partitioned") == 0;
    j->away = has_slots ? judge_cycles(j, kernel, "major_frame", 0) : 0;
    double n = j->vm_limit - 1;
    double most = quanta(kernel, judge_text(kernel, "scheduler"), n,
                         all / (least > 0 ? least : 1));
    j->is_preemptive = strcmp(judge_text(kernel, "interrupts"), "batched") != 0;
    j->may_yield = strcmp(judge_text(kernel, "receive"), "by-source") == 0;
    bool is_promised = most >= 0 && !j->is_preemptive;
    /* One more, for what was under way. */
    j->bound = is_promised
                   ? (uint64_t)((most + 1) * (double)j->info->quantum_cycles)
                   : JUDGE_NEVER;
    for (uint32_t i = 0; i < j->vm_limit; i++) {
        j->vms[i].group = vm_roster_group(&j->info->roster, i);
    }
}

/* ---- States ------------------------------------------------------------- */

static const char *const state_names[] = {
    "not there", "created", "at the gate", "ready", "set aside",
    "running",   "paging",  "idle",        "dead",
};

static void enter(struct judge *j, const struct trace_event *e,
                  uint32_t allowed, enum judged_state to)
{
    struct judged_vm *vm = judge_vm(j, e);
    if (!(allowed & 1u << vm->state)) {
        judge_find(j, "state", "VM %u, which is %s, is %s (kind %u)", e->vm,
                   state_names[vm->state], state_names[to], e->kind);
    }
    if (j->running == e->vm && to != JUDGED_RUNNING) {
        j->running = TRACE_NO_VM;
    }
    vm->state = to;
}

static void must_run(struct judge *j, const struct trace_event *e)
{
    if (j->running != e->vm || e->vm == TRACE_NO_VM) {
        judge_find(j, "state", "VM %u, which is %s, acts (kind %u)", e->vm,
                   state_names[judge_vm(j, e)->state], e->kind);
    }
}

static void take_create(struct judge *j, const struct trace_event *e)
{
    struct judged_vm *vm = judge_vm(j, e);
    enter(j, e, IN(NONE), JUDGED_CREATED);
    vm->page_count = (uint32_t)(trace_get_create(e).memory / 4096);
    vm->pages =
        calloc(vm->page_count > 0 ? vm->page_count : 1, sizeof(*vm->pages));
    SIM_ASSERT(vm->pages);
    for (uint32_t i = 0; i < vm->page_count; i++) {
        vm->pages[i].frame = TRACE_NONE;
    }
}

static void take_arrive(struct judge *j, const struct trace_event *e)
{
    enter(j, e, IN(CREATED) | IN(IDLE) | IN(RUNNING) | IN(PAGING) | IN(READY),
          JUDGED_WAITING);
}

static void take_ready(struct judge *j, const struct trace_event *e)
{
    enter(j, e, IN(WAITING) | IN(RUNNING) | IN(PAGING), JUDGED_READY);
    judge_vm(j, e)->since = j->used;
}

static void judge_wait(struct judge *j, uint32_t vm)
{
    uint64_t waited = j->used - j->vms[vm].since;
    if (waited > j->bound) {
        judge_find(j, "schedule",
                   "VM %u has been ready while others used %llu cycles; the "
                   "scheduler promises %llu",
                   vm, (unsigned long long)waited,
                   (unsigned long long)j->bound);
    }
}

static void take_pick(struct judge *j, const struct trace_event *e)
{
    struct judged_vm *vm = judge_vm(j, e);
    if (j->running != TRACE_NO_VM) {
        judge_find(j, "state", "VM %u gets the processor that VM %u has", e->vm,
                   j->running);
    }
    if (vm->state == JUDGED_READY) {
        judge_wait(j, e->vm);
    }
    enter(j, e, IN(READY) | IN(ASIDE), JUDGED_RUNNING);
    j->running = e->vm;
    vm->granted = trace_get_pick(e).quantum;
    vm->used = 0;
    vm->worked = 0;
    vm->deaf_picks += vm->pending != 0;
}

static void use(struct judge *j, struct judged_vm *vm, uint64_t cycles)
{
    uint64_t left = vm->granted > vm->used ? vm->granted - vm->used : 0;
    j->used += cycles < left ? cycles : left;
    vm->used += cycles;
}

static void take_run(struct judge *j, const struct trace_event *e)
{
    struct judged_vm *vm = judge_vm(j, e);
    must_run(j, e);
    if (vm->used >= vm->granted) {
        judge_find(j, "schedule", "VM %u runs beyond its quantum", e->vm);
    }
    use(j, vm, trace_get_run(e).cycles);
    if (vm->pending == 0 || !vm->has_handled) {
        return;
    }
    vm->deaf += trace_get_run(e).insns;
    if (vm->deaf > DEAF_INSTRUCTIONS && vm->deaf_picks > DEAF_PICKS) {
        judge_find(j, "interrupt", "VM %u never takes its interrupts %#x",
                   e->vm, vm->pending);
    }
}

static void take_charge(struct judge *j, const struct trace_event *e)
{
    struct trace_charge charge = trace_get_charge(e);
    if (e->vm == TRACE_NO_VM || e->vm != j->running) {
        return;
    }
    if (charge.category == CPU_PIO) {
        use(j, judge_vm(j, e), charge.cycles);
    } else {
        judge_vm(j, e)->worked += charge.cycles;
    }
}

static void take_vinsn(struct judge *j, const struct trace_event *e)
{
    struct trace_vinsn v = trace_get_vinsn(e);
    struct judged_vm *vm = judge_vm(j, e);
    must_run(j, e);
    bool is_disk = v.vinsn == VI_FIRST + VI_DISK_READ ||
                   v.vinsn == VI_FIRST + VI_DISK_WRITE;
    vm->asked += is_disk && v.result == 0;
}

static void take_preempt(struct judge *j, const struct trace_event *e)
{
    const struct judged_vm *vm = judge_vm(j, e);
    must_run(j, e);
    /* The kernel's work for the VM counts with schedulers that say so. */
    uint64_t stop = vm->granted + trace_get_preempt(e).overrun;
    if (stop != vm->used && stop != vm->used + vm->worked) {
        judge_find(j, "schedule",
                   "VM %u is stopped after %llu of %llu cycles, and %llu are "
                   "said to be beyond",
                   e->vm, (unsigned long long)vm->used,
                   (unsigned long long)vm->granted,
                   (unsigned long long)trace_get_preempt(e).overrun);
    }
    if (trace_get_preempt(e).overrun > BLOCK_CYCLES) {
        judge_find(j, "schedule", "VM %u runs %llu cycles beyond its quantum",
                   e->vm, (unsigned long long)trace_get_preempt(e).overrun);
    }
}

static void take_idle(struct judge *j, const struct trace_event *e)
{
    struct judged_vm *vm = judge_vm(j, e);
    must_run(j, e);
    if (vm->pending != 0) {
        judge_find(j, "interrupt", "VM %u idles, and %#x waits for it", e->vm,
                   vm->pending);
    }
    enter(j, e, IN(RUNNING), JUDGED_IDLE);
    vm->deadline = trace_get_idle(e).deadline;
}

static void take_wake(struct judge *j, const struct trace_event *e)
{
    struct judged_vm *vm = judge_vm(j, e);
    struct trace_wake w = trace_get_wake(e);
    if (vm->state != JUDGED_IDLE) {
        judge_find(j, "state", "VM %u wakes, which is %s", e->vm,
                   state_names[vm->state]);
    }
    /* What the kernel was charged just before is for hearing of it. */
    bool is_early = w.why == WAKE_TIMEOUT ? e->time - j->charged < vm->deadline
                                          : vm->pending == 0;
    if (is_early || w.pending != vm->pending) {
        judge_find(j, "deadline",
                   "VM %u wakes for reason %d, %llu is its "
                   "deadline and %#x waits for it",
                   e->vm, (int)w.why, (unsigned long long)vm->deadline,
                   vm->pending);
    }
}

static void take_block(struct judge *j, const struct trace_event *e)
{
    must_run(j, e);
    enter(j, e, IN(RUNNING), JUDGED_PAGING);
    judge_vm(j, e)->wait = trace_get_block(e).why;
}

static void take_set_aside(struct judge *j, const struct trace_event *e)
{
    if (!j->is_preemptive) {
        judge_find(j, "schedule",
                   "VM %u is set aside, and interrupts are "
                   "batched",
                   e->vm);
    }
    must_run(j, e);
    enter(j, e, IN(RUNNING), JUDGED_ASIDE);
}

/* ---- The end ------------------------------------------------------------ */

static const json_t *group_of(const struct judge *j, uint32_t vm)
{
    return json_array_get(json_object_get(j->info->scenario, "vms"),
                          j->vms[vm].group);
}

static void take_end(struct judge *j, const struct trace_event *e)
{
    struct trace_end end = trace_get_end(e);
    struct judged_vm *vm = judge_vm(j, e);
    bool is_well = end.why == VM_END_TERMINATE && end.detail == 0;
    if (end.why != VM_END_SUPERVISOR) {
        must_run(j, e);
    }
    if (!is_well && end.why != VM_END_SUPERVISOR &&
        strcmp(judge_text(group_of(j, e->vm), "expect"), "well") == 0) {
        judge_find(j, "ending",
                   "VM %u of a group that should end well ends for "
                   "reason %d with %#x",
                   e->vm, (int)end.why, (unsigned)end.detail);
    }
    judge_memory_end(j, e);
    judge_net_end(j, e);
    j->owing -= vm->owed != 0;
    vm->owed = 0;
    vm->pending = 0;
    enter(j, e, ~(IN(NONE) | IN(DEAD)), JUDGED_DEAD);
}

/* ---- Interrupts --------------------------------------------------------- */

static void take_raise(struct judge *j, const struct trace_event *e)
{
    struct judged_vm *vm = judge_vm(j, e);
    struct trace_raise r = trace_get_raise(e);
    if (vm->state == JUDGED_DEAD || vm->state == JUDGED_NONE) {
        judge_find(j, "interrupt", "VM %u is interrupted, which is %s", e->vm,
                   state_names[vm->state]);
    }
    if (r.coalesced != ((vm->pending & r.virqs) != 0)) {
        judge_find(j, "interrupt",
                   "VM %u: %#x is raised, %#x waits already: "
                   "are they one?",
                   e->vm, r.virqs, vm->pending);
    }
    if (vm->pending == 0) {
        vm->deaf = 0;
        vm->deaf_picks = 0;
    }
    j->owing -= vm->owed != 0 && (vm->owed & ~r.virqs) == 0;
    vm->owed &= ~r.virqs;
    vm->pending |= r.virqs;
    vm->told += word_set_has(r.virqs, VIRQ_DISK);
}

static void take_deliver(struct judge *j, const struct trace_event *e)
{
    struct judged_vm *vm = judge_vm(j, e);
    uint32_t taken = trace_get_deliver(e).virqs;
    must_run(j, e);
    if (taken == 0 || taken != vm->pending) {
        judge_find(j, "interrupt", "VM %u takes %#x, and %#x waits for it",
                   e->vm, taken, vm->pending);
    }
    vm->pending = 0;
    vm->has_handled = true;
}

static void take_rx(struct judge *j, const struct trace_event *e)
{
    struct judged_vm *vm = judge_vm(j, e);
    j->owing += vm->owed == 0;
    vm->owed |= 1u << VIRQ_NET_RX;
}

/* ---- Time passes -------------------------------------------------------- */

void judge_vms_pass(struct judge *j, uint64_t from, bool is_idle)
{
    for (uint32_t i = 0; i < j->vm_limit && j->finding[0] == '\0'; i++) {
        const struct judged_vm *vm = &j->vms[i];
        if (vm->state == JUDGED_IDLE && judge_is_past(j, vm->deadline, from)) {
            judge_find(j, "deadline", "VM %u sleeps beyond cycle %llu", i,
                       (unsigned long long)vm->deadline);
        }
        if (is_idle && j->away > 0) {
            continue; /* It may be another partition's slot. */
        }
        if (vm->state == JUDGED_IDLE && vm->pending != 0) {
            judge_find(j, "interrupt", "VM %u idles on, and %#x waits for it",
                       i, vm->pending);
        }
        if (vm->owed != 0) {
            judge_find(j, "interrupt", "VM %u is not interrupted for %#x", i,
                       vm->owed);
        }
        if (vm->told > vm->asked) {
            judge_find(j, "interrupt",
                       "VM %u asked its disks for %llu "
                       "transfers, and was told of %llu",
                       i, (unsigned long long)vm->asked,
                       (unsigned long long)vm->told);
        }
        bool is_ready = vm->state == JUDGED_READY || vm->state == JUDGED_ASIDE;
        if (is_idle && is_ready) {
            judge_find(j, "schedule", "nobody runs, and VM %u is ready", i);
        }
    }
    if (is_idle && j->away == 0 && j->running != TRACE_NO_VM) {
        judge_find(j, "state", "VM %u is running, and nobody runs", j->running);
    }
}

void judge_vms_finish(struct judge *j)
{
    for (uint32_t i = 0; i < j->vm_limit; i++) {
        const struct judged_vm *vm = &j->vms[i];
        if (vm->state == JUDGED_READY) {
            judge_wait(j, i);
        }
        if (vm->state != JUDGED_DEAD && vm->reads == 0 &&
            vm->told != vm->asked) {
            judge_find(j, "interrupt",
                       "VM %u asked its disks for %llu "
                       "transfers, and was told of %llu",
                       i, (unsigned long long)vm->asked,
                       (unsigned long long)vm->told);
        }
    }
}

judge_taker *const judge_vm_takers[TRACE_KIND_COUNT] = {
    [TRACE_CREATE] = take_create,   [TRACE_ARRIVE] = take_arrive,
    [TRACE_READY] = take_ready,     [TRACE_PICK] = take_pick,
    [TRACE_RUN] = take_run,         [TRACE_CHARGE] = take_charge,
    [TRACE_VINSN] = take_vinsn,     [TRACE_PREEMPT] = take_preempt,
    [TRACE_IDLE] = take_idle,       [TRACE_WAKE] = take_wake,
    [TRACE_BLOCK] = take_block,     [TRACE_SET_ASIDE] = take_set_aside,
    [TRACE_END] = take_end,         [TRACE_RAISE] = take_raise,
    [TRACE_DELIVER] = take_deliver, [TRACE_RX] = take_rx,
    [TRACE_EXIT] = must_run,        [TRACE_CONSOLE] = must_run,
    [TRACE_RECV] = must_run,        [TRACE_SEND] = must_run,
    [TRACE_GIVE_WAY] = must_run,    [TRACE_FAULT] = must_run,
};
