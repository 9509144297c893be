/* test_summon.c - synchronous and nested interrupts, and batched ones beside
   them. */
#include "ik/policy/policies.h"
#include "tests/ik/fixture.h"

#define QUANTUM    10000
#define LOG_EVENTS 4096
#define SOON       40 /* Cycles of the kernel around a switch. */

struct log {
    struct trace_event events[LOG_EVENTS];
    uint32_t count;
};

static void on_event(void *ctx, const struct trace_event *event)
{
    struct log *log = ctx;
    bool is_kept = event->kind == TRACE_PICK ||
                   event->kind == TRACE_SET_ASIDE ||
                   event->kind == TRACE_DELIVER || event->kind == TRACE_RAISE;
    if (is_kept && log->count < LOG_EVENTS) {
        log->events[log->count++] = *event;
    }
}

/* The first such event at `from` or later; VM_NONE: of any VM. */
static const struct trace_event *find(const struct log *log, uint64_t from,
                                      enum trace_kind kind, vmid_t vm)
{
    for (uint32_t i = 0; i < log->count; i++) {
        const struct trace_event *e = &log->events[i];
        if (e->time >= from && e->kind == kind &&
            (vm == VM_NONE || e->vm == vm)) {
            return e;
        }
    }
    return NULL;
}

static const struct trace_event *must(const struct log *log, uint64_t from,
                                      enum trace_kind kind, vmid_t vm)
{
    const struct trace_event *e = find(log, from, kind, vm);
    assert_non_null(e);
    SIM_ASSERT(e); /* For the compiler. */
    return e;
}

/* Those that are served out of turn. */
static const enum scenario_interrupts at_once[] = { INTERRUPTS_SYNCHRONOUS,
                                                    INTERRUPTS_NESTED };
#define MODES 2

static struct bench *make(enum scenario_interrupts interrupts)
{
    struct bench *b = bench_create();
    b->scenario.interrupts = interrupts;
    b->scenario.rx_queue = 1024;
    b->scenario.rx_pool = 1024;
    b->whole_audit_period = 16;
    return b;
}

static void boot(struct bench *b, struct log *log)
{
    *log = (struct log){ 0 };
    bench_boot(b);
    trace_add_sink(b->trace, on_event, log);
}

/* Registers a handler, and touches the page that delivery will write. */
static void begin_guest(struct guest_asm *a)
{
    asm_init_with_handler(a);
    ASM(a, 0x50, 0x58); /* push %eax; pop %eax */
}

/* Computes for ever, with a handler; enabled or not. */
static void spinner(struct guest_asm *a, bool enabled)
{
    begin_guest(a);
    asm_store(a, GUEST_REG(IRQ_ENABLED), enabled);
    uint32_t again = asm_here(a);
    asm_spin(a, 100);
    asm_jmp(a, again);
}

/* Waits for interrupts, and takes each with a handler. */
static void sleeper(struct guest_asm *a)
{
    begin_guest(a);
    asm_idle_for_ever(a);
}

/* `count` spinners and after them a sleeper. */
static struct bench *beside_spinners(enum scenario_interrupts interrupts,
                                     uint32_t count, struct log *log)
{
    struct bench *b = make(interrupts);
    struct guest_asm a;
    sleeper(&a);
    uint32_t sleeps = bench_add_image(b, &a);
    spinner(&a, true);
    uint32_t spins = bench_add_image(b, &a);
    bench_add_vms(b, sleeps, 1, "");
    bench_add_vms(b, spins, count, "");
    boot(b, log);
    return b;
}

static void an_idle_target_runs_at_once(void **state)
{
    (void)state;
    static struct log log;
    for (int i = 0; i <= MODES; i++) {
        struct bench *b =
            beside_spinners(i ? at_once[i - 1] : INTERRUPTS_BATCHED, 2, &log);
        bench_send_to(b, 53000, 0);
        bench_run(b, 100000);
        uint64_t taken = must(&log, 53000, TRACE_DELIVER, 0)->time;
        if (i) {
            assert_in_range(taken, 53000, 53000 + SOON);
            assert_int_equal(b->stats.sched.summons, 1);
        } else {
            /* The quantum that ran was first to end. */
            assert_in_range(taken, 59000, 63000);
            assert_int_equal(b->stats.sched.summons, 0);
            assert_null(find(&log, 0, TRACE_SET_ASIDE, VM_NONE));
        }
        bench_release(b);
    }
}

