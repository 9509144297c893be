/* test_checked.c - what a checker says of schedulers that break their
   contract, each in one call, and of those that keep it: nothing. */
#include "tests/plugin/said.h"

#include "cli/plugin/checked.h"
#include "ik/policy/policies.h"
#include "sim/arena.h"

#define VMS     8
#define QUANTUM 1000

/* A scheduler that answers what the test has set. */
struct puppet {
    struct sched base;
    struct sched_place place;
    struct sched_choice choice;
    uint32_t calls;
};

struct fixture {
    struct said said;
    struct arena arena;
    struct puppet *puppet;
    const struct sched_policy *policy;
    struct sched *sched;
    alignas(16) uint8_t memory[32768];
};

static struct puppet *puppet_of(struct sched *s)
{
    struct puppet *p = CONTAINER_OF(s, struct puppet, base);
    p->calls++;
    return p;
}

static struct sched *create(const struct sched_policy *self,
                            struct arena *arena,
                            const struct sched_config *config)
{
    (void)config;
    struct puppet *p = arena_alloc(arena, sizeof(*p), alignof(struct puppet));
    assert_non_null(p);
    p->base.policy = self;
    p->choice = (struct sched_choice){ VM_NONE, QUANTUM, false };
    return &p->base;
}

static struct sched_place ready(struct sched *s, vmid_t vm)
{
    (void)vm;
    return puppet_of(s)->place;
}

static void vm_leaves(struct sched *s, vmid_t vm)
{
    (void)vm;
    (void)puppet_of(s);
}

static struct sched_choice pick(struct sched *s)
{
    return puppet_of(s)->choice;
}

static struct sched_choice take(struct sched *s, vmid_t vm)
{
    (void)vm;
    return puppet_of(s)->choice;
}

static void stop(struct sched *s, vmid_t vm, enum sched_stop why,
                 uint64_t granted, uint64_t used)
{
    (void)vm;
    (void)why;
    (void)granted;
    (void)used;
    (void)puppet_of(s);
}

static void start(struct fixture *f, struct sched_promises promises)
{
    static const char *const reasons[] = { "so", NULL };
    struct sched_policy *inner;
    said_init(&f->said);
    arena_init(&f->arena, f->memory, sizeof(f->memory));
    inner =
        arena_alloc(&f->arena, sizeof(*inner), alignof(struct sched_policy));
    assert_non_null(inner);
    *inner = (struct sched_policy){
        .facts = { .name = "puppet", .reasons = reasons },
        .promises = promises,
        .create = create,
        .ready = ready,
        .remove = vm_leaves,
        .pick = pick,
        .take = take,
        .stop = stop,
    };
    const struct sched_config config = { .vm_limit = VMS,
                                         .quantum_cycles = QUANTUM,
                                         .host = &f->said.host };
    f->policy = checked_sched(&f->arena, inner);
    assert_non_null(f->policy);
    size_t mark = f->arena.used_bytes;
    f->sched = f->policy->create(f->policy, &f->arena, &config);
    assert_non_null(f->sched);
    assert_true(f->arena.used_bytes > mark);
    /* The last allocation is the puppet. */
    f->puppet = (struct puppet *)(void *)(f->memory + f->arena.used_bytes -
                                          sizeof(struct puppet));
    assert_ptr_equal(f->puppet->base.policy, inner);
}

static vmid_t choose(struct fixture *f, vmid_t vm, uint64_t quantum)
{
    f->puppet->choice = (struct sched_choice){ vm, quantum, false };
    return f->policy->pick(f->sched).vm;
}

static void expect_said(const struct fixture *f, const char *text)
{
    if (!strstr(f->said.text, text)) {
        fail_msg("said: %s", f->said.text);
    }
}

static void ready_all(struct fixture *f)
{
    for (vmid_t vm = 0; vm < 3; vm++) {
        (void)f->policy->ready(f->sched, vm);
    }
}

static void one_that_keeps_its_contract_is_left_alone(void **state)
{
    (void)state;
    static struct fixture f;
    start(&f, (struct sched_promises){ .bound = NULL });
    ready_all(&f);
    assert_int_equal(choose(&f, 1, QUANTUM * CHECKED_QUANTA), 1);
    f.puppet->choice.vm = 2;
    f.puppet->choice.quantum_cycles = 1;
    assert_int_equal(f.policy->take(f.sched, 2).vm, 2);
    f.policy->stop(f.sched, 2, SCHED_STOP_QUANTUM, 1, 1);
    f.policy->stop(f.sched, 1, SCHED_STOP_IDLE, 1, 1);
    f.policy->remove(f.sched, 0);
    assert_int_equal(choose(&f, VM_NONE, 0), VM_NONE);
    assert_string_equal(f.said.text, "");
}

