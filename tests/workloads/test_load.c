/*
 * test_load.c - when clients ask, whom, and what is counted, as the trace
 * tells it. The servers are black holes: every request times out, or is
 * still open.
 */
#include "sim/devices/machine.h"
#include "tests/workloads/world.h"
#include "workloads/load_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SECOND_NS 1000000000u
#define TIMES     100000

struct run {
    struct scenario scenario;
    struct scenario_vms vms[2];
    struct scenario_load loads[2];
    size_t memory_bytes;
    double seconds, window_start, window_end;
    double priming; /* Seconds before the loads begin. */
    double drain;   /* Seconds from load_stop to load_abandon. */
    uint32_t share; /* Records of a kind that a load may have; 0: as it is. */

    /* As the trace tells it. */
    uint64_t asked, ended, in_flight, most_in_flight;
    uint64_t due_in_window;
    uint64_t primed; /* Requests before the loads began. */
    uint64_t per_vm[64];
    uint64_t
        refused[2];     /* Requests of a group that failed, and did not wait. */
    uint32_t vm_of[64]; /* Of the first requests. */
    uint64_t times[TIMES]; /* Of requests. */
    struct load_stats counts;
    uint32_t load_count;
    bool has_load;
    char fingerprint[FINGERPRINT_CHARS];
    bool is_drained; /* When it was abandoned, if there was a drain. */
};

static void run_init(struct run *r)
{
    memset(r, 0, sizeof *r);
    r->vms[0] = (struct scenario_vms){ .name = "a", .count = 10 };
    r->vms[1] = (struct scenario_vms){ .name = "b", .count = 5, .first = 10 };
    for (uint32_t i = 0; i < 2; i++) {
        r->loads[i] = (struct scenario_load){
            .target = i, .rate = 1000, .timeout_ns = SECOND_NS / 2, .path = "/"
        };
    }
    r->load_count = 1;
    r->memory_bytes = WORLD_MIB(64);
    r->seconds = 10;
    r->window_start = 2;
    r->window_end = 8;
    r->scenario.seed = 1;
}

static void look(void *ctx, const struct trace_event *e)
{
    struct run *r = ctx;
    if (e->kind == TRACE_REQUEST) {
        struct trace_request request = trace_get_request(e);
        assert_int_equal(request.request, r->asked);
        assert_int_equal(request.late, 0);
        assert_true(e->vm < 15);
        r->per_vm[e->vm]++;
        if (r->asked < 64) {
            r->vm_of[r->asked] = e->vm;
        }
        if (r->asked < TIMES) {
            r->times[r->asked] = e->time;
        }
        r->asked++;
        r->in_flight++;
        if (r->in_flight > r->most_in_flight) {
            r->most_in_flight = r->in_flight;
        }
        r->due_in_window += e->time >= world_seconds(r->window_start) &&
                            e->time < world_seconds(r->window_end);
    } else if (e->kind == TRACE_GIVE_UP || e->kind == TRACE_REPLY) {
        assert_true(trace_get_asked(e).request < r->asked);
        r->ended++;
        r->in_flight--;
        r->refused[e->vm >= 10] += e->kind == TRACE_GIVE_UP &&
                                   trace_get_give_up(e).why == OUTCOME_FAILED;
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
    world_init(&w, r->memory_bytes, NULL);
    r->scenario.group_count = 2;
    r->scenario.vms = r->vms;
    r->scenario.vm_count = 15;
    r->scenario.load_count = r->load_count;
    r->scenario.loads = r->loads;
    link_attach(&w.link, LINK_MACHINE, swallow, &w);
    trace_add_sink(w.trace, look, r);
    w.stats->window_start = world_seconds(r->window_start);
    w.stats->window_end = world_seconds(r->window_end);
    struct load *load = world_load(&w, &r->scenario, NULL);
    r->has_load = load != NULL;
    if (load) {
        if (r->share > 0) {
            load->sessions.share = r->share;
        }
        if (load_prime(load)) {
            world_run(&w, world_seconds(r->priming));
            r->primed = r->asked;
            assert_true(load_is_primed(load));
        }
        load_start(load, world_seconds(r->priming));
        world_run(&w, world_seconds(r->seconds));
        uint64_t asked = r->asked;
        load_stop(load);
        if (r->drain > 0) {
            world_run(&w, world_seconds(r->seconds + r->drain));
            r->is_drained = load_is_drained(load);
            asked = r->asked;
        }
        load_abandon(load);
        world_run(&w, TIME_NEVER);
        assert_int_equal(r->asked, asked);
        assert_int_equal(w.pool.in_use, 0);
        assert_int_equal(w.events.count, 0);
    }
    r->counts = w.stats->load;
    assert_int_equal(r->counts.sent, r->counts.completed + r->counts.timed_out +
                                         r->counts.failed +
                                         r->counts.unanswered);
    trace_fingerprint(w.trace, r->fingerprint);
    world_release(&w);
}

/* Counts gaps by the tenth of the exponential law that they are in, and
   requests by the hundredth of a second. */
static double chi_square_of_gaps(const struct run *r)
{
    /* The law's deciles, in means. */
    static const double deciles[9] = { 0.10536, 0.22314, 0.35667,
                                       0.51083, 0.69315, 0.91629,
                                       1.20397, 1.60944, 2.30259 };
    uint64_t bins[10] = { 0 };
    double mean = WORLD_HZ / r->loads[0].rate;
    double want = (double)r->asked / 10, chi = 0;
    uint64_t before = 0;

    for (uint64_t i = 0; i < r->asked; i++) {
        double gap = (double)(r->times[i] - before);
        int bin = 0;
        while (bin < 9 && gap > deciles[bin] * mean) {
            bin++;
        }
        bins[bin]++;
        before = r->times[i];
    }
    for (int i = 0; i < 10; i++) {
        chi += ((double)bins[i] - want) * ((double)bins[i] - want) / want;
    }
    return chi;
}

/* Of the counts in equal spans of time: 1 when the process has no memory. */
static double variance_over_mean(const struct run *r)
{
    static uint32_t spans[6000];
    double mean = (double)r->asked / 6000, variance = 0;

    memset(spans, 0, sizeof spans);
    for (uint64_t i = 0; i < r->asked; i++) {
        spans[r->times[i] / (world_seconds(r->seconds) / 6000 + 1)]++;
    }
    for (int i = 0; i < 6000; i++) {
        variance += (spans[i] - mean) * (spans[i] - mean) / 6000;
    }
    return variance / mean;
}

static void an_open_loop_is_a_poisson_process(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct run r;
        run_init(&r);
        r.scenario.seed = seed;
        r.seconds = 60;
        run(&r);
        /* 60,000 expected, 5 standard deviations. */
        assert_in_range(r.asked, 60000 - 1225, 60000 + 1225);
        /* 9 degrees of freedom: once in 1,000. */
        assert_true(chi_square_of_gaps(&r) < 27.9);
        double ratio = variance_over_mean(&r);
        assert_true(ratio > 0.92 && ratio < 1.08);
    }
}

