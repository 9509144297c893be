/* test_load_lwip.c - the clients against lwIP, over a link good and bad. */
#include "tests/workloads/lwip_peer.h"
#include "workloads/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct run {
    struct scenario scenario;
    struct scenario_vms vms;
    struct scenario_load load;
    struct load_server server;
    struct lwip_peer_config peer;
    gate_fn *gate;
    void *gate_ctx;
    const char *pcap;
    /* Results. */
    struct load_stats counts;
    uint64_t frames[LINK_END_COUNT];
    uint32_t half_closed;            /* By the servers' count, when drained. */
    uint64_t resets[LINK_END_COUNT]; /* By receiving end, of running peers. */
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
                                      .path = "/" };
    r->server = (struct load_server){ .body_bytes = 2258 };
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
        r->peer.body_bytes = r->server.body_bytes;
    }
    lwip_peer_start(&w, &r->peer);
    struct load *load = world_load(&w, &r->scenario, &r->server);
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
    uint64_t limit = w.events.now + world_seconds(300);
    while (!load_is_drained(load) && events_fire_next(&w.events, limit)) {
    }
    assert_true(load_is_drained(load));
    r->half_closed = lwip_peer_half_closed();
    world_run(&w, w.events.now + world_seconds(0.1));
    for (int i = 0; i < LINK_END_COUNT; i++) {
        r->resets[i] = w.gates[i].resets;
    }
    /* What a last lost packet left behind in the servers is reset. */
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
                                         r->counts.failed +
                                         r->counts.unanswered);
    assert_int_equal(r->counts.unanswered, 0);
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
    assert_int_equal(r.resets[LINK_MACHINE], 0);
    assert_int_equal(r.resets[LINK_CLIENTS], 0);
    assert_int_equal(r.half_closed, 0);
    assert_int_equal(r.peer_counts.accepted, r.counts.sent);
    assert_int_equal(r.peer_counts.errors, 0);
    assert_int_equal(r.counts.bytes, r.counts.sent * 2258);
}

/* ---- Trouble, one frame at a time --------------------------------------- */

struct trouble {
    enum link_end end;
    uint64_t number;
    enum fate fate;
};

static enum fate one_trouble(void *ctx, enum link_end end, uint64_t number,
                             struct packet *p)
{
    const struct trouble *t = ctx;
    (void)p;
    return end == t->end && number == t->number ? t->fate : FATE_PASS;
}

/* A few requests whose answers take several segments each. */
static void few_requests(struct run *r)
{
    run_init(r);
    r->scenario.duration_ns = 3000000;
    r->scenario.seed = 3;
    r->server.body_bytes = 6000;
    r->load.timeout_ns = 60000000000u;
}

static void each_frame_suffers(enum fate fate)
{
    struct run good;
    few_requests(&good);
    run(&good);
    assert_in_range(good.counts.sent, 2, 8);
    for (int end = 0; end < LINK_END_COUNT; end++) {
        for (uint64_t k = 0; k < good.frames[end]; k++) {
            struct run r;
            few_requests(&r);
            r.gate = one_trouble;
            r.gate_ctx = &(struct trouble){ (enum link_end)end, k, fate };
            run(&r);
            assert_int_equal(r.counts.sent, good.counts.sent);
            assert_int_equal(r.counts.completed, r.counts.sent);
            /* A server that has forgotten the connection resets a second
               last ACK; the clients never have cause to. */
            assert_int_equal(r.resets[LINK_MACHINE], 0);
            assert_true(r.resets[LINK_CLIENTS] <= (fate == FATE_DOUBLE));
        }
    }
}

static void any_one_frame_may_be_lost(void **state)
{
    (void)state;
    each_frame_suffers(FATE_LOSE);
}

static void any_one_frame_may_come_twice(void **state)
{
    (void)state;
    each_frame_suffers(FATE_DOUBLE);
}

static void any_one_frame_may_be_overtaken(void **state)
{
    (void)state;
    each_frame_suffers(FATE_HOLD);
}

static enum fate two_troubles(void *ctx, enum link_end end, uint64_t number,
                              struct packet *p)
{
    const struct trouble *t = ctx;
    (void)p;
    for (int i = 0; i < 2; i++) {
        if (end == t[i].end && number == t[i].number) {
            return t[i].fate;
        }
    }
    return FATE_PASS;
}

static void any_two_frames_may_be_lost(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 28; i++) {
        for (uint64_t k = i + 1; k < 28; k++) {
            struct run r;
            struct trouble t[2] = {
                { i % 2 ? LINK_MACHINE : LINK_CLIENTS, i / 2, FATE_LOSE },
                { k % 2 ? LINK_MACHINE : LINK_CLIENTS, k / 2, FATE_LOSE }
            };
            few_requests(&r);
            r.gate = two_troubles;
            r.gate_ctx = t;
            run(&r);
            assert_int_equal(r.counts.completed, r.counts.sent);
        }
    }
}