static void a_vm_that_runs_is_not_chosen_again(void **state)
{
    (void)state;
    static struct fixture f;
    start(&f, (struct sched_promises){ .bound = NULL });
    ready_all(&f);
    assert_int_equal(choose(&f, 1, QUANTUM), 1);
    assert_int_equal(choose(&f, 1, QUANTUM), VM_NONE);
    expect_said(&f,
                "pick() = 1: must choose a VM that is ready; it chose VM 1, "
                "which it chose before and has not stopped (2 ready); "
                "before it: create(), ready(0), ready(1), ready(2), "
                "pick() = 1");
}

static void choices_that_cannot_be_are_told_apart(void **state)
{
    (void)state;
    static struct fixture f;
    static const struct {
        vmid_t vm;
        const char *says;
    } cases[] = {
        { VMS, "VM 8, of which there is none: VMs are 0 to 7" },
        { 5, "VM 5, which has never been ready" },
        { 0, "VM 0, which was removed at cycle 150" },
        { 1, "VM 1, which is dead since cycle 150" },
        { 2, "VM 2, which stopped at cycle 150 and is not ready again" },
        { VM_NONE, "must choose one of the 1 VMs that are ready" },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        start(&f, (struct sched_promises){ .bound = NULL });
        ready_all(&f);
        (void)f.policy->ready(f.sched, 3);
        f.said.now = 150;
        f.policy->remove(f.sched, 0);
        assert_int_equal(choose(&f, 1, QUANTUM), 1);
        f.policy->stop(f.sched, 1, SCHED_STOP_END, QUANTUM, 5);
        assert_int_equal(choose(&f, 2, QUANTUM), 2);
        f.policy->stop(f.sched, 2, SCHED_STOP_PAGING, QUANTUM, 5);
        assert_string_equal(f.said.text, "");
        assert_int_equal(choose(&f, cases[i].vm, QUANTUM), VM_NONE);
        expect_said(&f, cases[i].says);
    }
}

static void a_quantum_has_limits(void **state)
{
    (void)state;
    static struct fixture f;
    static const uint64_t wrong[] = { 0, QUANTUM * CHECKED_QUANTA + 1,
                                      UINT64_MAX };
    for (size_t i = 0; i < 3; i++) {
        start(&f, (struct sched_promises){ .bound = NULL });
        ready_all(&f);
        assert_int_equal(choose(&f, 1, wrong[i]), VM_NONE);
        expect_said(&f, "must grant 1 to 64000 cycles (64 quanta); it granted "
                        "VM 1 ");
        start(&f, (struct sched_promises){ .bound = NULL });
        ready_all(&f);
        f.puppet->choice = (struct sched_choice){ 1, wrong[i], false };
        assert_int_equal(f.policy->take(f.sched, 1).quantum_cycles, 1);
        expect_said(&f, "take(1): must grant");
    }
}

static void who_promises_an_order_keeps_it(void **state)
{
    (void)state;
    static struct fixture f;
    start(&f, (struct sched_promises){ .is_ordered = true });
    for (vmid_t vm = 0; vm < 3; vm++) {
        f.puppet->place.key = vm == 0 ? 9 : 4;
        (void)f.policy->ready(f.sched, vm);
    }
    assert_int_equal(choose(&f, 1, QUANTUM), 1);
    assert_int_equal(choose(&f, 2, QUANTUM), 2);
    f.policy->stop(f.sched, 1, SCHED_STOP_QUANTUM, QUANTUM, QUANTUM);
    (void)f.policy->ready(f.sched, 1);
    assert_string_equal(f.said.text, "");
    assert_int_equal(choose(&f, 0, QUANTUM), VM_NONE);
    expect_said(&f, "as it promises; it chose VM 0 with key 9 before VM 1 with "
                    "key 4");
}

static void
who_is_preferred_may_be_passed_by_the_first_other_alone(void **state)
{
    (void)state;
    static struct fixture f;
    for (vmid_t chosen = 0; chosen < 4; chosen++) {
        start(&f, (struct sched_promises){ .is_ordered = true });
        for (vmid_t vm = 0; vm < 4; vm++) { /* 0 and 1 are preferred. */
            f.puppet->place = (struct sched_place){ vm, vm < 2 };
            (void)f.policy->ready(f.sched, vm);
        }
        bool is_well = chosen == 0 || chosen == 2;
        assert_int_equal(choose(&f, chosen, QUANTUM),
                         is_well ? chosen : VM_NONE);
        assert_int_equal(f.said.text[0] == '\0', is_well);
    }
}