static void requests_count_by_when_they_were_due(void **state)
{
    struct run r;
    (void)state;
    run_init(&r);
    run(&r);
    assert_int_equal(r.counts.sent, r.due_in_window);
    assert_int_equal(r.counts.timed_out, r.due_in_window);
    assert_int_equal(r.counts.completed, 0);
    assert_int_equal(r.counts.failed, 0);
}

static void what_is_open_at_the_end_is_counted_as_open(void **state)
{
    struct run r;
    (void)state;
    run_init(&r);
    r.loads[0].timeout_ns = 100ull * SECOND_NS;
    run(&r);
    assert_int_equal(r.counts.sent, r.due_in_window);
    assert_int_equal(r.counts.unanswered, r.due_in_window);
    assert_int_equal(r.ended, 0);
    /* SYNs, again after 1, 3 and 7 s. */
    assert_true(r.counts.retransmits > 2 * r.counts.sent);
}

static void a_closed_loop_never_has_more_than_its_clients(void **state)
{
    (void)state;
    for (uint32_t clients = 1; clients <= 100; clients += 33) {
        struct run r;
        run_init(&r);
        r.loads[0].rate = 0;
        r.loads[0].clients = clients;
        r.loads[0].think_ns = clients == 1 ? 0 : SECOND_NS / 10;
        run(&r);
        assert_int_equal(r.most_in_flight, clients);
        /* Each takes half a second and its think time. */
        double each = 10 / (0.5 + (clients == 1 ? 0 : 0.1));
        assert_true((double)r.asked > clients * each * 0.9);
        assert_true((double)r.asked < clients * each * 1.1 + clients);
    }
}

static void the_first_requests_of_a_closed_loop_are_spread(void **state)
{
    struct run r;
    (void)state;
    run_init(&r);
    r.loads[0].rate = 0;
    r.loads[0].clients = 1000;
    r.seconds = 0.05;
    run(&r);
    assert_in_range(r.asked, 990, 1000);
    r.asked = 0;
    r.in_flight = 0;
    r.seconds = 0.005;
    run(&r);
    assert_in_range(r.asked, 60, 140);
}

static void each_load_asks_its_own_group(void **state)
{
    struct run r;
    (void)state;
    run_init(&r);
    r.load_count = 2;
    r.loads[1].rate = 200;
    run(&r);
    uint64_t first = 0, second = 0;
    for (int i = 0; i < 15; i++) {
        *(i < 10 ? &first : &second) += r.per_vm[i];
    }
    assert_in_range(first, 9500, 10500);
    assert_in_range(second, 1780, 2220);
}

