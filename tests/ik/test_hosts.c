/*
 * test_hosts.c - what a policy may ask of the kernel, by one that asks for all
 * of it: earliest deadline first (Liu and Layland, 1973), which preempts when a
 * VM becomes ready and rests until a cycle that an argument says.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ik/hosts/args.h"
#include "ik/policy/policies.h"
#include "tests/ik/edf_args.h"
#include "tests/ik/fixture.h"

#define QUANTUM 10000
#define VMS     16
#define SOON    40 /* Cycles of the kernel around a switch. */
struct edf {
    struct sched base;
    struct policy_host *host;
    uint64_t quantum_cycles;
    uint64_t rest_until;
    bool is_strict;
    uint64_t within[VMS];   /* Cycles. */
    uint64_t deadline[VMS]; /* Valid while ready, or running. */
    bool is_ready[VMS];
};

static struct edf *edf_of(struct sched *s)
{
    return CONTAINER_OF(s, struct edf, base);
}

static struct sched *edf_create(const struct sched_policy *self,
                                struct arena *arena,
                                const struct sched_config *config)
{
    assert_true(config->vm_limit <= VMS);
    struct edf *e = arena_alloc(arena, sizeof(*e), alignof(struct edf));
    assert_non_null(e);
    e->base.policy = self;
    e->host = config->host;
    e->quantum_cycles = config->quantum_cycles;
    e->rest_until = policy_arg(e->host, &self->facts, "rest");
    e->is_strict = policy_arg(e->host, &self->facts, "strict");
    for (vmid_t vm = 0; vm < config->vm_limit; vm++) {
        e->within[vm] = policy_vm_arg(e->host, &self->facts, vm, "deadline");
    }
    return &e->base;
}

static struct sched_place edf_ready(struct sched *s, vmid_t vm)
{
    struct edf *e = edf_of(s);
    if (e->deadline[vm] == 0) {
        /* No two are equal. */
        e->deadline[vm] = policy_now(e->host) + e->within[vm] + vm;
    }
    e->is_ready[vm] = true;
    return (struct sched_place){ .key = e->deadline[vm] };
}

static void edf_remove(struct sched *s, vmid_t vm)
{
    edf_of(s)->is_ready[vm] = false;
}

static struct sched_choice edf_take(struct sched *s, vmid_t vm)
{
    edf_remove(s, vm);
    return (struct sched_choice){ vm, edf_of(s)->quantum_cycles, false };
}

static struct sched_choice edf_pick(struct sched *s)
{
    struct edf *e = edf_of(s);
    if (policy_now(e->host) < e->rest_until) {
        policy_wake_at(e->host, e->rest_until);
        return (struct sched_choice){ .vm = VM_NONE };
    }
    vmid_t first = VM_NONE;
    for (vmid_t vm = 0; vm < VMS; vm++) {
        bool is_first =
            e->is_ready[vm] &&
            (first == VM_NONE || e->deadline[vm] < e->deadline[first]);
        first = is_first ? vm : first;
    }
    if (first == VM_NONE) {
        return (struct sched_choice){ .vm = VM_NONE };
    }
    uint64_t now = policy_now(e->host);
    uint64_t deadline = e->deadline[first];
    policy_reason(e->host, 0, deadline > now ? deadline - now : 0);
    return edf_take(s, first);
}

static void edf_stop(struct sched *s, vmid_t vm, enum sched_stop why,
                     uint64_t granted, uint64_t used)
{
    struct edf *e = edf_of(s);
    assert_true(why != SCHED_STOP_PREEMPTED || used < granted);
    if (why == SCHED_STOP_IDLE || why == SCHED_STOP_END) {
        e->deadline[vm] = 0;
    }
    if (why == SCHED_STOP_END && e->is_strict) {
        policy_fail(e->host, "nobody may end");
    }
}

static bool edf_preempts(struct sched *s, vmid_t vm, vmid_t running,
                         uint64_t used)
{
    (void)used;
    const struct edf *e = edf_of(s);
    return e->deadline[vm] < e->deadline[running];
}

