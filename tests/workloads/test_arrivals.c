/*
 * test_arrivals.c - the patterns of open loops, as statistics see them: rates,
 * how much counts vary, the profile of a flash crowd. The servers are black
 * holes.
 */
#include "sim/devices/machine.h"
#include "tests/workloads/world.h"
#include "workloads/load.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MS    UINT64_C(1000000)
#define VMS   10
#define TIMES 200000

struct run {
    struct scenario_load load;
    uint64_t seed;
    double seconds;
    uint32_t loads; /* So many of the same, on the same VMs; 0: one. */
    double start;   /* Seconds. */

    uint64_t asked;
    double times[TIMES]; /* Seconds. */
    uint8_t vms[TIMES];
    uint64_t per_vm[VMS];
    char fingerprint[FINGERPRINT_CHARS];
};

static struct run a, b;

static void run_init(struct run *r, enum scenario_arrivals arrivals)
{
    memset(r, 0, sizeof *r);
    r->seed = 1;
    r->seconds = 60;
    r->load = (struct scenario_load){
        .rate = 1000, .timeout_ns = 1 * MS, .path = "/", .arrivals = arrivals
    };
    if (arrivals == ARRIVALS_ON_OFF) {
        r->load.burst_ns = 20 * MS;
        r->load.idle_ns = 60 * MS;
    } else if (arrivals == ARRIVALS_FLASH) {
        r->load.peak = 5;
        r->load.onset_ns = 10000 * MS;
        r->load.rise_ns = 4000 * MS;
        r->load.hold_ns = 10000 * MS;
        r->load.decay_ns = 8000 * MS;
    }
}

static void look(void *ctx, const struct trace_event *e)
{
    struct run *r = ctx;
    if (e->kind == TRACE_REQUEST) {
        assert_true(r->asked < TIMES && e->vm < VMS);
        r->times[r->asked] = (double)e->time / WORLD_HZ - r->start;
        r->vms[r->asked++] = (uint8_t)e->vm;
        r->per_vm[e->vm]++;
    }
}

static void swallow(void *ctx, struct packet *p)
{
    struct world *w = ctx;
    packet_put(&w->pool, p);
}

static void run(struct run *r)
{
    struct world w;
    struct scenario_vms vms = { .name = "a", .count = VMS };
    struct scenario_load loads[2] = { r->load, r->load };
    struct scenario scenario = { .seed = r->seed,
                                 .group_count = 1,
                                 .vms = &vms,
                                 .vm_count = VMS,
                                 .load_count = r->loads > 0 ? r->loads : 1,
                                 .loads = loads };
    world_init(&w, WORLD_MIB(64), NULL);
    link_attach(&w.link, LINK_MACHINE, swallow, &w);
    trace_add_sink(w.trace, look, r);
    struct load *load = world_load(&w, &scenario, NULL);
    assert_non_null(load);
    load_start(load, world_seconds(r->start));
    world_run(&w, world_seconds(r->start) + world_seconds(r->seconds));
    load_stop(load);
    uint64_t asked = r->asked;
    load_abandon(load);
    world_run(&w, TIME_NEVER);
    assert_int_equal(r->asked, asked); /* None after the stop. */
    assert_int_equal(w.pool.in_use, 0);
    trace_fingerprint(w.trace, r->fingerprint);
    world_release(&w);
}

static uint64_t count_between(const struct run *r, double from, double to)
{
    uint64_t count = 0;
    for (uint64_t i = 0; i < r->asked; i++) {
        count += r->times[i] >= from && r->times[i] < to;
    }
    return count;
}

/* Index of dispersion: variance over mean of the counts in spans of `span`
   seconds. */
static double dispersion(const struct run *r, double span)
{
    uint64_t spans = (uint64_t)(r->seconds / span);
    double *counts = calloc(spans + 1, sizeof *counts);
    double mean = 0, variance = 0;
    assert_non_null(counts);
    for (uint64_t i = 0; i < r->asked; i++) {
        counts[(uint64_t)(r->times[i] / span)]++;
    }
    for (uint64_t i = 0; i < spans; i++) {
        mean += counts[i] / (double)spans;
    }
    for (uint64_t i = 0; i < spans; i++) {
        variance += (counts[i] - mean) * (counts[i] - mean) / (double)spans;
    }
    free(counts);
    return variance / mean;
}

static void evenly_spaced_requests_are(void **state)
{
    (void)state;
    run_init(&a, ARRIVALS_UNIFORM);
    a.load.rate = 333; /* Not a whole number of cycles. */
    a.seconds = 100.001;
    run(&a);
    assert_int_equal(a.asked, 33300);
    for (uint64_t i = 0; i < a.asked; i++) {
        double late = a.times[i] - (double)(i + 1) / 333;
        assert_true(late < 1e-9 && late > -2.0 / WORLD_HZ);
    }
}