static void who_is_set_aside_goes_on_with_its_rest(void **state)
{
    (void)state;
    static struct log log;
    for (size_t i = 0; sched_policies[i / MODES]; i++) {
        struct bench *b = make(at_once[i % MODES]);
        struct guest_asm a;
        sleeper(&a);
        bench_add(b, &a, 1);
        spinner(&a, true);
        bench_add(b, &a, 3);
        b->sched = sched_policies[i / MODES];
        boot(b, &log);
        bench_send_to(b, 53000, 0);
        bench_run(b, 100000);
        const struct trace_event *aside =
            must(&log, 53000, TRACE_SET_ASIDE, VM_NONE);
        const struct trace_event *summoned =
            must(&log, 53000, TRACE_PICK, VM_NONE);
        assert_int_equal(summoned->vm, 0);
        assert_int_equal(trace_get_pick(summoned).quantum, QUANTUM);
        assert_int_equal(trace_get_pick(summoned).why, PICK_SUMMONED);
        const struct trace_event *resumed =
            must(&log, summoned->time + 1, TRACE_PICK, VM_NONE);
        assert_int_equal(resumed->vm, aside->vm);
        struct trace_set_aside was = trace_get_set_aside(aside);
        assert_int_equal(trace_get_pick(resumed).quantum,
                         was.quantum - was.used);
        assert_int_equal(trace_get_pick(resumed).why, PICK_RESUMED);
        assert_in_range(was.used, 1, was.quantum - 1);
        bench_release(b);
    }
}

/* B is summoned in A's quantum; C's interrupt comes in B's. */
static void who_was_summoned_is_not_interrupted_again(void **state)
{
    (void)state;
    static struct log log;
    struct bench *b = make(INTERRUPTS_SYNCHRONOUS);
    struct guest_asm a;
    spinner(&a, true);
    bench_add(b, &a, 3);
    boot(b, &log);
    bench_run(b, 62000);
    vmid_t running = b->kernel->turn.running;
    vmid_t next = (running + 2) % 3; /* Not the one whose turn is next. */
    vmid_t third = (running + 1) % 3;
    bench_send_to(b, 63000, next);
    bench_send_to(b, 64000, third);
    bench_send_to(b, 64500, next);
    bench_run(b, 200000);
    const struct trace_event *e = must(&log, 63000, TRACE_PICK, VM_NONE);
    assert_int_equal(e->vm, next);
    assert_int_equal(trace_get_pick(e).why, PICK_SUMMONED);
    assert_in_range(e->time, 63000, 63000 + SOON);
    /* It is running, so it takes its own second interrupt at once. */
    assert_in_range(must(&log, 64400, TRACE_DELIVER, next)->time, 64500,
                    64500 + SOON);
    uint64_t summoned = e->time;
    e = must(&log, summoned + 1, TRACE_PICK, VM_NONE);
    assert_in_range(e->time, summoned + QUANTUM, summoned + QUANTUM + SOON);
    assert_int_equal(e->vm, running);
    assert_int_equal(trace_get_pick(e).why, PICK_RESUMED);
    e = must(&log, e->time + 1, TRACE_PICK, VM_NONE);
    assert_int_equal(e->vm, third);
    assert_int_equal(trace_get_pick(e).why, PICK_NEXT);
    assert_true(must(&log, 64000, TRACE_DELIVER, third)->time >= e->time);
    assert_int_equal(b->stats.sched.summons, 1);
    bench_release(b);
}

/* The resumed VM may be interrupted again, and has its quantum in the end. */
static void expect_resumed_again(enum scenario_interrupts interrupts)
{
    static struct log log;
    struct bench *b = beside_spinners(interrupts, 1, &log);
    for (uint64_t at = 50000; at < 150000; at += 500) {
        bench_send_to(b, at, 0);
    }
    bench_run(b, 200000);
    assert_int_equal(b->stats.sched.summons, 200);
    uint64_t own = 0;
    uint64_t from = 0;
    for (uint32_t i = 0; i < log.count; i++) {
        const struct trace_event *e = &log.events[i];
        if (e->kind == TRACE_PICK && e->vm == 1 &&
            trace_get_pick(e).why != PICK_RESUMED) {
            assert_true(from == 0 || e->time < 60000 || e->time > 150000 ||
                        e->time - from > QUANTUM);
            from = e->time;
            own++;
        }
    }
    assert_in_range(own, 15, 21);
    assert_true(bench_vm(b, 1)->cpu[CPU_GUEST] > 150000);
    bench_release(b);
}