static const char *const edf_reasons[] = { "its deadline is in %t", NULL };

#define EDF                                                         \
    .facts = { .name = "edf",                                       \
               .args = edf_args,                                    \
               .vm_args = edf_vm_args,                              \
               .reasons = edf_reasons },                            \
    .create = edf_create, .ready = edf_ready, .remove = edf_remove, \
    .pick = edf_pick, .take = edf_take, .stop = edf_stop

static const struct sched_policy edf = { EDF, .preempts = edf_preempts };
static const struct sched_policy patient_edf = { EDF };

/* ---- Guests ------------------------------------------------------------- */

struct log {
    struct trace_event events[4096];
    uint32_t count;
};

static void on_event(void *ctx, const struct trace_event *e)
{
    struct log *log = ctx;
    bool is_kept = e->kind == TRACE_GIVE_WAY || e->kind == TRACE_REASON ||
                   e->kind == TRACE_DELIVER || e->kind == TRACE_PICK;
    if (is_kept && log->count < 4096) {
        log->events[log->count++] = *e;
    }
}

static const struct trace_event *first(const struct log *log, uint64_t from,
                                       enum trace_kind kind, vmid_t vm)
{
    for (uint32_t i = 0; i < log->count; i++) {
        const struct trace_event *e = &log->events[i];
        if (e->time >= from && e->kind == kind && e->vm == vm) {
            return e;
        }
    }
    fail_msg("no event %s of VM %u", trace_kinds[kind].name, vm);
    abort();
}

/* VM 0 sleeps until packets come, VMs 1 and 2 compute. */
static struct bench *make(const struct sched_policy *policy,
                          const struct scenario_arg *arg,
                          const struct scenario_arg *urgent)
{
    struct bench *b = bench_create();
    b->sched = policy;
    b->whole_audit_period = 16;
    struct guest_asm a;
    asm_init_with_handler(&a);
    ASM(&a, 0x50, 0x58); /* push %eax; pop %eax */
    asm_idle_for_ever(&a);
    bench_add_vms(b, bench_add_image(b, &a), 1, "");
    asm_init_with_handler(&a);
    uint32_t again = asm_here(&a);
    asm_spin(&a, 100);
    asm_jmp(&a, again);
    bench_add_vms(b, bench_add_image(b, &a), 2, "");
    b->scenario.scheduler_args = (struct scenario_args){ arg, arg ? 1 : 0 };
    b->groups[0].policy_args = (struct scenario_args){ urgent, urgent ? 1 : 0 };
    return b;
}

static const struct scenario_arg soon = { "deadline", "2us" };

static void who_is_urgent_goes_first_at_once(void **state)
{
    (void)state;
    static const struct sched_policy *const policies[] = { &edf, &patient_edf };
    for (int i = 0; i < 2; i++) {
        struct bench *b = make(policies[i], NULL, &soon);
        static struct log log;
        log.count = 0;
        bench_boot(b);
        trace_add_sink(b->trace, on_event, &log);
        bench_send_to(b, 53000, 0);
        bench_run(b, 100000);
        uint64_t taken = first(&log, 53000, TRACE_DELIVER, 0)->time;
        if (policies[i] == &edf) {
            assert_in_range(taken, 53000, 53000 + SOON);
            assert_int_equal(b->stats.sched.wake_preemptions, 1);
            /* Its deadline is 2 us after it came; 1 ns is 1 cycle. */
            const struct trace_event *e = first(&log, 53000, TRACE_REASON, 0);
            struct trace_reason reason = trace_get_reason(e);
            assert_int_equal(reason.policy, POLICY_SCHEDULER);
            assert_int_equal(reason.which, 0);
            assert_in_range(reason.value, 2000 - SOON, 2000);
        } else {
            assert_in_range(taken, 53000 + SOON, 63000);
            assert_int_equal(b->stats.sched.wake_preemptions, 0);
        }
        bench_release(b);
    }
}