/* An `each` load, of the first group. */
static void run_init_each(struct run *r, double spacing_seconds)
{
    run_init(r);
    r->loads[0].kind = LOAD_EACH;
    r->loads[0].rate = 0;
    r->loads[0].spacing_ns = (uint64_t)(spacing_seconds * SECOND_NS);
}

static void each_vm_is_asked_once_in_order(void **state)
{
    struct run r;
    (void)state;
    run_init_each(&r, 0.001);
    r.load_count = 2;
    r.loads[1] = r.loads[0];
    r.loads[1].target = 1;
    /* The second asks in the gaps of the first. */
    run(&r);
    assert_int_equal(r.asked, 15);
    for (uint32_t i = 0; i < 10; i++) {
        uint32_t at = i < 5 ? 2 * i : 5 + i;
        assert_int_equal(r.vm_of[at], i);
        assert_int_equal(r.times[at], world_seconds(0.001) * i);
    }
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(r.vm_of[2 * i + 1], 10 + i);
        assert_int_equal(r.times[2 * i + 1], world_seconds(0.001) * i);
    }
    /* All of them were due before the window. */
    assert_int_equal(r.counts.sent, 0);
    assert_int_equal(r.counts.timed_out, 0);
}

static void a_load_that_is_abandoned_primes_nobody(void **state)
{
    static struct run r;
    struct world w;
    (void)state;
    run_init(&r);
    r.loads[0].prime = 2;
    world_init(&w, r.memory_bytes, NULL);
    r.scenario.group_count = 2;
    r.scenario.vms = r.vms;
    r.scenario.vm_count = 15;
    r.scenario.load_count = r.load_count;
    r.scenario.loads = r.loads;
    link_attach(&w.link, LINK_MACHINE, swallow, &w);
    trace_add_sink(w.trace, look, &r);
    struct load *load = world_load(&w, &r.scenario, NULL);
    assert_non_null(load);
    assert_true(load_prime(load));
    load_abandon(load);
    world_run(&w, TIME_NEVER);
    assert_int_equal(r.asked, 0);
    world_release(&w);
}

static void primed_vms_are_asked_in_turn_before_the_load_begins(void **state)
{
    static struct run plain;
    static struct run r;
    (void)state;
    run_init(&plain);
    run(&plain);
    run_init(&r);
    r.loads[0].prime = 2;
    r.priming = 12;
    r.seconds += r.priming;
    r.window_start += r.priming;
    r.window_end += r.priming;
    run(&r);
    /* Nobody answers, so each is given up before the next is sent. */
    assert_int_equal(r.primed, 20);
    for (uint32_t i = 0; i < 20; i++) {
        assert_int_equal(r.vm_of[i], i % 10);
        assert_int_equal(r.times[i], world_seconds(0.5) * i);
    }
    /* The load itself is what it would have been. */
    assert_int_equal(r.asked, plain.asked + 20);
    for (uint32_t i = 0; i < 44; i++) {
        assert_int_equal(r.vm_of[20 + i], plain.vm_of[i]);
        assert_int_equal(r.times[20 + i] - world_seconds(r.priming),
                         plain.times[i]);
    }
    assert_int_equal(r.counts.sent, plain.counts.sent);
    assert_int_equal(r.counts.open_before, plain.counts.open_before);
    assert_int_equal(r.counts.offered, plain.counts.offered);
}

static void each_vm_is_asked_even_after_the_window(void **state)
{
    /* Due every 3 s from 0 to 27, and stopped at 10; the first, before the
       window, does not count. */
    static const struct {
        double drain;
        uint64_t sent, timed_out;
        bool is_drained;
    } cases[] = {
        { 30, 9, 9, true },
        { 17.4, 9, 8, false },
        { 16.9, 8, 8, false },
        { 0, 3, 3, false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct run r;
        run_init_each(&r, 3);
        r.drain = cases[i].drain;
        run(&r);
        assert_int_equal(r.counts.sent, cases[i].sent);
        assert_int_equal(r.counts.timed_out, cases[i].timed_out);
        assert_int_equal(r.is_drained, cases[i].is_drained);
    }
}

static void vms_to_be_created_later_are_not_asked(void **state)
{
    (void)state;
    for (int is_each = 0; is_each < 2; is_each++) {
        struct run r;
        if (is_each) {
            run_init_each(&r, 0.001);
        } else {
            run_init(&r);
        }
        r.vms[0].count = 6;
        r.vms[0].vm_total = 10;
        run(&r);
        for (int i = 0; i < 15; i++) {
            assert_int_equal(r.per_vm[i] > 0, i < 6);
        }
    }
}

static void popularity_follows_zipf(void **state)
{
    struct run r;
    (void)state;
    run_init(&r);
    r.loads[0].zipf = 1.0;
    r.seconds = 30;
    run(&r);
    uint64_t most = 0, least = UINT64_MAX;
    for (int i = 0; i < 10; i++) {
        most = r.per_vm[i] > most ? r.per_vm[i] : most;
        least = r.per_vm[i] < least ? r.per_vm[i] : least;
    }
    /* 1 / H(10) = 34.1 % and 3.41 %. */
    assert_true((double)most / (double)r.asked > 0.33);
    assert_true((double)most / (double)r.asked < 0.352);
    assert_true((double)least / (double)r.asked > 0.031);
    assert_true((double)least / (double)r.asked < 0.037);
}

static void loads_do_not_disturb_each_other(void **state)
{
    struct run one, two;
    (void)state;
    run_init(&one);
    run(&one);
    run_init(&two);
    two.load_count = 2;
    run(&two);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(one.per_vm[i], two.per_vm[i]);
    }
}