static void bursts_keep_the_mean_rate(void **state)
{
    static const struct {
        uint64_t burst_ms, idle_ms;
    } cases[] = { { 20, 60 }, { 50, 5 }, { 1, 99 } };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double rates = 0;
        for (uint64_t seed = 1; seed <= 5; seed++) {
            run_init(&a, ARRIVALS_ON_OFF);
            a.seed = seed;
            a.load.burst_ns = cases[i].burst_ms * MS;
            a.load.idle_ns = cases[i].idle_ms * MS;
            run(&a);
            rates += (double)a.asked / a.seconds / 5;
        }
        /* Of 3,000 cycles of 100 ms at worst: some 2.6 % each way. */
        assert_true(rates > 1000 * 0.9 && rates < 1000 * 1.1);
    }
}

/*
 * Over spans far longer than the phases the index of an interrupted Poisson
 * process tends to 1 + 2 p / (burst (1/burst + 1/idle)^2), with p the rate in a
 * burst (Fischer and Meier-Hellstern, 1993): here 1 + 2 * 4000 * 50 / 66.67^2.
 */
static void bursts_vary_as_theory_says(void **state)
{
    double index = 0, poisson = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        run_init(&a, ARRIVALS_ON_OFF);
        a.seed = seed;
        run(&a);
        index += dispersion(&a, 1.0) / 8;
        run_init(&b, ARRIVALS_POISSON);
        b.seed = seed;
        run(&b);
        poisson += dispersion(&b, 1.0) / 8;
    }
    /* Each of 480 spans; 6.5 % is one standard deviation of a variance. */
    assert_true(poisson > 0.8 && poisson < 1.2);
    double want = 1 + 2 * 4000 * 50 / (66.6667 * 66.6667);
    assert_true(index > want * 0.75 && index < want * 1.25);
}

/* With heavy tails a longer span does not help: the index goes on growing. */
static void heavy_tails_vary_at_every_scale(void **state)
{
    double light[2] = { 0 }, heavy[2] = { 0 };
    (void)state;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        run_init(&a, ARRIVALS_ON_OFF);
        a.seed = seed;
        run(&a);
        run_init(&b, ARRIVALS_ON_OFF);
        b.seed = seed;
        b.load.shape = 1.3;
        run(&b);
        for (int i = 0; i < 2; i++) {
            light[i] += dispersion(&a, i ? 4.0 : 0.25);
            heavy[i] += dispersion(&b, i ? 4.0 : 0.25);
        }
    }
    assert_true(light[1] / light[0] < 2.0);
    assert_true(heavy[1] / heavy[0] > 2.0);
}

static void a_crowd_follows_its_profile(void **state)
{
    /* From, to, and how many in all: 1,000 a second, and up to 4,000 more. */
    static const double spans[][3] = {
        { 0, 10, 10000 },         { 10, 12, 2000 + 2000 },
        { 12, 14, 2000 + 6000 },  { 14, 24, 50000 },
        { 24, 28, 4000 + 12000 }, { 28, 32, 4000 + 4000 },
        { 32, 60, 28000 },        { 0, 60, 60000 + 4000 * (2 + 10 + 4) },
    };
    (void)state;
    for (int all = 0; all < 2; all++) {
        run_init(&a, ARRIVALS_FLASH);
        a.load.crowd = all ? CROWD_ALL : CROWD_ONE;
        run(&a);
        for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
            double got = (double)count_between(&a, spans[i][0], spans[i][1]);
            double off = got - spans[i][2];
            /* 4 standard deviations. */
            assert_true(off * off < 16 * spans[i][2]);
        }
    }
}

static void a_crowd_hits_one_or_all(void **state)
{
    uint32_t victims = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        run_init(&a, ARRIVALS_FLASH);
        a.seed = seed;
        run(&a);
        for (uint32_t vm = 0; vm < VMS; vm++) {
            bool is_hit = a.per_vm[vm] > 20000;
            assert_true(is_hit || a.per_vm[vm] < 7000);
            victims |= (uint32_t)is_hit << vm;
        }
        run_init(&a, ARRIVALS_FLASH);
        a.seed = seed;
        a.load.crowd = CROWD_ALL;
        run(&a);
        for (uint32_t vm = 0; vm < VMS; vm++) {
            assert_in_range(a.per_vm[vm], 11500, 13300);
        }
    }
    assert_true(victims & (victims - 1)); /* The seed says whom. */
}

/* Both lists ascend, so one pass will do. */
static void without_its_crowd_it_is_the_poisson_process(void **state)
{
    (void)state;
    for (int all = 0; all < 2; all++) {
        run_init(&a, ARRIVALS_FLASH);
        a.load.crowd = all ? CROWD_ALL : CROWD_ONE;
        run(&a);
        run_init(&b, ARRIVALS_POISSON);
        run(&b);
        uint64_t i = 0;
        for (uint64_t k = 0; k < b.asked; k++, i++) {
            while (i < a.asked &&
                   (a.times[i] < b.times[k] ||
                    (a.times[i] == b.times[k] && a.vms[i] != b.vms[k]))) {
                i++;
            }
            assert_true(i < a.asked && a.times[i] == b.times[k]);
            assert_int_equal(a.vms[i], b.vms[k]);
        }
        assert_true(b.asked < a.asked);
    }
}

