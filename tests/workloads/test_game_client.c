/*
 * test_game_client.c - players against game servers that are right, that are
 * wrong in every way we could think of, and that cannot be heard.
 */
#include "isa/abi.h"
#include "sim/random.h"
#include "tests/workloads/game_server.h"
#include "workloads/load.h"
#include "workloads/udp/game_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MS_NS 1000000u

struct run {
    struct scenario scenario;
    struct scenario_vms vms[2];
    struct scenario_load loads[2];
    struct scenario_link link;
    size_t memory_bytes;
    double seconds;
    void (*prepare)(struct servers *s); /* May be NULL. */
    gate_fn *gate;
    void (*before)(struct run *r, struct world *w, struct load *load);
    void (*during)(struct run *r, struct world *w, struct load *load);

    struct load_stats counts;
    uint64_t updates, bad; /* As the servers count them. */
    uint64_t asked;
    double mean_ms, most_ms;
    uint64_t lost; /* Gates may count here. */
    bool has_load, is_drained;
    char fingerprint[FINGERPRINT_CHARS];
};

static void run_init(struct run *r)
{
    memset(r, 0, sizeof *r);
    r->vms[0] = (struct scenario_vms){ .name = "a", .count = 8 };
    r->vms[1] = (struct scenario_vms){ .name = "b", .count = 4, .first = 8 };
    for (uint32_t i = 0; i < 2; i++) {
        r->loads[i] = (struct scenario_load){ .kind = LOAD_GAME,
                                              .target = i,
                                              .players = 4,
                                              .period_ns = 100 * MS_NS,
                                              .timeout_ns = 1000 * MS_NS,
                                              .path = "/" };
    }
    r->scenario.group_count = 2;
    r->scenario.vm_count = 12;
    r->scenario.load_count = 1;
    r->scenario.seed = 1;
    r->memory_bytes = WORLD_MIB(16);
    r->seconds = 10;
}

static void look(void *ctx, const struct trace_event *e)
{
    struct run *r = ctx;
    if (e->kind == TRACE_REQUEST) {
        assert_int_equal(trace_get_request(e).request, r->asked);
        r->asked++;
    }
}

static void play(struct run *r, struct world *w, struct load *load)
{
    if (r->before) {
        r->before(r, w, load);
    }
    load_start(load, 0);
    if (r->during) {
        r->during(r, w, load);
    }
    world_run(w, world_seconds(r->seconds));
    load_stop(load);
    uint64_t asked = r->asked;
    world_run(w, world_seconds(r->seconds + 3));
    assert_int_equal(r->asked, asked);
    r->is_drained = load_is_drained(load);
    load_abandon(load);
}

static void run(struct run *r)
{
    struct world w;
    struct servers servers;
    world_init(&w, r->memory_bytes, &r->link);
    r->scenario.vms = r->vms;
    r->scenario.loads = r->loads;
    servers_init(&servers, &w, 12);
    if (r->prepare) {
        r->prepare(&servers);
    }
    trace_add_sink(w.trace, look, r);
    w.stats->window_end = world_seconds(r->seconds);
    struct load *load = world_load(&w, &r->scenario, NULL);
    r->has_load = load != NULL;
    if (load) {
        w.gate = r->gate;
        w.gate_ctx = r;
        world_close_gates(&w);
        play(r, &w, load);
    }
    servers_stop(&servers);
    world_run(&w, TIME_NEVER);
    for (int end = 0; load && end < LINK_END_COUNT; end++) {
        if (w.gates[end].held) {
            packet_put(&w.pool, w.gates[end].held);
            w.gates[end].held = NULL;
        }
    }
    assert_int_equal(w.pool.in_use, 0);
    assert_int_equal(w.events.count, 0);
    r->counts = w.stats->load;
    r->updates = servers.updates;
    r->bad = servers.bad;
    r->mean_ms = hist_mean(&r->counts.latency) / (WORLD_HZ / 1000.0);
    r->most_ms = (double)r->counts.latency.max / (WORLD_HZ / 1000.0);
    trace_fingerprint(w.trace, r->fingerprint);
    world_release(&w);
    assert_int_equal(r->counts.sent, r->counts.completed + r->counts.timed_out +
                                         r->counts.failed +
                                         r->counts.unanswered);
}

/* ---- Servers that are right ---------------------------------------------- */

