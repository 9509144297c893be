/* test_sched_rr.c - round robin with preference for those that idled. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ik/policy/policies.h"
#include "sim/arena.h"

#define QUANTUM     1000
#define LIMIT       64
#define ARENA_BYTES 16384

struct fixture {
    struct arena arena;
    struct sched *sched;
    alignas(16) uint8_t memory[ARENA_BYTES];
};

static void fixture_init(struct fixture *f)
{
    static const struct sched_config config = { .vm_limit = LIMIT,
                                                .quantum_cycles = QUANTUM };
    arena_init(&f->arena, f->memory, sizeof(f->memory));
    f->sched = sched_rr.create(&sched_rr, &f->arena, &config);
    assert_non_null(f->sched);
    assert_ptr_equal(f->sched->policy, &sched_rr);
}

static void ready(struct fixture *f, vmid_t vm)
{
    sched_rr.ready(f->sched, vm);
}

/* Picks, which must give `vm`, and stops it so. Returns what was granted. */
static uint64_t run(struct fixture *f, vmid_t vm, enum sched_stop why,
                    uint64_t used)
{
    struct sched_choice choice = sched_rr.pick(f->sched);
    assert_int_equal(choice.vm, vm);
    sched_rr.stop(f->sched, vm, why, choice.quantum_cycles, used);
    return choice.quantum_cycles;
}

static void expect_nobody(struct fixture *f)
{
    assert_int_equal(sched_rr.pick(f->sched).vm, VM_NONE);
}

static void ready_vms_take_turns(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    expect_nobody(&f);
    ready(&f, 2);
    ready(&f, 0);
    ready(&f, 1);
    for (int round = 0; round < 3; round++) {
        static const vmid_t order[] = { 2, 0, 1 };
        for (int i = 0; i < 3; i++) {
            assert_int_equal(run(&f, order[i], SCHED_STOP_QUANTUM, QUANTUM),
                             QUANTUM);
            ready(&f, order[i]);
        }
    }
}

static void a_vm_that_idled_early_goes_first_once(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    ready(&f, 0);
    run(&f, 0, SCHED_STOP_IDLE, QUANTUM / 2);
    ready(&f, 1);
    ready(&f, 2);
    ready(&f, 0);
    struct sched_choice choice = sched_rr.pick(f.sched);
    assert_int_equal(choice.vm, 0);
    assert_true(choice.is_preferred);
    assert_int_equal(choice.quantum_cycles, QUANTUM);
    sched_rr.stop(f.sched, 0, SCHED_STOP_QUANTUM, QUANTUM, QUANTUM);
    ready(&f, 0);
    run(&f, 1, SCHED_STOP_QUANTUM, QUANTUM);
    run(&f, 2, SCHED_STOP_QUANTUM, QUANTUM);
    choice = sched_rr.pick(f.sched);
    assert_int_equal(choice.vm, 0);
    assert_false(choice.is_preferred);
}

static void idling_at_the_end_of_a_quantum_earns_nothing(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    ready(&f, 0);
    run(&f, 0, SCHED_STOP_IDLE, QUANTUM);
    ready(&f, 1);
    ready(&f, 0);
    run(&f, 1, SCHED_STOP_QUANTUM, QUANTUM);
    run(&f, 0, SCHED_STOP_QUANTUM, QUANTUM);
}

static void a_choice_among_the_preferred_alone_overtakes_nobody(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    ready(&f, 0);
    run(&f, 0, SCHED_STOP_IDLE, 1);
    ready(&f, 0);
    assert_false(sched_rr.pick(f.sched).is_preferred);
}

/* With many that always idle and one that does not, it runs within a bound. */
static void preferred_vms_starve_nobody(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    for (vmid_t vm = 1; vm < LIMIT; vm++) {
        ready(&f, vm);
    }
    for (vmid_t vm = 1; vm < LIMIT; vm++) {
        run(&f, vm, SCHED_STOP_IDLE, 1);
    }
    for (vmid_t vm = 0; vm < LIMIT; vm++) {
        ready(&f, vm);
    }
    int longest = 0;
    int since = 0;
    int turns = 0;
    for (int i = 0; i < 2000; i++) {
        struct sched_choice choice = sched_rr.pick(f.sched);
        bool hog = choice.vm == 0;
        sched_rr.stop(f.sched, choice.vm,
                      hog ? SCHED_STOP_QUANTUM : SCHED_STOP_IDLE,
                      choice.quantum_cycles, hog ? QUANTUM : 1);
        ready(&f, choice.vm);
        since = hog ? 0 : since + 1;
        longest = since > longest ? since : longest;
        turns += hog;
    }
    assert_int_equal(longest, 16);
    assert_true(turns > 100);
}

static void a_page_fault_keeps_the_rest_without_preference(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    ready(&f, 0);
    run(&f, 0, SCHED_STOP_PAGING, 300);
    ready(&f, 1);
    ready(&f, 0);
    run(&f, 1, SCHED_STOP_QUANTUM, QUANTUM);
    assert_int_equal(run(&f, 0, SCHED_STOP_QUANTUM, 700), 700);
    ready(&f, 0);
    assert_int_equal(run(&f, 0, SCHED_STOP_QUANTUM, QUANTUM), QUANTUM);
}

