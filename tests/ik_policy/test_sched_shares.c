/* test_sched_shares.c - schedulers that know shares: who gets how much. */
#include "tests/ik_policy/sched_fixture.h"

#define COUNT 5

static const uint32_t shares[COUNT] = { 100, 200, 300, 1, 10000 };
#define ALL_SHARES 10601.0

static void start(struct sched_fixture *f, const struct sched_policy *policy)
{
    sched_set(f, policy);
    for (vmid_t vm = 0; vm < COUNT; vm++) {
        f->vms[vm].shares = shares[vm];
    }
    sched_start(f);
    for (vmid_t vm = 0; vm < COUNT; vm++) {
        sched_ready(f, vm);
    }
}

/* At each step, for each pair; the bound is the one that both files state. */
static void the_error_is_bounded_at_each_step(void **state)
{
    (void)state;
    for (size_t p = 0; sched_policies[p]; p++) {
        if (sched_policies[p]->promises.shares != SCHED_SHARES_BOUNDED) {
            continue;
        }
        struct sched_fixture f;
        start(&f, sched_policies[p]);
        for (int n = 0; n < 50000; n++) {
            sched_run_any(&f, QUANTUM);
            for (vmid_t i = 0; i < COUNT; i++) {
                for (vmid_t j = 0; j < i; j++) {
                    double a = (double)f.used[i] / shares[i];
                    double b = (double)f.used[j] / shares[j];
                    double bound =
                        1.01 * QUANTUM * (1.0 / shares[i] + 1.0 / shares[j]);
                    assert_true(a - b <= bound && b - a <= bound);
                }
            }
        }
        assert_true(f.used[3] > 0);
    }
}

/* Within five standard deviations of n p; the seed is fixed. */
static void expect_odds(const struct sched_policy *policy)
{
    struct sched_fixture f;
    start(&f, policy);
    const double draws = 200000;
    for (int n = 0; n < (int)draws; n++) {
        sched_run_any(&f, QUANTUM);
    }
    for (vmid_t vm = 0; vm < COUNT; vm++) {
        double p = shares[vm] / ALL_SHARES;
        double off = (double)f.used[vm] / QUANTUM - draws * p;
        assert_true(off * off <= 25 * draws * p * (1 - p));
    }
}

static void who_promises_shares_on_average_keeps_its_odds(void **state)
{
    (void)state;
    for (size_t p = 0; sched_policies[p]; p++) {
        if (sched_policies[p]->promises.shares == SCHED_SHARES_EXPECTED) {
            expect_odds(sched_policies[p]);
        }
    }
}

/* One uses a tenth of each quantum, the other all of it; both are entitled to
   half, and have it: all three pay by use. */
static void who_uses_little_at_a_time_gets_its_share(void **state)
{
    (void)state;
    for (size_t p = 0; sched_policies[p]; p++) {
        if (sched_policies[p]->promises.shares == SCHED_SHARES_NONE) {
            continue;
        }
        struct sched_fixture f;
        sched_init(&f, sched_policies[p]);
        uint64_t used[2] = { 0 };
        sched_ready(&f, 0);
        sched_ready(&f, 1);
        for (int n = 0; n < 100000; n++) {
            struct sched_choice c = f.policy->pick(f.sched);
            bool idles = c.vm == 0;
            uint64_t spent = idles ? c.quantum_cycles / 10 : c.quantum_cycles;
            f.policy->stop(f.sched, c.vm,
                           idles ? SCHED_STOP_IDLE : SCHED_STOP_QUANTUM,
                           c.quantum_cycles, spent);
            used[c.vm] += spent;
            sched_ready(&f, c.vm);
        }
        double part = (double)used[0] / (double)(used[0] + used[1]);
        assert_true(part > 0.48 && part < 0.52);
    }
}

/* Who was away for long: stride gives it nothing for that, fair at most half
   a quantum; neither lets it keep the others waiting. */