/* Nobody answers, so a load at 1,000 a second has 500 requests open, of which
   there may be 40. The other one, with 5 open, loses none of its own. */
static void a_load_beyond_its_share_fails_by_itself(void **state)
{
    struct run r;
    (void)state;
    run_init(&r);
    r.load_count = 2;
    r.loads[1].rate = 10;
    r.share = 40;
    run(&r);
    assert_in_range(r.refused[0], 9000, 9500);
    assert_int_equal(r.refused[1], 0);
    assert_true(r.most_in_flight < 40 + 20);
}

static void the_same_seed_gives_the_same_trace(void **state)
{
    struct run runs[3];
    (void)state;
    for (int i = 0; i < 3; i++) {
        run_init(&runs[i]);
        runs[i].load_count = 2;
        runs[i].loads[1].rate = 0;
        runs[i].loads[1].clients = 30;
        runs[i].scenario.seed = i == 2 ? 8 : 7;
        run(&runs[i]);
    }
    assert_string_equal(runs[0].fingerprint, runs[1].fingerprint);
    assert_string_not_equal(runs[0].fingerprint, runs[2].fingerprint);
}

static void no_load_is_a_load(void **state)
{
    struct run r;
    (void)state;
    run_init(&r);
    r.load_count = 0;
    run(&r);
    assert_true(r.has_load);
    assert_int_equal(r.asked, 0);
}

/* From nothing up to more than enough, in steps: requests that find no memory
   have failed, and all are accounted for. */
static void any_amount_of_memory_will_do(void **state)
{
    bool was_refused = false, has_failed = false, has_all = false;
    (void)state;
    for (size_t kib = 4; kib < 4096; kib += kib < 256 ? 4 : 64) {
        struct run r;
        run_init(&r);
        r.load_count = 2;
        r.loads[1].rate = 0;
        r.loads[1].clients = 100;
        r.loads[1].keep_alive = true;
        if (kib % 3 == 0) {
            r.loads[0].kind = LOAD_EACH;
            r.loads[0].spacing_ns = 1;
        }
        r.seconds = 1;
        r.window_start = 0;
        r.window_end = 1;
        r.memory_bytes = kib << 10;
        run(&r);
        was_refused = was_refused || !r.has_load;
        has_failed = has_failed || r.counts.failed > 0;
        has_all = r.has_load && r.counts.failed == 0;
    }
    assert_true(was_refused);
    assert_true(has_failed);
    assert_true(has_all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_open_loop_is_a_poisson_process),
        cmocka_unit_test(requests_count_by_when_they_were_due),
        cmocka_unit_test(what_is_open_at_the_end_is_counted_as_open),
        cmocka_unit_test(a_closed_loop_never_has_more_than_its_clients),
        cmocka_unit_test(the_first_requests_of_a_closed_loop_are_spread),
        cmocka_unit_test(each_load_asks_its_own_group),
        cmocka_unit_test(each_vm_is_asked_once_in_order),
        cmocka_unit_test(a_load_that_is_abandoned_primes_nobody),
        cmocka_unit_test(primed_vms_are_asked_in_turn_before_the_load_begins),
        cmocka_unit_test(each_vm_is_asked_even_after_the_window),
        cmocka_unit_test(vms_to_be_created_later_are_not_asked),
        cmocka_unit_test(popularity_follows_zipf),
        cmocka_unit_test(loads_do_not_disturb_each_other),
        cmocka_unit_test(a_load_beyond_its_share_fails_by_itself),
        cmocka_unit_test(the_same_seed_gives_the_same_trace),
        cmocka_unit_test(no_load_is_a_load),
        cmocka_unit_test(any_amount_of_memory_will_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
