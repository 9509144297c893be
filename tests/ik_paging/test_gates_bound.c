/*
 * test_gates_bound.c - whoever comes to the gate is admitted after no more
 * admissions of others than its policy's file says, with VMs that spin, serve
 * and fault in the way; and everybody gets on.
 */
#include "tests/ik_paging/machines.h"

#define VMS            12
#define OVERTAKE_LIMIT 64 /* As in ik/policy/gate_working_set.c. */

struct waiter {
    uint64_t before; /* Admissions when it arrived. */
    uint64_t bound;  /* Most of others that may come first. */
    bool waits;
};

struct watch {
    struct bench *b;
    uint64_t admissions;
    uint64_t longest; /* Admissions of others that anyone saw. */
    uint64_t longest_cycles;
    uint32_t late; /* VMs that waited for more than their bound. */
    struct waiter waiters[VMS];
};

static uint64_t bound_of(const struct watch *w, uint32_t others)
{
    return w->b->gate == &gate_working_set ? others + OVERTAKE_LIMIT : others;
}

static void on_event(void *ctx, const struct trace_event *event)
{
    struct watch *w = ctx;
    if (event->kind != TRACE_ARRIVE && event->kind != TRACE_ADMIT) {
        return;
    }
    struct waiter *v = &w->waiters[event->vm];
    if (event->kind == TRACE_ARRIVE) {
        uint32_t others = 0;
        for (vmid_t i = 0; i < VMS; i++) {
            others += w->waiters[i].waits;
        }
        *v = (struct waiter){ w->admissions, bound_of(w, others), true };
        return;
    }
    uint64_t passed = w->admissions - v->before;
    w->late += passed > v->bound;
    w->longest = passed > w->longest ? passed : w->longest;
    uint64_t waited = trace_get_admit(event).waited;
    w->longest_cycles = waited > w->longest_cycles ? waited : w->longest_cycles;
    v->waits = false;
    w->admissions++;
}

static void spinner(struct guest_asm *a)
{
    asm_init(a);
    asm_jmp(a, asm_here(a));
}

/* Wakes, works for a moment on a few pages, and sleeps: a server. */
static void server(struct guest_asm *a)
{
    asm_init(a);
    uint32_t again = asm_here(a);
    for (uint32_t page = 0; page < 6; page++) {
        asm_inc(a, 0x00410000 + page * ABI_PAGE_BYTES);
    }
    asm_alarm(a, ABI_TIME_NEVER); /* Brings the time up to date. */
    asm_load_from(a, CPU_EAX, GUEST_REG(TIME_LOW));
    ASM(a, 0x05, 0x50, 0xc3, 0, 0); /* add $50000, %eax */
    asm_mov(a, CPU_EDX, 0);
    asm_int(a, ABI_VI_IDLE);
    asm_jmp(a, again);
}

static void nobody_waits_longer_than_its_gate_promises(void **state)
{
    (void)state;
    for (size_t g = 0; gate_policies[g]; g++) {
        for (size_t r = 0; replace_policies[r]; r++) {
            struct guest_asm spin;
            struct guest_asm serve;
            struct guest_asm fault;
            spinner(&spin);
            server(&serve);
            asm_init(&fault);
            asm_pattern(&fault,
                        &(struct pattern){ 0x00410000, 90, 7, 1000000 });
            struct bench *b = small_machine(25 + 24 + 60);
            b->gate = gate_policies[g];
            b->replace = replace_policies[r];
            b->scenario.lease_ns = 100000;
            b->scenario.boot = BOOT_MODELLED;
            b->whole_audit_period = 16;
            bench_add_vms(b, bench_add_image(b, &spin), 4, "spin");
            bench_add_vms(b, bench_add_image(b, &serve), 4, "serve");
            bench_add_vms(b, bench_add_image(b, &fault), 4, "fault");
            struct watch *w = &(struct watch){ .b = b };
            b->groups[2].memory_bytes = 128 * ABI_PAGE_BYTES;
            bench_boot(b);
            /* All have arrived before anyone could watch. */
            for (vmid_t vm = 0; vm < VMS; vm++) {
                w->waiters[vm] = (struct waiter){ 0, bound_of(w, vm), true };
            }
            trace_add_sink(b->trace, on_event, w);
            uint64_t before[VMS] = { 0 };
            for (uint64_t at = 40000000; at <= 120000000; at += 40000000) {
                small_run(b, at);
                for (vmid_t vm = 0; vm < VMS; vm++) {
                    if (bench_vm(b, vm)->insns == before[vm]) {
                        fail_msg("%s, %s: VM %u (%s) has not run for 40 ms",
                                 b->gate->facts.name, b->replace->facts.name,
                                 vm, bench_vm(b, vm)->args);
                    }
                    before[vm] = bench_vm(b, vm)->insns;
                }
            }
            print_message("%s, %s: %llu admissions; at most %llu others, %llu "
                          "us before one\n",
                          b->gate->facts.name, b->replace->facts.name,
                          (unsigned long long)w->admissions,
                          (unsigned long long)w->longest,
                          (unsigned long long)w->longest_cycles / 1000);
            assert_int_equal(w->late, 0);
            assert_true(w->admissions > 100);
            bench_release(b);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_waits_longer_than_its_gate_promises),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