static void the_resumed_can_be_interrupted_again(void **state)
{
    (void)state;
    expect_resumed_again(INTERRUPTS_SYNCHRONOUS);
    expect_resumed_again(INTERRUPTS_NESTED);
}

static void a_running_target_takes_it_in_its_quantum(void **state)
{
    (void)state;
    static struct log log;
    for (int i = 0; i <= MODES; i++) {
        struct bench *b =
            beside_spinners(i ? at_once[i - 1] : INTERRUPTS_BATCHED, 1, &log);
        bench_send_to(b, 53000, 1);
        bench_run(b, 100000);
        uint64_t taken = must(&log, 53000, TRACE_DELIVER, 1)->time;
        assert_in_range(taken, i ? 53000 : 59000, i ? 53000 + SOON : 63000);
        assert_int_equal(b->stats.sched.summons, 0);
        assert_null(find(&log, 0, TRACE_SET_ASIDE, VM_NONE));
        bench_release(b);
    }
}

/* ---- As batched --------------------------------------------------------- */

/* VM 1, ready, has an interrupt while VM 0 computes: not served out of turn. */
static void expect_batched(struct bench *b, const struct log *log)
{
    bench_run(b, 50000);
    while (b->kernel->turn.running != 0) {
        bench_run(b, b->kernel->now + 500);
    }
    uint64_t at = b->kernel->now + 1000;
    bench_send_to(b, at, 1);
    bench_run(b, at + 3 * QUANTUM);
    must(log, at, TRACE_RAISE, 1);
    assert_null(find(log, 0, TRACE_SET_ASIDE, VM_NONE));
    assert_int_equal(b->stats.sched.summons, 0);
}

static void expect_disabled(enum scenario_interrupts interrupts)
{
    static struct log log;
    struct bench *b = make(interrupts);
    struct guest_asm a;
    spinner(&a, true);
    bench_add(b, &a, 1);
    spinner(&a, false);
    bench_add(b, &a, 1);
    boot(b, &log);
    expect_batched(b, &log);
    assert_null(find(&log, 0, TRACE_DELIVER, 1));
    bench_release(b);
}

static void a_disabled_target_is_batched(void **state)
{
    (void)state;
    expect_disabled(INTERRUPTS_SYNCHRONOUS);
    expect_disabled(INTERRUPTS_NESTED);
}

/* Its handler is on a page that it never touched. */
static void expect_absent(enum scenario_interrupts interrupts)
{
    static struct log log;
    struct bench *b = make(interrupts);
    struct guest_asm a;
    spinner(&a, true);
    bench_add(b, &a, 1);
    asm_init(&a);
    asm_use_handler(&a, ABI_TEXT_BASE + ABI_PAGE_BYTES);
    uint32_t again = asm_here(&a);
    asm_spin(&a, 100);
    asm_jmp(&a, again);
    asm_pad_to(&a, ABI_TEXT_BASE + ABI_PAGE_BYTES);
    asm_idle_for_ever(&a);
    bench_add(b, &a, 1);
    boot(b, &log);
    expect_batched(b, &log);
    must(&log, 0, TRACE_DELIVER, 1);
    bench_release(b);
}

static void a_target_that_is_not_resident_is_batched(void **state)
{
    (void)state;
    expect_absent(INTERRUPTS_SYNCHRONOUS);
    expect_absent(INTERRUPTS_NESTED);
}

/* A gate that admits nobody while it is closed; else the default. */
struct door {
    struct gate base;
    struct gate *inner;
    bool is_closed;
};

static struct door *door_of(struct gate *g)
{
    return CONTAINER_OF(g, struct door, base);
}

static const struct gate_policy door;

static struct gate *door_create(const struct gate_policy *self,
                                struct arena *arena,
                                const struct gate_config *config)
{
    struct door *d = arena_alloc(arena, sizeof(*d), 16);
    assert_non_null(d);
    d->base.policy = self;
    d->inner = gate_fifo.create(&gate_fifo, arena, config);
    return &d->base;
}

static void door_arrive(struct gate *g, vmid_t vm, uint32_t frames)
{
    gate_fifo.arrive(door_of(g)->inner, vm, frames);
}