static void an_overrun_is_taken_from_the_next_quantum(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    static const struct {
        uint64_t used;
        uint64_t next;
    } rows[] = {
        { QUANTUM, QUANTUM },   { QUANTUM + 1, QUANTUM - 1 },
        { 2 * QUANTUM - 1, 1 }, { 2 * QUANTUM, 1 },
        { 50 * QUANTUM, 1 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        vmid_t vm = (vmid_t)i;
        ready(&f, vm);
        run(&f, vm, SCHED_STOP_QUANTUM, rows[i].used);
        ready(&f, vm);
        assert_int_equal(run(&f, vm, SCHED_STOP_QUANTUM, 0), rows[i].next);
    }
}

static void an_overrun_into_idling_is_taken_too(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    ready(&f, 0);
    run(&f, 0, SCHED_STOP_IDLE, QUANTUM + 10);
    ready(&f, 0);
    assert_int_equal(run(&f, 0, SCHED_STOP_QUANTUM, 0), QUANTUM - 10);
}

static void a_vm_can_leave_either_queue(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    ready(&f, 0);
    run(&f, 0, SCHED_STOP_IDLE, 1);
    for (int i = 0; i < 3; i++) {
        ready(&f, 0); /* Preferred. */
        ready(&f, 1);
        sched_rr.remove(f.sched, 0);
        sched_rr.remove(f.sched, 1);
        expect_nobody(&f);
    }
}

static void removal_leaves_the_others_in_order(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f);
    for (vmid_t vm = 0; vm < 6; vm++) {
        ready(&f, vm);
    }
    for (vmid_t vm = 0; vm < 3; vm++) {
        run(&f, vm, SCHED_STOP_IDLE, 1);
    }
    for (vmid_t vm = 0; vm < 3; vm++) {
        ready(&f, vm); /* Preferred, before 3 to 5. */
    }
    sched_rr.remove(f.sched, 1);
    sched_rr.remove(f.sched, 4);
    run(&f, 0, SCHED_STOP_END, 1);
    run(&f, 2, SCHED_STOP_END, 1);
    run(&f, 3, SCHED_STOP_END, 1);
    run(&f, 5, SCHED_STOP_END, 1);
    expect_nobody(&f);
}

static void a_full_arena_gives_no_instance(void **state)
{
    (void)state;
    static const struct sched_config config = { .vm_limit = LIMIT,
                                                .quantum_cycles = QUANTUM };
    alignas(16) uint8_t memory[ARENA_BYTES];
    struct arena arena;
    size_t bytes = 0;
    struct sched *s = NULL;
    for (; !s; bytes++) {
        assert_true(bytes < sizeof(memory));
        arena_init(&arena, memory, bytes);
        s = sched_rr.create(&sched_rr, &arena, &config);
    }
    assert_true(bytes > LIMIT * sizeof(uint64_t));
}

/* The same history leaves the same bytes, wherever the instance lies. */
static void the_same_history_leaves_the_same_bytes(void **state)
{
    (void)state;
    struct fixture f[2];
    for (int i = 0; i < 2; i++) {
        memset(f[i].memory, i ? 0xa5 : 0x00, sizeof(f[i].memory));
        fixture_init(&f[i]);
        for (vmid_t vm = 0; vm < LIMIT; vm++) {
            ready(&f[i], vm);
        }
        for (uint32_t n = 0; n < 1000; n++) {
            struct sched_choice c = sched_rr.pick(f[i].sched);
            sched_rr.stop(f[i].sched, c.vm, (enum sched_stop)(n % 3),
                          c.quantum_cycles, n * 7 % (2 * QUANTUM));
            ready(&f[i], c.vm);
        }
    }
    /* Behind the instance, which holds pointers, are numbers only: links of
       8 bytes and 16 bytes of state for each VM. */
    size_t flat = LIMIT * (8 + 16);
    size_t used = f[0].arena.used_bytes;
    assert_int_equal(used, f[1].arena.used_bytes);
    assert_memory_equal(f[0].memory + used - flat, f[1].memory + used - flat,
                        flat);
    for (int n = 0; n < LIMIT; n++) {
        struct sched_choice a = sched_rr.pick(f[0].sched);
        struct sched_choice b = sched_rr.pick(f[1].sched);
        assert_int_equal(a.vm, b.vm);
        assert_int_equal(a.quantum_cycles, b.quantum_cycles);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ready_vms_take_turns),
        cmocka_unit_test(a_vm_that_idled_early_goes_first_once),
        cmocka_unit_test(idling_at_the_end_of_a_quantum_earns_nothing),
        cmocka_unit_test(a_choice_among_the_preferred_alone_overtakes_nobody),
        cmocka_unit_test(preferred_vms_starve_nobody),
        cmocka_unit_test(a_page_fault_keeps_the_rest_without_preference),
        cmocka_unit_test(an_overrun_is_taken_from_the_next_quantum),
        cmocka_unit_test(an_overrun_into_idling_is_taken_too),
        cmocka_unit_test(a_vm_can_leave_either_queue),
        cmocka_unit_test(removal_leaves_the_others_in_order),
        cmocka_unit_test(a_full_arena_gives_no_instance),
        cmocka_unit_test(the_same_history_leaves_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