static void every_update_is_answered_by_the_next_snapshot(void **state)
{
    struct run r;
    (void)state;
    run_init(&r);
    run(&r);
    /* 32 players of ten a second, for ten seconds. */
    assert_in_range(r.counts.sent, 3100, 3300);
    assert_int_equal(r.counts.completed, r.counts.sent);
    assert_int_equal(r.counts.unanswered, 0);
    assert_int_equal(r.updates, r.asked);
    assert_int_equal(r.bad, 0);
    assert_true(r.is_drained);
    /* Half a tick and twice 50 us, on average; a tick, at most. */
    assert_true(r.mean_ms > 47 && r.mean_ms < 54);
    assert_true(r.most_ms > 95 && r.most_ms < 100.2);
    /* Each player sees each tick; the first is within 200 ms or so. */
    assert_int_equal(r.counts.servers, 8);
    assert_in_range(r.counts.snapshots, 32 * 97, 32 * 100);
}

static void players_of_two_loads_are_different_ones(void **state)
{
    struct run r;
    (void)state;
    run_init(&r);
    r.scenario.load_count = 2;
    r.loads[1].players = 2;
    r.loads[1].period_ns = 10 * MS_NS;
    run(&r);
    assert_int_equal(r.counts.completed, r.counts.sent);
    assert_int_equal(r.counts.servers, 12);
    assert_in_range(r.counts.sent, 3200 + 7700, 3200 + 8300);
    assert_in_range(r.counts.snapshots, 40 * 97, 40 * 100);
}

static void the_same_seed_plays_the_same_game(void **state)
{
    struct run runs[3];
    (void)state;
    for (int i = 0; i < 3; i++) {
        run_init(&runs[i]);
        runs[i].scenario.seed = i == 2 ? 8 : 7;
        run(&runs[i]);
    }
    assert_string_equal(runs[0].fingerprint, runs[1].fingerprint);
    assert_string_not_equal(runs[0].fingerprint, runs[2].fingerprint);
}

/* ---- A bad link ---------------------------------------------------------- */

static enum fate lose_updates(void *ctx, enum link_end end, uint64_t number,
                              struct packet *p)
{
    struct run *r = ctx;
    (void)p;
    bool is_lost = end == LINK_MACHINE && number % 7 == 3;
    r->lost += is_lost;
    return is_lost ? FATE_LOSE : FATE_PASS;
}

static void just_the_updates_that_are_lost_time_out(void **state)
{
    struct run r;
    (void)state;
    run_init(&r);
    r.gate = lose_updates;
    run(&r);
    assert_true(r.lost > 400);
    assert_int_equal(r.counts.timed_out, r.lost);
    assert_int_equal(r.counts.failed, 0);
    assert_true(r.most_ms < 100.2);
}

static enum fate lose_snapshots(void *ctx, enum link_end end, uint64_t number,
                                struct packet *p)
{
    (void)ctx;
    (void)p;
    return end == LINK_CLIENTS && number % 3 != 0 ? FATE_LOSE : FATE_PASS;
}

static void a_lost_snapshot_is_made_up_for_by_the_next(void **state)
{
    struct run r;
    (void)state;
    run_init(&r);
    r.gate = lose_snapshots;
    run(&r);
    assert_int_equal(r.counts.failed, 0);
    assert_int_equal(r.counts.completed, r.counts.sent);
    assert_true(r.most_ms > 200);
}

static enum fate double_or_hold(void *ctx, enum link_end end, uint64_t number,
                                struct packet *p)
{
    (void)ctx;
    (void)p;
    (void)end;
    return number % 5 == 1   ? FATE_DOUBLE
           : number % 5 == 3 ? FATE_HOLD
                             : FATE_PASS;
}

static void copies_and_overtaking_do_no_harm(void **state)
{
    struct run r;
    (void)state;
    run_init(&r);
    r.gate = double_or_hold;
    run(&r);
    assert_int_equal(r.counts.failed, 0);
    assert_in_range(r.counts.completed, r.counts.sent * 9 / 10, r.counts.sent);
    assert_true(r.counts.snapshots <= 32 * 100);
    run_init(&r);
    r.link = (struct scenario_link){ .loss_ppm = 200000,
                                     .reorder_ppm = 200000,
                                     .duplicate_ppm = 200000 };
    run(&r);
    assert_int_equal(r.counts.failed, 0);
    assert_in_range(r.counts.timed_out, 1, r.counts.sent / 3);
}

/* Two seconds of silence: more ticks than a snapshot has history. */
static enum fate be_silent(void *ctx, enum link_end end, uint64_t number,
                           struct packet *p)
{
    (void)ctx;
    (void)p;
    return end == LINK_CLIENTS && number > 1000 && number < 1640 ? FATE_LOSE
                                                                 : FATE_PASS;
}

static void a_world_that_was_lost_is_found_again(void **state)
{
    struct run r;
    (void)state;
    run_init(&r);
    r.gate = be_silent;
    run(&r);
    assert_int_equal(r.counts.failed, 0);
    assert_in_range(r.counts.timed_out, 32 * 7, 32 * 13);
    assert_true(r.counts.completed > 2000);
}