static void a_preferred_vm_with_a_greater_key_goes_not_first(void **state)
{
    (void)state;
    static struct fixture f;
    start(&f, (struct sched_promises){ .is_ordered = true });
    f.puppet->place = (struct sched_place){ 7, true };
    (void)f.policy->ready(f.sched, 0);
    f.puppet->place = (struct sched_place){ 5, false };
    (void)f.policy->ready(f.sched, 1);
    assert_int_equal(choose(&f, 0, QUANTUM), VM_NONE);
    expect_said(&f, "it chose VM 0 with key 7 before VM 1 with key 5");
}

static void who_rests_says_until_when(void **state)
{
    (void)state;
    static struct fixture f;
    start(&f, (struct sched_promises){ .may_rest = true });
    assert_int_equal(choose(&f, VM_NONE, 0), VM_NONE);
    ready_all(&f);
    assert_string_equal(f.said.text, "");
    assert_int_equal(choose(&f, VM_NONE, 0), VM_NONE);
    expect_said(&f, "must say by wake_at until when it rests, since 3 VMs are "
                    "ready; it did not");
}

/* It is said once, and the policy is not asked again. */
static void one_that_has_failed_is_not_called_again(void **state)
{
    (void)state;
    static struct fixture f;
    start(&f, (struct sched_promises){ .bound = NULL });
    ready_all(&f);
    assert_int_equal(choose(&f, 7, QUANTUM), VM_NONE);
    uint32_t calls = f.puppet->calls;
    f.policy->remove(f.sched, 0);
    assert_int_equal(f.policy->take(f.sched, 1).vm, 1);
    f.policy->stop(f.sched, 1, SCHED_STOP_END, 1, 1);
    (void)f.policy->ready(f.sched, 1);
    assert_int_equal(choose(&f, 1, QUANTUM), VM_NONE);
    assert_int_equal(f.puppet->calls, calls);
}

/* Each built-in one, over a history of its own, says nothing. */
static void built_in_ones_keep_their_contract(void **state)
{
    (void)state;
    static alignas(16) uint8_t memory[65536];
    for (size_t p = 0; sched_policies[p]; p++) {
        struct arena arena;
        struct said said;
        said_init(&said);
        arena_init(&arena, memory, sizeof(memory));
        const struct sched_config config = { .vm_limit = VMS,
                                             .quantum_cycles = QUANTUM,
                                             .host = &said.host };
        const struct sched_policy *c = checked_sched(&arena, sched_policies[p]);
        assert_non_null(c);
        struct sched *s = c->create(c, &arena, &config);
        assert_non_null(s);
        bool is_ready[VMS] = { false };
        uint32_t seed = 5;
        for (int n = 0; n < 5000; n++) {
            seed = seed * 1664525u + 1013904223u;
            vmid_t vm = (seed >> 16) % VMS;
            said.now += seed % 999;
            if (!is_ready[vm]) {
                (void)c->ready(s, vm);
                is_ready[vm] = true;
                continue;
            }
            struct sched_choice choice = c->pick(s);
            assert_true(choice.vm < VMS);
            is_ready[choice.vm] = false;
            bool goes_on = n % 3 > 0;
            c->stop(s, choice.vm,
                    goes_on ? SCHED_STOP_QUANTUM : SCHED_STOP_IDLE,
                    choice.quantum_cycles, seed % (choice.quantum_cycles + 9));
            if (goes_on) {
                (void)c->ready(s, choice.vm);
                is_ready[choice.vm] = true;
            }
        }
        if (said.text[0]) {
            fail_msg("%s: %s", sched_policies[p]->facts.name, said.text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_that_keeps_its_contract_is_left_alone),
        cmocka_unit_test(a_vm_that_runs_is_not_chosen_again),
        cmocka_unit_test(choices_that_cannot_be_are_told_apart),
        cmocka_unit_test(a_quantum_has_limits),
        cmocka_unit_test(who_promises_an_order_keeps_it),
        cmocka_unit_test(who_rests_says_until_when),
        cmocka_unit_test(one_that_has_failed_is_not_called_again),
        cmocka_unit_test(
            who_is_preferred_may_be_passed_by_the_first_other_alone),
        cmocka_unit_test(a_preferred_vm_with_a_greater_key_goes_not_first),
        cmocka_unit_test(built_in_ones_keep_their_contract),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