static void a_bad_link_loses_no_request(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct run r;
        run_init(&r);
        r.scenario.seed = seed;
        r.scenario.link = (struct scenario_link){ .loss_ppm = 50000,
                                                  .reorder_ppm = 50000,
                                                  .duplicate_ppm = 50000 };
        r.load.timeout_ns = 120000000000u;
        run(&r);
        assert_in_range(r.counts.sent, 900, 1100);
        assert_int_equal(r.counts.completed, r.counts.sent);
        assert_true(r.counts.retransmits > 0);
    }
}

static void a_bad_link_loses_no_request_on_kept_connections(void **state)
{
    struct run r;
    (void)state;
    run_init(&r);
    r.scenario.link = (struct scenario_link){ .loss_ppm = 50000,
                                              .reorder_ppm = 50000,
                                              .duplicate_ppm = 50000 };
    r.load.rate = 0;
    r.load.clients = 50;
    r.load.keep_alive = true;
    r.server.body_bytes = 20000;
    r.load.timeout_ns = 120000000000u;
    run(&r);
    assert_true(r.counts.sent > 50);
    assert_int_equal(r.counts.completed, r.counts.sent);
}

/* ---- Both loops --------------------------------------------------------- */

static void a_closed_loop_asks_again_when_answered(void **state)
{
    struct run r;
    (void)state;
    run_init(&r);
    r.load.rate = 0;
    r.load.clients = 20;
    r.peer.work_cycles = WORLD_HZ / 100;
    run(&r);
    /* 20 clients, a little more than 10 ms each. */
    assert_in_range(r.counts.sent, 1900, 2000);
    assert_int_equal(r.counts.completed, r.counts.sent);
    assert_int_equal(r.peer_counts.accepted, r.counts.sent);
}

static void kept_connections_are_used_again(void **state)
{
    struct run r;
    (void)state;
    run_init(&r);
    r.load.rate = 0;
    r.load.clients = 20;
    r.load.keep_alive = true;
    r.load.think_ns = 5000000;
    run(&r);
    assert_true(r.counts.sent > 2000);
    assert_int_equal(r.counts.completed, r.counts.sent);
    assert_int_equal(r.counts.retransmits, 0);
    /* At most one for each client and VM. */
    assert_in_range(r.peer_counts.accepted, 20, 200);
    assert_int_equal(r.peer_counts.errors, 0);
    assert_int_equal(r.half_closed, 0);
}

static void kept_connections_survive_a_server_that_closes(void **state)
{
    struct run r;
    (void)state;
    run_init(&r);
    r.load.rate = 0;
    r.load.clients = 20;
    r.load.keep_alive = true;
    r.load.think_ns = 20000000;
    r.peer.closes_first = true;
    run(&r);
    assert_true(r.counts.sent > 500);
    assert_int_equal(r.counts.failed, 0);
    assert_int_equal(r.counts.completed, r.counts.sent);
}

/* The window ends when three of ten have been asked. */
static void run_init_each(struct run *r)
{
    run_init(r);
    r->load.kind = LOAD_EACH;
    r->load.rate = 0;
    r->load.spacing_ns = 1000000;
    r->scenario.duration_ns = 2500000;
}

static void each_vm_answers_once(void **state)
{
    struct run r;
    (void)state;
    run_init_each(&r);
    run(&r);
    assert_int_equal(r.counts.sent, 10);
    assert_int_equal(r.counts.completed, 10);
    assert_int_equal(r.counts.latency.count, 10);
    assert_int_equal(r.counts.bytes, r.counts.answered * 2258);
    assert_int_equal(r.counts.retransmits, 0);
    assert_int_equal(r.peer_counts.accepted, 10);
    assert_int_equal(r.peer_counts.requests, 10);
    assert_int_equal(r.peer_counts.errors, 0);
}

/* ---- Wrong answers, and none -------------------------------------------- */

static void a_wrong_byte_fails_the_one_request_to_each(void **state)
{
    struct run r;
    (void)state;
    run_init_each(&r);
    r.peer.wrong_at = 2257;
    run(&r);
    assert_int_equal(r.counts.sent, 10);
    assert_int_equal(r.counts.failed, 10);
}

static void any_one_wrong_byte_fails_the_request(void **state)
{
    (void)state;
    for (uint32_t at = 0; at < 300; at++) {
        struct run r;
        run_init(&r);
        r.scenario.duration_ns = 3000000;
        r.server.body_bytes = 300;
        r.peer.wrong_at = at;
        run(&r);
        assert_true(r.counts.sent > 0);
        assert_int_equal(r.counts.failed, r.counts.sent);
    }
}

