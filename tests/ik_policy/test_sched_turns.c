/* test_sched_turns.c - schedulers that give turns: in what order, how long. */
#include "tests/ik_policy/sched_fixture.h"

static void who_idled_waits_like_any_other(void **state)
{
    (void)state;
    struct sched_fixture f;
    sched_init(&f, &sched_rr_no_boost);
    sched_ready(&f, 0);
    sched_run(&f, 0, SCHED_STOP_IDLE, 1);
    sched_ready(&f, 1);
    sched_ready(&f, 0);
    assert_int_equal(sched_run(&f, 1, SCHED_STOP_QUANTUM, QUANTUM), QUANTUM);
    assert_int_equal(sched_run(&f, 0, SCHED_STOP_PAGING, 100), QUANTUM);
    sched_ready(&f, 0);
    assert_int_equal(sched_run(&f, 0, SCHED_STOP_QUANTUM, QUANTUM + 50),
                     QUANTUM - 100);
    sched_ready(&f, 0);
    assert_int_equal(sched_run(&f, 0, SCHED_STOP_END, 0),
                     2 * QUANTUM - 100 - (QUANTUM + 50));
}

static void who_idled_goes_first_with_its_rest(void **state)
{
    (void)state;
    struct sched_fixture f;
    sched_init(&f, &sched_vrr);
    sched_ready(&f, 0);
    sched_run(&f, 0, SCHED_STOP_IDLE, 3000);
    sched_ready(&f, 1);
    sched_ready(&f, 0);
    assert_int_equal(sched_run(&f, 0, SCHED_STOP_IDLE, 3000), 5000);
    sched_ready(&f, 0);
    assert_int_equal(sched_run(&f, 0, SCHED_STOP_QUANTUM, 2000), 2000);
    sched_ready(&f, 0); /* Its turn is over. */
    assert_int_equal(sched_run(&f, 1, SCHED_STOP_QUANTUM, QUANTUM), QUANTUM);
    assert_int_equal(sched_run(&f, 0, SCHED_STOP_PAGING, 3000), QUANTUM);
    sched_ready(&f, 1);
    sched_ready(&f, 0); /* A page fault keeps the rest, not the place. */
    sched_run(&f, 1, SCHED_STOP_END, QUANTUM);
    assert_int_equal(sched_run(&f, 0, SCHED_STOP_END, 1), 5000);
}

/* One that always idles just before the end, beside three that compute. */
static uint64_t gain_of_gaming(const struct sched_policy *policy)
{
    struct sched_fixture f;
    sched_init(&f, policy);
    uint64_t all = 0;
    bool is_away = false;
    for (vmid_t vm = 0; vm < 4; vm++) {
        sched_ready(&f, vm);
    }
    while (all < 10000ull * QUANTUM) {
        struct sched_choice c = policy->pick(f.sched);
        bool games = c.vm == 0 && c.quantum_cycles > QUANTUM / 16;
        uint64_t used = c.quantum_cycles - (games ? QUANTUM / 16 : 0);
        policy->stop(f.sched, c.vm,
                     games ? SCHED_STOP_IDLE : SCHED_STOP_QUANTUM,
                     c.quantum_cycles, used);
        f.used[c.vm] += used;
        all += used;
        if (is_away) { /* It is back while another ran. */
            sched_ready(&f, 0);
        }
        is_away = games;
        if (!games) {
            sched_ready(&f, c.vm);
        }
    }
    return f.used[0] * 1000 / all;
}

/* In thousandths; a fair share is 250. */
static void only_the_boost_can_be_gamed(void **state)
{
    (void)state;
    for (size_t p = 0; sched_policies[p]; p++) {
        uint64_t gain = gain_of_gaming(sched_policies[p]);
        print_message("%-20s %3u of 1000 cycles for one of four\n",
                      sched_policies[p]->facts.name, (unsigned)gain);
        if (sched_policies[p] == &sched_rr) {
            assert_in_range(gain, 450, 500); /* As its file says. */
        }
        if (!sched_policies[p]->promises.can_be_gamed) {
            assert_in_range(gain, 0, 260);
        }
    }
}

static void first_come_first_served_to_the_end(void **state)
{
    (void)state;
    struct sched_fixture f;
    sched_init(&f, &sched_fifo);
    for (vmid_t vm = 0; vm < 3; vm++) {
        sched_ready(&f, vm);
    }
    for (int n = 0; n < 5; n++) {
        sched_run(&f, 0, SCHED_STOP_QUANTUM, QUANTUM);
        sched_ready(&f, 0);
    }
    sched_run(&f, 0, SCHED_STOP_IDLE, QUANTUM);
    sched_ready(&f, 0);
    sched_run(&f, 1, SCHED_STOP_QUANTUM, QUANTUM + 5);
    sched_ready(&f, 1);
    assert_int_equal(sched_run(&f, 1, SCHED_STOP_PAGING, 10), QUANTUM - 5);
    sched_run(&f, 2, SCHED_STOP_QUANTUM, QUANTUM);
    sched_ready(&f, 2);
    f.policy->remove(f.sched, 2); /* At work, but not on the processor. */
    sched_run(&f, 0, SCHED_STOP_END, 1);
    sched_expect_nobody(&f);
}

