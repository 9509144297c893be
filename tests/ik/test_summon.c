/* test_summon.c - synchronous interrupts, and batched ones beside them. */
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
    for (int i = 0; i < 2; i++) {
        struct bench *b = beside_spinners(
            i ? INTERRUPTS_SYNCHRONOUS : INTERRUPTS_BATCHED, 2, &log);
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
    for (size_t p = 0; sched_policies[p]; p++) {
        struct bench *b = make(INTERRUPTS_SYNCHRONOUS);
        struct guest_asm a;
        sleeper(&a);
        bench_add(b, &a, 1);
        spinner(&a, true);
        bench_add(b, &a, 3);
        b->sched = sched_policies[p];
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
static void the_resumed_can_be_interrupted_again(void **state)
{
    (void)state;
    static struct log log;
    struct bench *b = beside_spinners(INTERRUPTS_SYNCHRONOUS, 1, &log);
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

static void a_running_target_takes_it_in_its_quantum(void **state)
{
    (void)state;
    static struct log log;
    for (int i = 0; i < 2; i++) {
        struct bench *b = beside_spinners(
            i ? INTERRUPTS_SYNCHRONOUS : INTERRUPTS_BATCHED, 1, &log);
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

static void a_disabled_target_is_batched(void **state)
{
    (void)state;
    static struct log log;
    struct bench *b = make(INTERRUPTS_SYNCHRONOUS);
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

/* Its handler is on a page that it never touched. */
static void a_target_that_is_not_resident_is_batched(void **state)
{
    (void)state;
    static struct log log;
    struct bench *b = make(INTERRUPTS_SYNCHRONOUS);
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

static void a_target_that_still_waits_is_batched(void **state)
{
    (void)state;
    static struct log log;
    struct bench *b = make(INTERRUPTS_SYNCHRONOUS);
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

/* ---- Whatever the interrupt --------------------------------------------- */

static void an_alarm_and_a_disk_summon_too(void **state)
{
    (void)state;
    static struct log log;
    struct bench *b = make(INTERRUPTS_SYNCHRONOUS);
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

static void who_is_set_aside_can_be_ended(void **state)
{
    (void)state;
    static struct log log;
    for (size_t p = 0; sched_policies[p]; p++) {
        if (sched_policies[p] == &sched_fifo) {
            continue; /* Who has never run has no page to deliver on. */
        }
        struct bench *b = make(INTERRUPTS_SYNCHRONOUS);
        struct guest_asm a;
        spinner(&a, true);
        bench_add(b, &a, 4);
        b->sched = sched_policies[p];
        boot(b, &log);
        bench_run(b, 302000);
        vmid_t running = b->kernel->turn.running;
        bench_send_to(b, 303000, (running + 1) % 4);
        bench_run(b, 304000);
        assert_int_equal(b->kernel->summons.aside.vm, running);
        struct vm_ending ending = { .end = VM_END_SUPERVISOR };
        lifecycle_end(b->kernel, kernel_vm(b->kernel, running), &ending);
        assert_int_equal(b->kernel->summons.aside.vm, VM_NONE);
        bench_send_to(b, 325000, (running + 2) % 4);
        bench_run(b, 500000);
        assert_int_equal(b->kernel->alive, 3);
        bench_release(b);
    }
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
