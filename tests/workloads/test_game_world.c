/*
 * test_game_world.c - the game's physics and packets, which server and clients
 * share: cases worked out by hand, what must hold in any world, and a digest
 * that no compiler may change.
 */
#include "sim/random.h"
#include "workloads/guests/game_packet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MIDDLE (GAME_SIDE / 2)

static struct game_world world_of(uint8_t players, uint8_t bodies,
                                  uint32_t steps)
{
    struct game_world w = { .steps = steps,
                            .players = players,
                            .bodies = bodies };
    return w;
}

static void check_body(const struct game_body *b, int32_t x, int32_t y,
                       int32_t vx, int32_t vy)
{
    assert_int_equal(b->x, x);
    assert_int_equal(b->y, y);
    assert_int_equal(b->vx, vx);
    assert_int_equal(b->vy, vy);
}

static const struct game_move still[GAME_PLAYERS_MAX];

static void a_body_rolls_and_is_slowed_down(void **state)
{
    struct game_world w = world_of(1, 1, 1);
    (void)state;
    w.body[0] = (struct game_body){ MIDDLE, MIDDLE, 12800, -1280 };
    game_world_tick(&w, still);
    /* A hundred and twenty-eighth less, then on. */
    check_body(&w.body[0], MIDDLE + 12700, MIDDLE - 1270, 12700, -1270);
    assert_int_equal(w.tick, 1);
    w = world_of(1, 1, 1);
    w.body[0] = (struct game_body){ MIDDLE, MIDDLE, 127, -127 };
    game_world_tick(&w, still);
    check_body(&w.body[0], MIDDLE + 127, MIDDLE - 127, 127, -127);
}

static void a_move_changes_the_velocity_up_to_a_limit(void **state)
{
    struct game_world w = world_of(1, 2, 1);
    const struct game_move moves[] = { { 300, -32768 } };
    (void)state;
    w.body[0] = (struct game_body){ MIDDLE, MIDDLE, 0, 0 };
    w.body[1] = (struct game_body){ MIDDLE / 2, MIDDLE, 0, 0 };
    game_world_tick(&w, moves);
    check_body(&w.body[0], MIDDLE + 300, MIDDLE - 32768, 300, -32768);
    check_body(&w.body[1], MIDDLE / 2, MIDDLE, 0, 0);
    for (int i = 0; i < 12; i++) {
        game_world_tick(&w, moves);
    }
    assert_int_equal(w.body[0].vy, -GAME_SPEED_MAX);
}

static void a_wall_turns_a_body_round(void **state)
{
    struct game_world w = world_of(1, 2, 1);
    (void)state;
    w.body[0] = (struct game_body){ GAME_RADIUS + 10, MIDDLE, -100, 0 };
    w.body[1] = (struct game_body){ MIDDLE, GAME_SIDE - GAME_RADIUS, 0, 100 };
    game_world_tick(&w, still);
    check_body(&w.body[0], GAME_RADIUS + 90, MIDDLE, 100, 0);
    check_body(&w.body[1], MIDDLE, GAME_SIDE - GAME_RADIUS - 100, 0, -100);
}

static void two_bodies_that_meet_exchange_velocities(void **state)
{
    struct game_world w = world_of(1, 2, 1);
    (void)state;
    w.body[0] = (struct game_body){ MIDDLE, MIDDLE, 100, 7 };
    w.body[1] = (struct game_body){ MIDDLE + 3 * GAME_ONE, MIDDLE, -50, 7 };
    game_world_tick(&w, still);
    /* Along the line between them only, and they do not turn round twice. */
    check_body(&w.body[0], MIDDLE + 100, MIDDLE + 7, -50, 7);
    check_body(&w.body[1], MIDDLE + 3 * GAME_ONE - 50, MIDDLE + 7, 100, 7);
    game_world_tick(&w, still);
    assert_int_equal(w.body[0].vx, -50);
    /* At rest side by side, not at all. */
    w.body[0] = (struct game_body){ MIDDLE, MIDDLE, 0, 0 };
    w.body[1] = (struct game_body){ MIDDLE, MIDDLE, 0, 0 };
    game_world_tick(&w, still);
    check_body(&w.body[0], MIDDLE, MIDDLE, 0, 0);
}