static void nobody_answers(void **state)
{
    struct run r;
    (void)state;
    run_init(&r);
    r.vms[0].first = 0x1000; /* Where there is no server. */
    run(&r);
    assert_int_equal(r.counts.timed_out, r.counts.sent);
    assert_int_equal(r.counts.snapshots, 0);
    assert_true(r.is_drained);
}

/* ---- Servers that are wrong ---------------------------------------------- */

static void other_server(struct game_snapshot *s)
{
    s->server++;
}
static void low_bit(struct game_snapshot *s)
{
    s->world.body[11].vy ^= 1;
}
static void high_bit(struct game_snapshot *s)
{
    s->world.body[0].x ^= 0x00800000;
}
static void other_move(struct game_snapshot *s)
{
    s->inputs[0].of[s->player].move.x++;
}
static void no_move(struct game_snapshot *s)
{
    s->inputs[0].of[3] = (struct game_input){ 0 };
}
static void old_move(struct game_snapshot *s)
{
    s->inputs[s->history - 1].of[1].move.y--;
}
static void not_sent_yet(struct game_snapshot *s)
{
    s->newest += 100;
    s->inputs[0].of[s->player].number += 100;
}
static void seen_but_not_done(struct game_snapshot *s)
{
    s->newest--;
}
static void before_the_first(struct game_snapshot *s)
{
    s->newest = 1;
    s->older = 1;
}
static void other_player(struct game_snapshot *s)
{
    s->player ^= 1;
}
static void tick_ahead(struct game_snapshot *s)
{
    s->world.tick++;
}
static void fewer_bodies(struct game_snapshot *s)
{
    s->world.bodies--;
}
static void more_steps(struct game_snapshot *s)
{
    s->world.steps++;
}
static uint32_t cut(uint8_t *bytes, uint32_t count)
{
    bytes[count - 1] = 0;
    return count - 1;
}
static uint32_t longer(uint8_t *bytes, uint32_t count)
{
    bytes[count] = 0;
    return count + 1;
}
static uint32_t empty(uint8_t *bytes, uint32_t count)
{
    memset(bytes, 0, count);
    return 0;
}
static uint32_t not_a_snapshot(uint8_t *bytes, uint32_t count)
{
    bytes[3] = 'U';
    return count;
}

static spoil_fn *spoil_now;
static spoil_bytes_fn *spoil_bytes_now;
static uint32_t spoil_from_now;

static void spoil(struct servers *s)
{
    s->spoil = spoil_now;
    s->spoil_bytes = spoil_bytes_now;
    s->spoil_from = spoil_from_now;
}

static void check_is_seen(spoil_fn *what, spoil_bytes_fn *bytes, uint32_t from,
                          gate_fn *gate)
{
    struct run r;
    run_init(&r);
    r.prepare = spoil;
    r.gate = gate;
    spoil_now = what;
    spoil_bytes_now = bytes;
    spoil_from_now = from;
    run(&r);
    /* After that, no update is answered. */
    assert_true(r.counts.failed > 100);
    assert_in_range(r.counts.completed, 0, from * 40);
    assert_int_equal(r.counts.failed + r.counts.completed + r.counts.timed_out,
                     r.counts.sent);
}

static void what_is_wrong_is_seen(void **state)
{
    static spoil_fn *const cases[] = {
        other_server, low_bit,      high_bit,          other_move,   no_move,
        old_move,     not_sent_yet, seen_but_not_done, other_player, tick_ahead,
        fewer_bodies, more_steps,   before_the_first
    };
    static spoil_bytes_fn *const byte_cases[] = { cut, longer, empty,
                                                  not_a_snapshot };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_is_seen(cases[i], NULL, 20, NULL);
    }
    for (size_t i = 0; i < sizeof byte_cases / sizeof *byte_cases; i++) {
        check_is_seen(NULL, byte_cases[i], 20, NULL);
    }
    check_is_seen(low_bit, NULL, 1, NULL);
    check_is_seen(low_bit, NULL, 60, be_silent);
}

static void from_another_vm(struct servers *s)
{
    s->source_offset = 1;
}
static void from_another_port(struct servers *s)
{
    s->source_port = GAME_PORT + 1;
}

static void only_the_server_itself_is_heard(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct run r;
        run_init(&r);
        r.prepare = i == 0 ? from_another_vm : from_another_port;
        run(&r);
        assert_int_equal(r.counts.timed_out, r.counts.sent);
        assert_int_equal(r.counts.snapshots, 0);
    }
}

/* The right next snapshot with any bytes changed is not right. But nobody can
   know what a server ignored, nor which updates were lost before it. */