static void door_leave(struct gate *g, vmid_t vm)
{
    gate_fifo.leave(door_of(g)->inner, vm);
}

static vmid_t door_head(const struct gate *g)
{
    /* The base is the first member. */
    return gate_fifo.head(((const struct door *)(const void *)g)->inner);
}

static vmid_t door_admit(struct gate *g, const struct gate_view *view)
{
    struct door *d = door_of(g);
    return d->is_closed ? VM_NONE : gate_fifo.admit(d->inner, view);
}

static const struct gate_policy door = {
    .facts = { .name = "door" },
    .create = door_create,
    .arrive = door_arrive,
    .leave = door_leave,
    .head = door_head,
    .admit = door_admit,
};

static void expect_at_gate(enum scenario_interrupts interrupts)
{
    static struct log log;
    struct bench *b = make(interrupts);
    struct guest_asm a;
    spinner(&a, true);
    bench_add(b, &a, 1);
    sleeper(&a);
    bench_add(b, &a, 1);
    b->gate = &door;
    boot(b, &log);
    bench_run(b, 52000);
    struct door *d = door_of(b->kernel->admission.gate);
    d->is_closed = true;
    bench_send_to(b, 53000, 1);
    bench_run(b, 54000);
    assert_int_equal(bench_vm(b, 1)->state, VM_WAITING);
    d->is_closed = false;
    bench_run(b, 55000);
    assert_int_equal(bench_vm(b, 1)->state, VM_READY);
    assert_int_equal(b->kernel->turn.running, 0);
    bench_run(b, 100000);
    must(&log, 55000, TRACE_DELIVER, 1);
    assert_int_equal(b->stats.sched.summons, 0);
    bench_release(b);
}

static void a_target_that_still_waits_is_batched(void **state)
{
    (void)state;
    expect_at_gate(INTERRUPTS_SYNCHRONOUS);
    expect_at_gate(INTERRUPTS_NESTED);
}

/* ---- Whatever the interrupt --------------------------------------------- */

static void expect_alarm_and_disk(enum scenario_interrupts interrupts)
{
    static struct log log;
    struct bench *b = make(interrupts);
    struct guest_asm a;
    begin_guest(&a);
    asm_alarm(&a, 53000);
    asm_idle(&a, ABI_TIME_NEVER);
    asm_mov(&a, CPU_EAX, 0);
    asm_mov(&a, CPU_ECX, 0);
    asm_mov(&a, CPU_EDX, GUEST_DATA + ABI_PAGE_BYTES);
    asm_mov(&a, CPU_EBX, 1);
    asm_int(&a, ABI_VI_DISK_READ);
    asm_idle_for_ever(&a);
    struct disk_model slow = *b->machine.disk;
    slow.overhead_ns = 13000;
    b->machine.disk = &slow;
    struct scenario_disk disk = { .size_bytes = 64 * ABI_BLOCK_BYTES };
    b->scenario.disks = &disk;
    b->scenario.disk_count = 1;
    bench_add(b, &a, 1);
    spinner(&a, true);
    bench_add(b, &a, 1);
    boot(b, &log);
    kernel_end_boot(b->kernel);
    kernel_start_events(b->kernel, TIME_NEVER);
    bench_run(b, 200000);
    for (uint32_t i = 0; i < 2; i++) {
        uint32_t bit = i ? ABI_IRQ_DISK : ABI_IRQ_ALARM;
        const struct trace_event *e = must(&log, 0, TRACE_RAISE, 0);
        while (trace_get_raise(e).virqs != bit) {
            e = must(&log, e->time + 1, TRACE_RAISE, 0);
        }
        assert_in_range(must(&log, e->time, TRACE_DELIVER, 0)->time, e->time,
                        e->time + SOON);
    }
    assert_int_equal(b->stats.sched.summons, 2);
    bench_release(b);
}

static void an_alarm_and_a_disk_summon_too(void **state)
{
    (void)state;
    expect_alarm_and_disk(INTERRUPTS_SYNCHRONOUS);
    expect_alarm_and_disk(INTERRUPTS_NESTED);
}