static void draw_moves(struct rng *r, struct game_move *moves)
{
    for (int i = 0; i < GAME_PLAYERS_MAX; i++) {
        moves[i].x = (int16_t)((int32_t)rng_below(r, 65536) - 32768);
        moves[i].y = (int16_t)((int32_t)rng_below(r, 65536) - 32768);
    }
}

/* Velocities are small enough not to be slowed down, so what they sum to can
   change by collisions only; and must not. */
static void collisions_make_no_momentum(void **state)
{
    struct rng r;
    uint32_t collisions = 0;
    (void)state;
    rng_init(&r, 1, "test game", 0);
    for (int round = 0; round < 2000; round++) {
        struct game_world w = world_of(1, GAME_BODIES_MAX, 1);
        int64_t x = 0, y = 0;
        for (int i = 0; i < GAME_BODIES_MAX; i++) {
            struct game_body *b = &w.body[i];
            b->x = MIDDLE + (int32_t)rng_below(&r, 20 * GAME_ONE);
            b->y = MIDDLE + (int32_t)rng_below(&r, 20 * GAME_ONE);
            b->vx = (int32_t)rng_below(&r, 255) - 127;
            b->vy = (int32_t)rng_below(&r, 255) - 127;
            x += b->vx;
            y += b->vy;
        }
        int32_t first = w.body[0].vx;
        game_world_tick(&w, still);
        collisions += w.body[0].vx != first;
        for (int i = 0; i < GAME_BODIES_MAX; i++) {
            x -= w.body[i].vx;
            y -= w.body[i].vy;
        }
        assert_int_equal(x, 0);
        assert_int_equal(y, 0);
    }
    assert_true(collisions > 1000);
}

static void nothing_leaves_the_box_whatever_the_moves(void **state)
{
    struct rng r;
    (void)state;
    rng_init(&r, 2, "test game", 0);
    for (uint32_t number = 0; number < 20; number++) {
        struct game_world w =
            world_of(GAME_PLAYERS_MAX, GAME_BODIES_MAX, 1 + number % 3);
        game_world_init(&w, number * 0x1234567);
        for (int tick = 0; tick < 500; tick++) {
            struct game_move moves[GAME_PLAYERS_MAX];
            draw_moves(&r, moves);
            game_world_tick(&w, moves);
            for (int i = 0; i < GAME_BODIES_MAX; i++) {
                const struct game_body *b = &w.body[i];
                assert_in_range(b->x, GAME_RADIUS, GAME_SIDE - GAME_RADIUS);
                assert_in_range(b->y, GAME_RADIUS, GAME_SIDE - GAME_RADIUS);
                assert_true(abs(b->vx) < 30 * GAME_ONE);
                assert_true(abs(b->vy) < 30 * GAME_ONE);
            }
        }
    }
}

static void worlds_begin_apart_and_differ(void **state)
{
    struct game_world w = world_of(4, GAME_BODIES_MAX, 1);
    struct game_world other = w;
    (void)state;
    for (uint32_t number = 0; number < 1000; number++) {
        game_world_init(&w, number);
        game_world_init(&other, number + 1);
        assert_memory_not_equal(w.body, other.body, sizeof w.body);
        for (int i = 0; i < GAME_BODIES_MAX; i++) {
            for (int k = 0; k < i; k++) {
                assert_true(abs(w.body[i].x - w.body[k].x) > 2 * GAME_RADIUS ||
                            abs(w.body[i].y - w.body[k].y) > 2 * GAME_RADIUS);
            }
        }
    }
}