static void no_changed_byte_goes_unseen(void **state)
{
    struct rng r;
    struct game_mirror before;
    struct game_snapshot s = { .server = 3, .history = 1, .newest = 5 };
    uint32_t sent[GAME_PLAYERS_MAX] = { 5, 6, 7 };
    uint8_t good[GAME_SNAPSHOT_BYTES];
    (void)state;
    rng_init(&r, 1, "test game", 0);
    game_mirror_init(&before, 3, 77);
    s.world.players = 3;
    s.world.bodies = 6;
    s.world.steps = 4;
    game_world_init(&s.world, 3);
    for (uint32_t tick = 1; tick <= 20; tick++) {
        struct game_move moves[3];
        memmove(&s.inputs[1], &s.inputs[0],
                (GAME_HISTORY - 1) * sizeof *s.inputs);
        for (uint32_t p = 0; p < 3; p++) {
            moves[p] = game_move_of(77, 3, p, sent[p]);
            s.inputs[0].of[p] = (struct game_input){ sent[p], moves[p] };
        }
        game_world_tick(&s.world, moves);
        s.history = tick < GAME_HISTORY ? (uint8_t)tick : GAME_HISTORY;
        uint32_t count = game_snapshot_write(&s, good);
        for (int i = 0; i < 5000; i++) {
            uint8_t bytes[GAME_SNAPSHOT_BYTES];
            struct game_snapshot read = { 0 };
            struct game_mirror m = before;
            memcpy(bytes, good, count);
            uint32_t at = (uint32_t)rng_below(&r, count);
            bytes[at] ^= (uint8_t)(1 + rng_below(&r, 255));
            if ((at >= 16 && at < 20) || (at >= 28 && at < 32)) {
                continue;
            }
            if (game_snapshot_read(&read, bytes, count) &&
                game_mirror_take(&m, &read, sent) == GAME_RIGHT) {
                /* A world that may have been lost for as long as it says. */
                assert_true(at >= 8 && at < 12);
                assert_true(read.world.tick > tick + GAME_HISTORY - 1);
            }
        }
        assert_int_equal(game_mirror_take(&before, &s, sent), GAME_RIGHT);
        assert_int_equal(game_mirror_take(&before, &s, sent), GAME_RIGHT);
        sent[0] += 1;
        s.newest = sent[0];
    }
}

/* ---- Memory, and other values -------------------------------------------- */

static void any_amount_of_memory_will_do(void **state)
{
    bool was_refused = false, has_failed = false, has_all = false;
    (void)state;
    for (size_t kib = 4; kib < 1024; kib += kib < 256 ? 2 : 32) {
        struct run r;
        run_init(&r);
        r.seconds = 1;
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

static void revise_early(struct run *r, struct world *w, struct load *load)
{
    const bool changed[2] = { true, false };
    r->loads[0].players = 4;
    r->loads[0].period_ns = 100 * MS_NS;
    assert_true(load_revise(load, &w->arena, changed, 0));
}

static void what_has_not_begun_is_as_if_it_had_been_so(void **state)
{
    struct run plain, revised;
    (void)state;
    run_init(&plain);
    plain.scenario.load_count = 2;
    run(&plain);
    run_init(&revised);
    revised.scenario.load_count = 2;
    revised.loads[0].players = 1;
    revised.loads[0].period_ns = 10 * MS_NS;
    revised.before = revise_early;
    run(&revised);
    assert_string_equal(plain.fingerprint, revised.fingerprint);
}

static void revise_late(struct run *r, struct world *w, struct load *load)
{
    const bool changed[2] = { true, true };
    r->loads[0].timeout_ns = 500 * MS_NS;
    assert_false(load_revise(load, &w->arena, changed, 0));
    r->loads[0].timeout_ns = 1000 * MS_NS;
}

static void what_has_begun_is_not_revised(void **state)
{
    struct run r;
    (void)state;
    run_init(&r);
    r.during = revise_late;
    r.seconds = 1;
    run(&r);
    assert_int_equal(r.counts.completed, r.counts.sent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_update_is_answered_by_the_next_snapshot),
        cmocka_unit_test(players_of_two_loads_are_different_ones),
        cmocka_unit_test(the_same_seed_plays_the_same_game),
        cmocka_unit_test(just_the_updates_that_are_lost_time_out),
        cmocka_unit_test(a_lost_snapshot_is_made_up_for_by_the_next),
        cmocka_unit_test(copies_and_overtaking_do_no_harm),
        cmocka_unit_test(a_world_that_was_lost_is_found_again),
        cmocka_unit_test(nobody_answers),
        cmocka_unit_test(what_is_wrong_is_seen),
        cmocka_unit_test(only_the_server_itself_is_heard),
        cmocka_unit_test(no_changed_byte_goes_unseen),
        cmocka_unit_test(any_amount_of_memory_will_do),
        cmocka_unit_test(what_has_not_begun_is_as_if_it_had_been_so),
        cmocka_unit_test(what_has_begun_is_not_revised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