static void who_is_set_aside_can_be_ended(void **state)
{
    (void)state;
    static struct log log;
    for (size_t i = 0; sched_policies[i / MODES]; i++) {
        if (sched_policies[i / MODES] == &sched_fifo) {
            continue; /* Who has never run has no page to deliver on. */
        }
        struct bench *b = make(at_once[i % MODES]);
        struct guest_asm a;
        spinner(&a, true);
        bench_add(b, &a, 4);
        b->sched = sched_policies[i / MODES];
        boot(b, &log);
        bench_run(b, 302000);
        const struct kernel_turn *turn = &b->kernel->turn;
        while (turn->running == VM_NONE || turn->granted < turn->used + 400) {
            bench_run(b, b->kernel->now + 500);
        }
        vmid_t running = turn->running;
        bench_send_to(b, b->kernel->now + 100, (running + 1) % 4);
        bench_run(b, b->kernel->now + 200);
        assert_int_equal(b->kernel->summons.aside.head, running);
        struct vm_ending ending = { .end = VM_END_SUPERVISOR };
        lifecycle_end(b->kernel, kernel_vm(b->kernel, running), &ending);
        assert_int_equal(b->kernel->summons.aside.head, VM_NONE);
        bench_send_to(b, 325000, (running + 2) % 4);
        bench_run(b, 500000);
        assert_int_equal(b->kernel->alive, 3);
        bench_release(b);
    }
}

/* ---- Nested ------------------------------------------------------------- */

/* Spinners, each of which has run, so that delivery finds its pages. The first
   `count` of the ready ones, as they come after the running one. */
static struct bench *spinners(uint32_t count, struct log *log)
{
    struct bench *b = make(INTERRUPTS_NESTED);
    struct guest_asm a;
    spinner(&a, true);
    bench_add(b, &a, count);
    boot(b, log);
    bench_run(b, count * (QUANTUM + 1000) + 2000);
    while (b->kernel->turn.used > QUANTUM / 10) {
        bench_run(b, b->kernel->now + 500);
    }
    return b;
}

/* The next choice after *at is of that VM; returns its quantum. */
static uint64_t expect_pick(const struct log *log, uint64_t *at, vmid_t vm,
                            enum pick why)
{
    const struct trace_event *e = must(log, *at + 1, TRACE_PICK, VM_NONE);
    assert_int_equal(e->vm, vm);
    assert_int_equal(trace_get_pick(e).why, why);
    *at = e->time;
    return trace_get_pick(e).quantum;
}

static void interrupts_nest_and_the_last_goes_on_first(void **state)
{
    (void)state;
    static struct log log;
    struct bench *b = spinners(4, &log);
    vmid_t r = b->kernel->turn.running;
    uint64_t at = b->kernel->now;
    uint64_t used = b->kernel->turn.used;
    for (uint32_t i = 1; i < 4; i++) {
        bench_send_to(b, at + 1000 * i, (r + i) % 4);
    }
    bench_run(b, at + 5 * QUANTUM);
    uint64_t begun[4];
    for (uint32_t i = 1; i < 4; i++) {
        assert_int_equal(expect_pick(&log, &at, (r + i) % 4, PICK_SUMMONED),
                         QUANTUM);
        begun[i] = at;
    }
    for (uint32_t i = 2; i > 0; i--) {
        uint64_t left = expect_pick(&log, &at, (r + i) % 4, PICK_RESUMED);
        uint64_t ran = begun[i + 1] - begun[i];
        assert_in_range(QUANTUM - left, ran - SOON, ran);
    }
    uint64_t left = expect_pick(&log, &at, r, PICK_RESUMED);
    assert_in_range(QUANTUM - left, used + 1000 - SOON, used + 1000 + SOON);
    assert_int_equal(b->stats.sched.summons, 3);
    bench_release(b);
}

/* The bottom of three is interrupted for: it goes on, before the one that was
   set aside after it. */
static void who_is_set_aside_and_meant_goes_on_with_its_own_rest(void **state)
{
    (void)state;
    static struct log log;
    struct bench *b = spinners(3, &log);
    vmid_t r = b->kernel->turn.running;
    uint64_t at = b->kernel->now;
    bench_send_to(b, at + 1000, (r + 1) % 3);
    bench_send_to(b, at + 2000, (r + 2) % 3);
    bench_send_to(b, at + 3000, r);
    bench_run(b, at + 5 * QUANTUM);
    uint64_t from = at;
    expect_pick(&log, &at, (r + 1) % 3, PICK_SUMMONED);
    struct trace_set_aside was =
        trace_get_set_aside(must(&log, from, TRACE_SET_ASIDE, r));
    expect_pick(&log, &at, (r + 2) % 3, PICK_SUMMONED);
    uint64_t rest = expect_pick(&log, &at, r, PICK_SUMMONED);
    assert_int_equal(rest, was.quantum - was.used);
    uint64_t again = at;
    expect_pick(&log, &at, (r + 2) % 3, PICK_RESUMED);
    assert_in_range(at, again + rest, again + rest + SOON);
    expect_pick(&log, &at, (r + 1) % 3, PICK_RESUMED);
    bench_release(b);
}