static struct game_move move_of(uint32_t tick, uint32_t player)
{
    uint32_t x = tick * 7919 + player * 104729;
    uint32_t y = tick * 15485863 + player * 32452843;
    return (struct game_move){ (int16_t)((int32_t)(x % 65536) - 32768),
                               (int16_t)((int32_t)(y % 65536) - 32768) };
}

/* Worked out by a program in another language, whose integers have no limit. */
static void a_world_is_the_same_everywhere(void **state)
{
    struct game_world w = world_of(4, 16, 2);
    uint64_t digest = 0xcbf29ce484222325; /* FNV-1a, word by word. */
    (void)state;
    game_world_init(&w, 7);
    for (uint32_t tick = 0; tick < 1000; tick++) {
        struct game_move moves[4];
        for (uint32_t p = 0; p < 4; p++) {
            moves[p] = move_of(tick, p);
        }
        game_world_tick(&w, moves);
    }
    assert_int_equal(w.tick, 1000);
    for (int i = 0; i < 16; i++) {
        const struct game_body *b = &w.body[i];
        const int32_t words[] = { b->x, b->y, b->vx, b->vy };
        for (int k = 0; k < 4; k++) {
            digest = (digest ^ (uint32_t)words[k]) * 0x100000001b3;
        }
    }
    assert_int_equal(digest, 0x282e912f1221016b);
}

/* ---- Packets ------------------------------------------------------------- */

static void an_update_is_read_as_it_was_written(void **state)
{
    static const uint8_t wanted[GAME_UPDATE_BYTES] = {
        'I', 'K', 'G', 'U', 1, 2, 3, 4, 5, 0, 0, 0, 0x7f, 0xff, 0x80, 0
    };
    const struct game_update update = { 0x01020304, 5, { 32767, -32768 } };
    struct game_update read;
    uint8_t bytes[GAME_UPDATE_BYTES];
    (void)state;
    game_update_write(&update, bytes);
    assert_memory_equal(bytes, wanted, sizeof wanted);
    assert_true(game_update_read(&read, bytes, sizeof bytes));
    assert_int_equal(read.number, update.number);
    assert_int_equal(read.player, 5);
    assert_int_equal(read.move.x, 32767);
    assert_int_equal(read.move.y, -32768);
    for (uint32_t count = 0; count < sizeof bytes; count++) {
        assert_false(game_update_read(&read, bytes, count));
    }
    assert_false(game_update_read(&read, bytes, sizeof bytes + 1));
    for (uint32_t i = 0; i < 12; i++) {
        uint8_t was = bytes[i];
        bytes[i] = 0xff;
        bool may_be = i >= 4 && i < 8; /* Another number. */
        assert_int_equal(game_update_read(&read, bytes, sizeof bytes), may_be);
        bytes[i] = was;
    }
    memset(bytes + 4, 0, 4);
    assert_false(game_update_read(&read, bytes, sizeof bytes));
}

static void make_snapshot(struct game_snapshot *s, uint8_t history)
{
    struct rng r;
    memset(s, 0, sizeof *s);
    rng_init(&r, 4, "test game", 0);
    s->world = world_of(3, 10, 9);
    game_world_init(&s->world, 99);
    s->world.tick = history < GAME_HISTORY ? history : 0xfedcba98;
    s->server = 99;
    s->newest = 0x89abcdef;
    s->older = 0xf0e1d2c3;
    s->ignored = 17;
    s->player = 2;
    s->history = history;
    for (uint32_t i = 0; i < history; i++) {
        struct game_move moves[GAME_PLAYERS_MAX];
        draw_moves(&r, moves);
        for (uint32_t p = 0; p < 3; p++) {
            s->inputs[i].of[p] =
                (struct game_input){ (uint32_t)rng_u64(&r), moves[p] };
        }
    }
}

/* In a block of exactly its size, so that the sanitizer sees a byte too far. */
static bool read_exact(struct game_snapshot *s, const uint8_t *bytes,
                       uint32_t count)
{
    uint8_t *copy = malloc(count ? count : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, count);
    bool is_good = game_snapshot_read(s, copy, count);
    free(copy);
    return is_good;
}