static void a_wrong_length_fails_the_request(void **state)
{
    (void)state;
    for (int i = -1; i <= 1; i += 2) {
        struct run r;
        run_init(&r);
        r.scenario.duration_ns = 3000000;
        r.peer.body_bytes = (uint32_t)(2258 + i);
        run(&r);
        assert_int_equal(r.counts.failed, r.counts.sent);
    }
}

static void a_late_answer_is_a_timeout(void **state)
{
    struct run r;
    (void)state;
    run_init(&r);
    r.scenario.duration_ns = 100000000;
    r.load.timeout_ns = 500000000;
    r.peer.work_cycles = WORLD_HZ;
    run(&r);
    assert_true(r.counts.sent > 0);
    assert_int_equal(r.counts.timed_out, r.counts.sent);
    /* The servers were told. */
    assert_int_equal(r.peer_counts.errors, r.counts.sent);
    assert_int_equal(r.peer_counts.open, 0);
}

static void an_empty_body_is_a_body(void **state)
{
    struct run r;
    (void)state;
    run_init(&r);
    r.server.body_bytes = 0;
    run(&r);
    assert_int_equal(r.counts.completed, r.counts.sent);
}

static void a_body_may_be_larger_than_the_window(void **state)
{
    struct run r;
    (void)state;
    run_init(&r);
    r.load.rate = 50;
    r.server.body_bytes = 300000;
    run(&r);
    assert_true(r.counts.sent > 10);
    assert_int_equal(r.counts.completed, r.counts.sent);
    assert_int_equal(r.counts.retransmits, 0);
}

/* ---- For the scripts ---------------------------------------------------- */

/* One run on a bad link: test_load.sh compares processes, since lwIP keeps
   state from one run to the next. */
static int print_fingerprint(const char *seed)
{
    struct run r;
    run_init(&r);
    r.scenario.seed = (uint64_t)seed[0];
    r.scenario.link.loss_ppm = 50000;
    r.scenario.link.reorder_ppm = 50000;
    run(&r);
    puts(r.fingerprint);
    return 0;
}

/* Writes one capture for each way to use a connection: test_load.sh. */
static int record(const char *folder)
{
    static const struct {
        const char *name;
        bool keep_alive, closes_first, has_nagle;
    } ways[] = {
        { "each.pcap", false, false, false },
        { "kept.pcap", true, false, false },
        { "server-closes.pcap", false, true, false },
        { "nagle.pcap", false, false, true },
    };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        char path[4096];
        struct run r;
        run_init(&r);
        r.pcap = path;
        snprintf(path, sizeof path, "%s/%s", folder, ways[i].name);
        r.load.rate = ways[i].keep_alive ? 0 : 300;
        r.load.clients = ways[i].keep_alive ? 20 : 0;
        r.load.think_ns = 100000000;
        r.load.keep_alive = ways[i].keep_alive;
        r.server.body_bytes = i % 2 ? 20000 : 2258;
        r.peer.closes_first = ways[i].closes_first;
        r.peer.has_nagle = ways[i].has_nagle;
        run(&r);
        printf("%s %u %u\n", ways[i].name, (unsigned)r.counts.completed,
               (unsigned)r.peer_counts.accepted);
    }
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_request_completes_on_a_good_link),
        cmocka_unit_test(any_one_frame_may_be_lost),
        cmocka_unit_test(any_one_frame_may_come_twice),
        cmocka_unit_test(any_one_frame_may_be_overtaken),
        cmocka_unit_test(any_two_frames_may_be_lost),
        cmocka_unit_test(a_bad_link_loses_no_request),
        cmocka_unit_test(a_bad_link_loses_no_request_on_kept_connections),
        cmocka_unit_test(a_closed_loop_asks_again_when_answered),
        cmocka_unit_test(kept_connections_are_used_again),
        cmocka_unit_test(kept_connections_survive_a_server_that_closes),
        cmocka_unit_test(each_vm_answers_once),
        cmocka_unit_test(any_one_wrong_byte_fails_the_request),
        cmocka_unit_test(a_wrong_byte_fails_the_one_request_to_each),
        cmocka_unit_test(a_wrong_length_fails_the_request),
        cmocka_unit_test(a_late_answer_is_a_timeout),
        cmocka_unit_test(an_empty_body_is_a_body),
        cmocka_unit_test(a_body_may_be_larger_than_the_window),
    };
    if (argc == 3 && strcmp(argv[1], "--record") == 0) {
        return record(argv[2]);
    }
    if (argc == 3 && strcmp(argv[1], "--fingerprint") == 0) {
        return print_fingerprint(argv[2]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