static void sleep_saves_up_little(void **state)
{
    (void)state;
    static const struct {
        const struct sched_policy *policy;
        uint64_t most; /* Quanta in a row when it is back. */
    } rows[] = { { &sched_stride, 1 }, { &sched_fair, 2 } };
    for (size_t p = 0; p < 2; p++) {
        struct sched_fixture f;
        sched_init(&f, rows[p].policy);
        sched_ready(&f, 0);
        sched_run(&f, 0, SCHED_STOP_IDLE, 1);
        sched_ready(&f, 1);
        for (int n = 0; n < 1000; n++) {
            assert_int_equal(sched_run_any(&f, QUANTUM), 1);
        }
        sched_ready(&f, 0);
        uint64_t run = 0;
        while (sched_run_any(&f, QUANTUM) == 0) {
            run++;
        }
        assert_in_range(run, 0, rows[p].most);
    }
}

/* What `fair` gives to who comes back, by why it was away. Nobody having run,
   there is nothing to be level with. VM 1's last quantum begins where the last
   choice was: who comes back may use up that quantum and its credit first. */
static void half_a_quantum_is_for_sleep_and_page_waits_alone(void **state)
{
    (void)state;
    static const struct {
        enum sched_stop why;
        uint64_t credit;
    } rows[] = {
        { SCHED_STOP_IDLE, QUANTUM / 2 },
        { SCHED_STOP_PAGING, QUANTUM / 2 },
        { SCHED_STOP_LEASE, 0 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sched_fixture f;
        sched_init(&f, &sched_fair);
        assert_int_equal(f.policy->ready(f.sched, 0).key, 0);
        sched_run(&f, 0, rows[i].why, 1);
        sched_ready(&f, 1);
        for (int n = 0; n < 100; n++) {
            assert_int_equal(sched_run_any(&f, QUANTUM), 1);
        }
        sched_ready(&f, 0);
        assert_int_equal(sched_run_any(&f, QUANTUM / 2), 0);
        assert_int_equal(sched_run_any(&f, QUANTUM / 2 + rows[i].credit - 2),
                         0);
        assert_int_equal(sched_run_any(&f, 4), 0);
        assert_int_equal(sched_run_any(&f, QUANTUM), 1);
    }
}

/* What is run out of turn is paid for. */
static void who_is_taken_pays(void **state)
{
    (void)state;
    for (size_t p = 0; sched_policies[p]; p++) {
        if (sched_policies[p]->promises.shares != SCHED_SHARES_BOUNDED) {
            continue;
        }
        struct sched_fixture f;
        sched_init(&f, sched_policies[p]);
        sched_ready(&f, 0);
        sched_ready(&f, 1);
        for (int n = 0; n < 10; n++) {
            struct sched_choice c = f.policy->take(f.sched, 1);
            f.policy->stop(f.sched, 1, SCHED_STOP_QUANTUM, c.quantum_cycles,
                           c.quantum_cycles);
            sched_ready(&f, 1);
        }
        for (int n = 0; n < 10; n++) {
            assert_int_equal(sched_run_any(&f, QUANTUM), 0);
        }
        /* Level: each in its turn again. */
        vmid_t first = sched_run_any(&f, QUANTUM);
        assert_int_equal(sched_run_any(&f, QUANTUM), 1 - first);
    }
}

static void many_ready_vms_have_shorter_slices(void **state)
{
    (void)state;
    struct sched_fixture f;
    static const struct {
        vmid_t ready;
        uint64_t slice;
    } rows[] = {
        { 1, QUANTUM },      { 4, QUANTUM },      { 8, QUANTUM / 2 },
        { 16, QUANTUM / 4 }, { 32, QUANTUM / 8 }, { 64, QUANTUM / 8 }
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        sched_init(&f, &sched_fair);
        for (vmid_t vm = 0; vm < rows[i].ready; vm++) {
            sched_ready(&f, vm);
        }
        assert_int_equal(f.policy->pick(f.sched).quantum_cycles, rows[i].slice);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_error_is_bounded_at_each_step),
        cmocka_unit_test(who_promises_shares_on_average_keeps_its_odds),
        cmocka_unit_test(who_uses_little_at_a_time_gets_its_share),
        cmocka_unit_test(sleep_saves_up_little),
        cmocka_unit_test(half_a_quantum_is_for_sleep_and_page_waits_alone),
        cmocka_unit_test(who_is_taken_pays),
        cmocka_unit_test(many_ready_vms_have_shorter_slices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