static void a_snapshot_is_read_as_it_was_written(void **state)
{
    (void)state;
    for (uint8_t history = 1; history <= GAME_HISTORY; history++) {
        struct game_snapshot s, read;
        uint8_t bytes[GAME_SNAPSHOT_BYTES + 1] = { 0 };
        make_snapshot(&s, history);
        uint32_t count = game_snapshot_write(&s, bytes);
        assert_int_equal(count, 32 + history * 3u * 8 + 10 * 16);
        memset(&read, 0, sizeof read);
        assert_true(read_exact(&read, bytes, count));
        assert_memory_equal(&read, &s, sizeof s);
        for (uint32_t cut = 0; cut < count; cut++) {
            assert_false(read_exact(&read, bytes, cut));
        }
        assert_false(read_exact(&read, bytes, count + 1));
    }
}

/* As many players and bodies as there may be are allowed; one more is not. */
static void a_snapshot_may_be_full_and_no_fuller(void **state)
{
    (void)state;
    struct game_snapshot s, read;
    uint8_t bytes[GAME_SNAPSHOT_BYTES + 1] = { 0 };
    make_snapshot(&s, GAME_HISTORY);
    s.world.players = GAME_PLAYERS_MAX;
    s.world.bodies = GAME_BODIES_MAX;
    s.world.steps = GAME_STEPS_MAX;
    uint32_t count = game_snapshot_write(&s, bytes);
    assert_int_equal(count, GAME_SNAPSHOT_BYTES);
    memset(&read, 0, sizeof read);
    assert_true(read_exact(&read, bytes, count));
    assert_int_equal(read.world.players, GAME_PLAYERS_MAX);
    assert_int_equal(read.world.bodies, GAME_BODIES_MAX);
    static const uint32_t places[] = { 21, 22, 24 };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        bytes[places[i]]++;
        assert_false(read_exact(&read, bytes, count));
        assert_false(read_exact(&read, bytes, count + 1));
        bytes[places[i]]--;
    }
}

static void any_bytes_are_read_without_harm(void **state)
{
    struct rng r;
    struct game_snapshot s;
    uint32_t good = 0;
    (void)state;
    rng_init(&r, 5, "test game", 0);
    for (int i = 0; i < 100000; i++) {
        uint8_t bytes[GAME_SNAPSHOT_BYTES];
        make_snapshot(&s, (uint8_t)(1 + rng_below(&r, GAME_HISTORY)));
        uint32_t count = game_snapshot_write(&s, bytes);
        for (uint64_t n = rng_below(&r, 4); n > 0; n--) {
            bytes[rng_below(&r, 40)] = (uint8_t)rng_u64(&r);
        }
        if (rng_below(&r, 4) == 0) {
            count = (uint32_t)rng_below(&r, count + 1);
        }
        good += read_exact(&s, bytes, count);
        struct game_update update;
        (void)game_update_read(&update, bytes, GAME_UPDATE_BYTES);
    }
    assert_in_range(good, 20000, 90000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_rolls_and_is_slowed_down),
        cmocka_unit_test(a_move_changes_the_velocity_up_to_a_limit),
        cmocka_unit_test(a_wall_turns_a_body_round),
        cmocka_unit_test(two_bodies_that_meet_exchange_velocities),
        cmocka_unit_test(collisions_make_no_momentum),
        cmocka_unit_test(nothing_leaves_the_box_whatever_the_moves),
        cmocka_unit_test(worlds_begin_apart_and_differ),
        cmocka_unit_test(a_world_is_the_same_everywhere),
        cmocka_unit_test(an_update_is_read_as_it_was_written),
        cmocka_unit_test(a_snapshot_is_read_as_it_was_written),
        cmocka_unit_test(a_snapshot_may_be_full_and_no_fuller),
        cmocka_unit_test(any_bytes_are_read_without_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