/* B is ended while C runs, and A is set aside below it. */
static void who_is_in_the_middle_of_the_stack_can_be_ended(void **state)
{
    (void)state;
    static struct log log;
    struct bench *b = spinners(4, &log);
    vmid_t r = b->kernel->turn.running;
    uint64_t at = b->kernel->now;
    for (uint32_t i = 1; i < 4; i++) {
        bench_send_to(b, at + 1000 * i, (r + i) % 4);
    }
    bench_run(b, at + 3500);
    assert_int_equal(b->kernel->summons.aside.count, 3);
    struct vm_ending ending = { .end = VM_END_SUPERVISOR };
    lifecycle_end(b->kernel, kernel_vm(b->kernel, (r + 1) % 4), &ending);
    assert_int_equal(b->kernel->summons.aside.count, 2);
    at = b->kernel->now;
    bench_run(b, at + 5 * QUANTUM);
    expect_pick(&log, &at, (r + 2) % 4, PICK_RESUMED);
    expect_pick(&log, &at, r, PICK_RESUMED);
    assert_int_equal(b->kernel->alive, 3);
    bench_release(b);
}

/* What the trace must say, by a stack as textbooks have it. */
struct stack {
    vmid_t vm[8];
    uint64_t left[8];
    uint32_t depth, deepest, meant; /* meant: those in it who were summoned. */
};

static void stack_take(struct stack *s, const struct trace_event *e)
{
    if (e->kind == TRACE_SET_ASIDE) {
        struct trace_set_aside aside = trace_get_set_aside(e);
        assert_true(s->depth < 8);
        s->vm[s->depth] = e->vm;
        s->left[s->depth++] = aside.quantum - aside.used;
        s->deepest = s->depth > s->deepest ? s->depth : s->deepest;
    } else if (e->kind == TRACE_PICK) {
        struct trace_pick pick = trace_get_pick(e);
        uint32_t at = s->depth;
        while (at > 0 && s->vm[at - 1] != e->vm) {
            at--;
        }
        if (pick.why == PICK_RESUMED) {
            assert_int_equal(at, s->depth);
        } else if (pick.why != PICK_SUMMONED) {
            assert_int_equal(s->depth, 0);
        }
        if (at == 0) {
            assert_int_not_equal(pick.why, PICK_RESUMED);
            return;
        }
        s->meant += pick.why == PICK_SUMMONED;
        assert_int_equal(pick.quantum, s->left[at - 1]);
        for (s->depth--; at <= s->depth; at++) {
            s->vm[at - 1] = s->vm[at];
            s->left[at - 1] = s->left[at];
        }
    }
}

static void on_stack_event(void *ctx, const struct trace_event *e)
{
    stack_take(ctx, e);
}

static void a_storm_at_random_is_served_by_a_stack(void **state)
{
    (void)state;
    for (size_t p = 0; sched_policies[p]; p++) {
        struct stack stack = { .depth = 0 };
        struct bench *b = make(INTERRUPTS_NESTED);
        struct guest_asm a;
        sleeper(&a);
        bench_add(b, &a, 3);
        spinner(&a, true);
        bench_add(b, &a, 5);
        b->sched = sched_policies[p];
        bench_boot(b);
        trace_add_sink(b->trace, on_stack_event, &stack);
        uint32_t seed = 1;
        for (uint64_t at = 50000; at < 400000;) {
            seed = seed * 1664525u + 1013904223u;
            at += 20 + (seed >> 8) % 1500;
            bench_send_to(b, at, (seed >> 20) % 8);
        }
        bench_run(b, 600000);
        if (sched_policies[p] != &sched_fifo) {
            /* There most have never run, and have no page to deliver on. */
            assert_true(stack.deepest >= 4);
            assert_true(stack.meant >= 10);
        }
        bench_release(b);
    }
}

/* Whether each choice's VM ran an instruction before the next choice. */
struct progress {
    uint64_t picks, insns;
    bool has_run;
};