static void a_crowd_may_come_and_go_at_once(void **state)
{
    (void)state;
    run_init(&a, ARRIVALS_FLASH);
    a.load.onset_ns = 0;
    a.load.rise_ns = 0;
    a.load.hold_ns = 1000 * MS;
    a.load.decay_ns = 0;
    run(&a);
    assert_in_range(count_between(&a, 0, 1), 4700, 5300);
    assert_in_range(count_between(&a, 1, 2), 870, 1130);
    a.load.peak = 1; /* Of nobody. */
    a.asked = 0;
    run(&a);
    assert_in_range(count_between(&a, 0, 1), 870, 1130);
}

/* The share of spans of `span` seconds in which somebody asked. */
static double busy_share(const struct run *r, double span)
{
    uint64_t busy = 0;
    uint64_t last = UINT64_MAX;
    for (uint64_t i = 0; i < r->asked; i++) {
        uint64_t at = (uint64_t)(r->times[i] / span);
        busy += at != last;
        last = at;
    }
    return (double)busy * span / r->seconds;
}

/* Bursts are a quarter of the time, in which hardly a ms has no request: so two
   loads that know nothing of each other are silent for 9/16 of it. */
static void bursts_of_two_loads_do_not_wait_for_each_other(void **state)
{
    (void)state;
    run_init(&a, ARRIVALS_ON_OFF);
    a.seconds = 90;
    run(&a);
    assert_true(fabs(busy_share(&a, 1e-3) - 0.25) < 0.03);
    run_init(&a, ARRIVALS_ON_OFF);
    a.seconds = 90;
    a.loads = 2;
    run(&a);
    assert_true(fabs(busy_share(&a, 1e-3) - 7.0 / 16) < 0.03);
}

/* Of ten VMs one is chosen by each: one time in ten the same. */
static void crowds_of_two_loads_hit_vms_of_their_own(void **state)
{
    (void)state;
    uint32_t together = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        run_init(&a, ARRIVALS_FLASH);
        a.seconds = 16;
        a.loads = 2;
        a.seed = seed;
        run(&a);
        uint32_t hit = 0;
        for (uint32_t vm = 0; vm < VMS; vm++) {
            hit += a.per_vm[vm] > 10000; /* Others have 3200. */
        }
        assert_in_range(hit, 1, 2);
        together += hit == 1;
    }
    assert_in_range(together, 0, 6);
}

/* Whenever a load begins, its requests come so long after it. */
static void a_load_that_begins_later_asks_that_much_later(void **state)
{
    (void)state;
    for (int kind = ARRIVALS_POISSON; kind <= ARRIVALS_UNIFORM; kind++) {
        run_init(&a, (enum scenario_arrivals)kind);
        a.seconds = 40;
        run(&a);
        run_init(&b, (enum scenario_arrivals)kind);
        b.seconds = 40;
        b.start = 7;
        run(&b);
        assert_int_equal(a.asked, b.asked);
        for (uint64_t i = 0; i < a.asked; i++) {
            assert_true(fabs(a.times[i] - b.times[i]) < 1e-8);
            assert_int_equal(a.vms[i], b.vms[i]);
        }
    }
}

static void the_same_seed_gives_the_same_requests(void **state)
{
    (void)state;
    for (int kind = ARRIVALS_ON_OFF; kind <= ARRIVALS_UNIFORM; kind++) {
        run_init(&a, (enum scenario_arrivals)kind);
        run(&a);
        run_init(&b, (enum scenario_arrivals)kind);
        run(&b);
        assert_string_equal(a.fingerprint, b.fingerprint);
        run_init(&b, (enum scenario_arrivals)kind);
        b.seed = 2;
        run(&b);
        assert_string_not_equal(a.fingerprint, b.fingerprint);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(evenly_spaced_requests_are),
        cmocka_unit_test(bursts_keep_the_mean_rate),
        cmocka_unit_test(bursts_vary_as_theory_says),
        cmocka_unit_test(heavy_tails_vary_at_every_scale),
        cmocka_unit_test(a_crowd_follows_its_profile),
        cmocka_unit_test(a_crowd_hits_one_or_all),
        cmocka_unit_test(without_its_crowd_it_is_the_poisson_process),
        cmocka_unit_test(a_crowd_may_come_and_go_at_once),
        cmocka_unit_test(bursts_of_two_loads_do_not_wait_for_each_other),
        cmocka_unit_test(crowds_of_two_loads_hit_vms_of_their_own),
        cmocka_unit_test(a_load_that_begins_later_asks_that_much_later),
        cmocka_unit_test(the_same_seed_gives_the_same_requests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