static void who_uses_much_sinks_however_it_idles(void **state)
{
    (void)state;
    struct sched_fixture f;
    sched_init(&f, &sched_mlfq);
    sched_ready(&f, 0);
    assert_int_equal(sched_run(&f, 0, SCHED_STOP_IDLE, 900), 1000);
    sched_ready(&f, 0);
    assert_int_equal(sched_run(&f, 0, SCHED_STOP_QUANTUM, 100), 100);
    sched_ready(&f, 0);
    sched_ready(&f, 1);
    assert_int_equal(sched_run(&f, 1, SCHED_STOP_PAGING, 400), 1000);
    sched_ready(&f, 1);
    assert_int_equal(sched_run(&f, 1, SCHED_STOP_QUANTUM, 600), 600);
    sched_ready(&f, 1);
    static const uint64_t quanta[] = { 2000, 4000, 8000, 8000 };
    for (int n = 0; n < 4; n++) {
        for (vmid_t vm = 0; vm < 2; vm++) {
            assert_int_equal(sched_run(&f, vm, SCHED_STOP_QUANTUM, quanta[n]),
                             quanta[n]);
            sched_ready(&f, vm);
        }
    }
}

static void a_priority_is_where_a_vm_begins(void **state)
{
    (void)state;
    struct sched_fixture f;
    sched_set(&f, &sched_mlfq);
    f.vms[0].priority = 3;
    f.vms[1].priority = 1;
    sched_start(&f);
    for (vmid_t vm = 0; vm < 3; vm++) {
        sched_ready(&f, vm);
    }
    assert_int_equal(sched_run(&f, 2, SCHED_STOP_END, 1), 1000);
    assert_int_equal(sched_run(&f, 1, SCHED_STOP_END, 1), 2000);
    assert_int_equal(sched_run(&f, 0, SCHED_STOP_QUANTUM, QUANTUM), QUANTUM);
    sched_ready(&f, 0);
    for (int n = 1; n < 64; n++) {
        sched_run(&f, 0, SCHED_STOP_QUANTUM, QUANTUM);
        sched_ready(&f, 0);
    }
    /* All have used 64 quanta: it is put at the top, and goes straight back. */
    assert_int_equal(sched_run(&f, 0, SCHED_STOP_QUANTUM, 1000), 1000);
    sched_ready(&f, 0);
    assert_int_equal(sched_run(&f, 0, SCHED_STOP_END, 1), QUANTUM);
}

/* Rule 1, by the queues where they are and not by those where they began. */
static void only_who_is_in_a_higher_queue_preempts(void **state)
{
    (void)state;
    struct sched_fixture f;
    sched_init(&f, &sched_mlfq);
    sched_ready(&f, 0);
    sched_ready(&f, 1);
    sched_run(&f, 0, SCHED_STOP_QUANTUM, QUANTUM / 8); /* To queue 1. */
    sched_ready(&f, 0);
    sched_run(&f, 1, SCHED_STOP_QUANTUM, QUANTUM / 8);
    assert_int_equal(f.policy->pick(f.sched).vm, 0);
    sched_ready(&f, 1);
    assert_false(f.policy->preempts(f.sched, 1, 0, 0));
    sched_ready(&f, 2); /* New: in queue 0. */
    assert_true(f.policy->preempts(f.sched, 2, 0, 0));
    f.policy->stop(f.sched, 0, SCHED_STOP_QUANTUM, QUANTUM / 4, QUANTUM / 4);
    f.policy->remove(f.sched, 2);
    assert_int_equal(f.policy->pick(f.sched).vm, 1); /* 0 is in queue 2. */
    sched_ready(&f, 0);
    assert_false(f.policy->preempts(f.sched, 0, 1, 0));
    f.policy->stop(f.sched, 1, SCHED_STOP_IDLE, QUANTUM / 4, 1);
    assert_int_equal(f.policy->pick(f.sched).vm, 0);
    sched_ready(&f, 1);
    assert_true(f.policy->preempts(f.sched, 1, 0, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_idled_waits_like_any_other),
        cmocka_unit_test(who_idled_goes_first_with_its_rest),
        cmocka_unit_test(only_the_boost_can_be_gamed),
        cmocka_unit_test(first_come_first_served_to_the_end),
        cmocka_unit_test(who_uses_much_sinks_however_it_idles),
        cmocka_unit_test(a_priority_is_where_a_vm_begins),
        cmocka_unit_test(only_who_is_in_a_higher_queue_preempts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