/* The preempted VM is READY again, and goes on: nobody else is as urgent. */
static void who_is_preempted_goes_on_afterwards(void **state)
{
    (void)state;
    struct bench *b = make(&edf, NULL, &soon);
    static struct log log;
    log.count = 0;
    bench_boot(b);
    trace_add_sink(b->trace, on_event, &log);
    bench_run(b, 53000);
    vmid_t running = b->kernel->turn.running;
    assert_in_range(running, 1, 2);
    bench_send_to(b, 53000, 0);
    bench_run(b, 60000);
    const struct trace_event *way = first(&log, 53000, TRACE_GIVE_WAY, running);
    assert_int_equal(trace_get_give_way(way).to, 0);
    assert_in_range(trace_get_give_way(way).left, 1, QUANTUM);
    assert_in_range(first(&log, 53000, TRACE_PICK, running)->time, way->time,
                    way->time + 500);
    bench_release(b);
}

static void a_scheduler_may_rest(void **state)
{
    (void)state;
    static const struct scenario_arg rest = { "rest", "70us" };
    struct bench *b = make(&edf, &rest, NULL);
    bench_boot(b);
    bench_run(b, 69000);
    for (vmid_t vm = 0; vm < 3; vm++) {
        assert_int_equal(bench_vm(b, vm)->cpu[CPU_GUEST], 0);
    }
    bench_run(b, 100000);
    uint64_t used =
        bench_vm(b, 1)->cpu[CPU_GUEST] + bench_vm(b, 2)->cpu[CPU_GUEST];
    assert_in_range(used, 25000, 30000);
    bench_release(b);
}

static void a_policy_ends_a_run_with_a_sentence(void **state)
{
    (void)state;
    struct bench *b = bench_create();
    b->sched = &edf;
    static const struct scenario_arg strict = { "strict", "true" };
    b->scenario.scheduler_args = (struct scenario_args){ &strict, 1 };
    struct guest_asm a;
    asm_init(&a);
    asm_terminate(&a, 0);
    bench_add(b, &a, 1);
    bench_boot(b);
    assert_int_equal(kernel_advance(b->kernel, 100000, NULL, NULL),
                     KERNEL_FAILED);
    assert_string_equal(b->kernel->failure,
                        "the scheduler 'edf': nobody may end");
    b->kernel->failure[0] = '\0'; /* What follows is not about this. */
    bench_release(b);
}

/* ---- Arguments ---------------------------------------------------------- */

static void arguments_have_units_and_defaults(void **state)
{
    (void)state;
    static const struct scenario_arg given[] = { { "rest", "3us" },
                                                 { "strict", "true" } };
    const struct scenario_args args = { given, 2 };
    assert_int_equal(args_value(&args, &edf_args[0], 2000000000), 6000);
    assert_int_equal(args_value(&args, &edf_args[1], 2000000000), 1);
    assert_int_equal(args_value(&args, &edf_args[2], 2000000000), 5);
    assert_int_equal(policy_arg(NULL, &edf.facts, "depth"), 5);
    assert_int_equal(policy_vm_arg(NULL, &edf.facts, 7, "deadline"), SECOND_NS);
}

static void each_policy_has_a_stream_of_its_own(void **state)
{
    (void)state;
    struct bench *b = make(&edf, NULL, NULL);
    bench_boot(b);
    for (int i = 0; i < POLICY_KIND_COUNT; i++) {
        for (int j = 0; j < i; j++) {
            assert_memory_not_equal(&b->kernel->hosts[i].host.rng,
                                    &b->kernel->hosts[j].host.rng,
                                    sizeof(struct rng));
        }
    }
    bench_release(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_urgent_goes_first_at_once),
        cmocka_unit_test(who_is_preempted_goes_on_afterwards),
        cmocka_unit_test(a_scheduler_may_rest),
        cmocka_unit_test(a_policy_ends_a_run_with_a_sentence),
        cmocka_unit_test(arguments_have_units_and_defaults),
        cmocka_unit_test(each_policy_has_a_stream_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
