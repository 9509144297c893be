/* test_clock.c - what a scenario gives as times lasts as long whatever the clock
   of the processor: quanta, leases, and how long boot has patience. */
#include "tests/ik/fixture.h"

#include <string.h>

#include "ik/gate.h"
#include "ik/policy/policies.h"

static void spinner(struct guest_asm *a)
{
    asm_init(a);
    uint32_t again = asm_here(a);
    asm_jmp(a, again);
}

/* A gate with room for one of two VMs. */
struct narrow {
    struct gate base;
    vmid_t queue[2];
    uint32_t count;
};

static struct narrow *narrow_of(struct gate *g)
{
    return CONTAINER_OF(g, struct narrow, base);
}

static struct gate *narrow_create(const struct gate_policy *self,
                                  struct arena *arena,
                                  const struct gate_config *config)
{
    (void)config;
    struct narrow *n = arena_alloc(arena, sizeof(*n), 16);
    assert_non_null(n);
    n->base.policy = self;
    return &n->base;
}

static void narrow_arrive(struct gate *g, vmid_t vm, uint32_t frames)
{
    struct narrow *n = narrow_of(g);
    (void)frames;
    assert_true(n->count < 2);
    n->queue[n->count++] = vm;
}

static void narrow_leave(struct gate *g, vmid_t vm)
{
    struct narrow *n = narrow_of(g);
    n->queue[0] = n->queue[0] == vm ? n->queue[1] : n->queue[0];
    n->count--;
}

static vmid_t narrow_head(const struct gate *g)
{
    /* The base is the first member. */
    const struct narrow *n = (const struct narrow *)(const void *)g;
    return n->count > 0 ? n->queue[0] : VM_NONE;
}

static vmid_t narrow_admit(struct gate *g, const struct gate_view *view)
{
    vmid_t head = view->admitted == 0 ? narrow_head(g) : VM_NONE;
    if (head != VM_NONE) {
        narrow_leave(g, head);
    }
    return head;
}

static const struct gate_policy narrow = {
    .facts = { .name = "narrow" },
    .create = narrow_create,
    .arrive = narrow_arrive,
    .leave = narrow_leave,
    .head = narrow_head,
    .admit = narrow_admit,
};

static const uint64_t clocks[] = { 1000000000, 2000000000, 4000000000 };
#define CLOCK_COUNT (sizeof(clocks) / sizeof(clocks[0]))

/* Two that never idle, quanta of 10 us, leases of a ms; a load asks the
   second. */
static struct bench *two_spinners(uint64_t cpu_hz, struct scenario_load *load)
{
    struct guest_asm a;
    struct bench *b = bench_create();
    b->machine.cpu_hz = cpu_hz;
    b->scenario.quantum_ns = 10000;
    b->scenario.lease_ns = 1000000;
    b->scenario.boot_instructions = 1000;
    spinner(&a);
    bench_add(b, &a, 1);
    bench_add(b, &a, 1);
    *load = (struct scenario_load){ .target = 1 };
    b->scenario.loads = load;
    b->scenario.load_count = 1;
    b->whole_audit_period = 16;
    return b;
}

static void run_until_us(struct bench *b, uint64_t us)
{
    bench_try_run(b, us * (b->machine.cpu_hz / 1000000));
}

/* Boot waits for the lease, which is the gate's patience, and not for long
   beyond it. */
static void who_waits_at_the_gate_boots_when_a_lease_ends(void **state)
{
    (void)state;
    for (size_t i = 0; i < CLOCK_COUNT; i++) {
        struct scenario_load load;
        struct bench *b = two_spinners(clocks[i], &load);
        b->gate = &narrow;
        bench_boot(b);
        run_until_us(b, 990);
        assert_int_equal(bench_vm(b, 1)->state, VM_WAITING);
        assert_int_equal(bench_vm(b, 1)->insns, 0);
        run_until_us(b, 1020);
        assert_true(bench_vm(b, 1)->insns > 0);
        assert_int_equal(b->kernel->awaiting_boot, 0);
        assert_string_equal(b->kernel->failure, "");
        bench_release(b);
    }
}

/* Eight rounds of two VMs, of 10 us each. */
static void boot_is_given_up_when_others_have_run_for_eight_rounds(void **state)
{
    (void)state;
    for (size_t i = 0; i < CLOCK_COUNT; i++) {
        struct scenario_load load;
        struct bench *b = two_spinners(clocks[i], &load);
        b->sched = &sched_fifo;
        bench_boot(b);
        run_until_us(b, 158);
        assert_string_equal(b->kernel->failure, "");
        run_until_us(b, 185);
        assert_non_null(strstr(b->kernel->failure, "boot gets nowhere"));
        bench_release(b);
    }
}

static void quanta_are_times_whatever_the_clock(void **state)
{
    (void)state;
    for (size_t i = 0; i < CLOCK_COUNT; i++) {
        struct scenario_load load;
        struct bench *b = two_spinners(clocks[i], &load);
        bench_boot(b);
        run_until_us(b, 1001);
        assert_in_range(b->stats.sched.preemptions, 99, 101);
        bench_release(b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_waits_at_the_gate_boots_when_a_lease_ends),
        cmocka_unit_test(
            boot_is_given_up_when_others_have_run_for_eight_rounds),
        cmocka_unit_test(quanta_are_times_whatever_the_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