static void on_progress_event(void *ctx, const struct trace_event *e)
{
    struct progress *p = ctx;
    if (e->kind == TRACE_PICK) {
        assert_true(p->picks == 0 || p->has_run);
        p->picks++;
        p->has_run = false;
    } else if (e->kind == TRACE_RUN) {
        p->has_run |= trace_get_run(e).insns > 0;
        p->insns += trace_get_run(e).insns;
    }
}

/* Computes for ever, too; its handler enables interrupts at once, and never
   returns. */
static void eager_spinner(struct guest_asm *a)
{
    asm_init(a);
    uint32_t again = asm_here(a);
    asm_spin(a, 100);
    asm_jmp(a, again);
    uint32_t handler = asm_here(a);
    asm_store(a, GUEST_REG(IRQ_ENABLED), 1);
    ASM(a, 0x83, 0xc4, ABI_FRAME_BYTES); /* add $12, %esp */
    asm_jmp(a, again);
    asm_entry(a);
    asm_use_handler(a, handler);
    ASM(a, 0x50, 0x58); /* push %eax; pop %eax */
    asm_jmp(a, again);
}

/* An interrupt for each of the two comes more often than a switch takes: the
   other is to run whenever one has just been switched to. */
static void a_storm_of_interrupts_leaves_each_a_block_a_switch(void **state)
{
    (void)state;
    struct progress progress = { .picks = 0 };
    struct bench *b = make(INTERRUPTS_NESTED);
    b->machine.costs.switch_base = 500;
    struct guest_asm a;
    eager_spinner(&a);
    bench_add(b, &a, 2);
    bench_boot(b);
    bench_run(b, 60000);
    uint64_t before[2] = { bench_vm(b, 0)->insns, bench_vm(b, 1)->insns };
    trace_add_sink(b->trace, on_progress_event, &progress);
    for (uint32_t i = 0; i < 1000; i++) { /* As the pool holds. */
        bench_send_to(b, 60000 + 50 * i, i % 2);
    }
    bench_run(b, 110000);
    assert_in_range(progress.picks, 80, 100);
    assert_true(progress.insns >= progress.picks);
    for (vmid_t vm = 0; vm < 2; vm++) {
        assert_true(bench_vm(b, vm)->insns - before[vm] >=
                    progress.picks / 2 - 1);
    }
    bench_release(b);
}

/* An interrupt that must wait for that block is not lost: it is the next. */
static void a_target_waits_no_longer_than_a_block(void **state)
{
    (void)state;
    static struct log log;
    struct bench *b = spinners(3, &log);
    vmid_t r = b->kernel->turn.running;
    uint64_t at = b->kernel->now;
    bench_send_to(b, at + 1000, (r + 1) % 3);
    bench_send_to(b, at + 1000, (r + 2) % 3);
    bench_run(b, at + 3000);
    expect_pick(&log, &at, (r + 1) % 3, PICK_SUMMONED);
    uint64_t first = at;
    expect_pick(&log, &at, (r + 2) % 3, PICK_SUMMONED);
    assert_in_range(at, first + 2, first + SOON);
    must(&log, first, TRACE_DELIVER, (r + 1) % 3);
    bench_release(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_idle_target_runs_at_once),
        cmocka_unit_test(who_is_set_aside_goes_on_with_its_rest),
        cmocka_unit_test(who_was_summoned_is_not_interrupted_again),
        cmocka_unit_test(the_resumed_can_be_interrupted_again),
        cmocka_unit_test(a_running_target_takes_it_in_its_quantum),
        cmocka_unit_test(a_disabled_target_is_batched),
        cmocka_unit_test(a_target_that_is_not_resident_is_batched),
        cmocka_unit_test(a_target_that_still_waits_is_batched),
        cmocka_unit_test(an_alarm_and_a_disk_summon_too),
        cmocka_unit_test(who_is_set_aside_can_be_ended),
        cmocka_unit_test(interrupts_nest_and_the_last_goes_on_first),
        cmocka_unit_test(who_is_set_aside_and_meant_goes_on_with_its_own_rest),
        cmocka_unit_test(who_is_in_the_middle_of_the_stack_can_be_ended),
        cmocka_unit_test(a_storm_at_random_is_served_by_a_stack),
        cmocka_unit_test(a_storm_of_interrupts_leaves_each_a_block_a_switch),
        cmocka_unit_test(a_target_waits_no_longer_than_a_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
