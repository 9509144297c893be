/* test_load_lwip.c - the clients against lwIP, over a link good and bad. */
#include "tests/workloads/lwip_peer.h"
#include "workloads/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct run {
    struct scenario scenario;
    struct scenario_vms vms;
    struct scenario_load load;
    struct lwip_peer_config peer;
    gate_fn *gate;
    void *gate_ctx;
    const char *pcap;
    /* Results. */
    struct load_stats counts;
    uint64_t frames[LINK_END_COUNT];
    char fingerprint[FINGERPRINT_CHARS];
    struct lwip_peer_counts peer_counts;
};

static void run_init(struct run *r)
{
    memset(r, 0, sizeof *r);
    r->vms = (struct scenario_vms){ .name = "web", .count = 10 };
    r->load = (struct scenario_load){ .kind = LOAD_HTTP,
                                      .zipf = 1.0,
                                      .rate = 1000,
                                      .timeout_ns = 5000000000u,
                                      .path = "/",
                                      .body_bytes = 2258 };
    r->peer = (struct lwip_peer_config){ .wrong_at = UINT32_MAX };
    r->scenario = (struct scenario){ .seed = 1, .duration_ns = 1000000000u };
}

static void run(struct run *r)
{
    struct world w;
    world_init(&w, WORLD_MIB(64), &r->scenario.link);
    r->scenario.group_count = 1;
    r->scenario.vms = &r->vms;
    r->scenario.vm_count = r->vms.count;
    r->scenario.load_count = 1;
    r->scenario.loads = &r->load;
    r->peer.vm_count = r->vms.count;
    if (r->peer.body_bytes == 0) {
        r->peer.body_bytes = r->load.body_bytes;
    }
    lwip_peer_start(&w, &r->peer);
    struct load_config config = { .scenario = &r->scenario,
                                  .events = &w.events,
                                  .link = &w.link,
                                  .pool = &w.pool,
                                  .trace = w.trace,
                                  .stats = w.stats,
                                  .cpu_hz = WORLD_HZ };
    struct load *load = load_create(&w.arena, &config);
    assert_non_null(load);
    world_close_gates(&w);
    w.gate = r->gate;
    w.gate_ctx = r->gate_ctx;
    if (r->pcap) {
        world_record(&w, r->pcap);
    }
    uint64_t end = world_seconds((double)r->scenario.duration_ns / 1e9);
    w.stats->window_end = end;
    load_start(load, 0);
    world_run(&w, end);
    load_stop(load);
    for (int i = 0; i < 3000 && !load_is_drained(load); i++) {
        world_run(&w, w.events.now + world_seconds(0.1));
    }
    assert_true(load_is_drained(load));
    world_run(&w, w.events.now + world_seconds(0.1));
    /* What a last lost packet left behind in the servers. */
    lwip_peer_stop();
    load_abandon(load);
    world_run(&w, TIME_NEVER);
    for (int i = 0; i < LINK_END_COUNT; i++) {
        r->frames[i] = w.gates[i].count;
    }
    r->counts = w.stats->load;
    r->peer_counts = *lwip_peer_counts();
    trace_fingerprint(w.trace, r->fingerprint);
    assert_int_equal(r->counts.sent, r->counts.completed + r->counts.timed_out +
                                         r->counts.failed + r->counts.open);
    assert_int_equal(r->counts.open, 0);
    assert_int_equal(w.pool.in_use - (w.gates[0].held ? 1 : 0) -
                         (w.gates[1].held ? 1 : 0),
                     0);
    world_release(&w);
}

static void every_request_completes_on_a_good_link(void **state)
{
    struct run r;
    (void)state;
    run_init(&r);
    run(&r);
    assert_in_range(r.counts.sent, 900, 1100);
    assert_int_equal(r.counts.completed, r.counts.sent);
    assert_int_equal(r.counts.retransmits, 0);
    assert_int_equal(r.peer_counts.accepted, r.counts.sent);
    assert_int_equal(r.peer_counts.errors, 0);
    assert_int_equal(r.counts.bytes, r.counts.sent * 2258);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_request_completes_on_a_good_link),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
