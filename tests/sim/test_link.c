/* test_link.c - a wire's timing, and what goes wrong on it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/arena.h"
#include "sim/devices/link.h"

#define GHZ     1000000000ull
#define LATENCY 50000

struct fixture {
    struct arena arena;
    struct packet_pool pool;
    struct event_queue events;
    struct link link;
    uint32_t arrived;
    uint32_t overtaken; /* Arrived after a later one. */
    uint32_t again;     /* Arrived more than once. */
    uint32_t last;
    uint64_t last_time;
    uint8_t seen[100000];
};

static void take(void *ctx, struct packet *p)
{
    struct fixture *f = ctx;
    uint32_t number;
    memcpy(&number, p->bytes, sizeof(number));
    assert_int_equal(number, p->vm); /* Whose it is says the frame, too. */
    f->arrived++;
    f->overtaken += p->vm < f->last;
    f->again += f->seen[p->vm];
    f->seen[p->vm] = 1;
    f->last = p->vm > f->last ? p->vm : f->last;
    f->last_time = f->events.now;
    packet_put(&f->pool, p);
}

static void fixture_init(struct fixture *f, const struct link_config *config)
{
    *f = (struct fixture){ 0 };
    assert_true(arena_map(&f->arena, GHZ));
    packet_pool_init(&f->pool, &f->arena);
    events_init(&f->events);
    link_init(&f->link, config, &f->events, &f->pool, 1);
    link_attach(&f->link, LINK_MACHINE, take, f);
    link_attach(&f->link, LINK_CLIENTS, take, f);
}

static void fixture_release(struct fixture *f)
{
    while (events_fire_next(&f->events, TIME_NEVER)) {
    }
    assert_int_equal(f->pool.in_use, 0);
    events_release(&f->events);
    arena_unmap(&f->arena);
}

static uint64_t send(struct fixture *f, enum link_end from, uint64_t at,
                     uint32_t number, uint16_t bytes)
{
    struct packet *p = packet_get(&f->pool);
    assert_non_null(p);
    p->vm = number;
    memcpy(p->bytes, &number, sizeof(number));
    p->length_bytes = bytes;
    return link_send(&f->link, from, at, p);
}

static const struct link_config gigabit = { .cpu_hz = GHZ,
                                            .bits_per_second = GHZ,
                                            .latency_cycles = LATENCY };

static void a_frame_takes_its_bits_and_the_latency(void **state)
{
    (void)state;
    static struct fixture f;
    fixture_init(&f, &gigabit);
    /* (1514 + 24) * 8 bits at 1 bit a cycle. */
    assert_int_equal(send(&f, LINK_CLIENTS, 1000, 0, 1514), 1000 + 12304);
    assert_false(events_fire_next(&f.events, 1000 + 12304 + LATENCY - 1));
    assert_true(events_fire_next(&f.events, 1000 + 12304 + LATENCY));
    assert_int_equal(f.arrived, 1);
    /* A short one is padded to 60 bytes. */
    assert_int_equal(send(&f, LINK_CLIENTS, 99000, 1, 14), 99000 + 84 * 8);
    fixture_release(&f);
}

static void frames_of_one_direction_follow_each_other(void **state)
{
    (void)state;
    static struct fixture f;
    fixture_init(&f, &gigabit);
    for (uint32_t i = 0; i < 100; i++) {
        assert_int_equal(send(&f, LINK_MACHINE, i, i, 976), (i + 1) * 8000);
    }
    /* The other direction is free. */
    assert_int_equal(send(&f, LINK_CLIENTS, 5, 100, 976), 8005);
    while (events_fire_next(&f.events, TIME_NEVER)) {
    }
    assert_int_equal(f.arrived, 101);
    assert_int_equal(f.last_time, 100 * 8000 + LATENCY);
    assert_int_equal(f.link.to[LINK_CLIENTS].frames, 100);
    assert_int_equal(f.link.to[LINK_CLIENTS].bytes, 97600);
    assert_int_equal(f.link.to[LINK_MACHINE].frames, 1);
    fixture_release(&f);
}

static void a_slow_link_and_a_fast_clock_round_up(void **state)
{
    (void)state;
    struct link_config config = gigabit;
    config.cpu_hz = 17 * GHZ / 10;
    config.bits_per_second = 10 * GHZ;
    /* 672 bits * 1.7 / 10 = 114.24 cycles. */
    assert_int_equal(link_frame_cycles(&config, 60), 115);
    config.bits_per_second = 1;
    assert_int_equal(link_frame_cycles(&config, 60), 672 * config.cpu_hz);
}

static void run_troubled(struct fixture *f, uint32_t loss, uint32_t reorder,
                         uint32_t dup)
{
    struct link_config config = gigabit;
    config.loss_ppm = loss;
    config.reorder_ppm = reorder;
    config.duplicate_ppm = dup;
    fixture_init(f, &config);
    uint64_t at = 0;
    for (uint32_t i = 0; i < 100000; i++) {
        at = send(f, LINK_CLIENTS, at, i, 976);
        while (events_fire_next(&f->events, at)) {
        }
    }
    while (events_fire_next(&f->events, TIME_NEVER)) {
    }
    const struct link_direction *d = &f->link.to[LINK_MACHINE];
    assert_int_equal(f->arrived, d->frames - d->lost + d->duplicated);
    fixture_release(f);
}

static void each_trouble_comes_at_its_rate_and_alone(void **state)
{
    (void)state;
    static struct fixture f;
    const struct link_direction *d = &f.link.to[LINK_MACHINE];
    run_troubled(&f, 50000, 0, 0);
    assert_in_range(d->lost, 4700, 5300);
    assert_int_equal(f.overtaken + f.again, 0);

    run_troubled(&f, 0, 50000, 0);
    assert_in_range(d->reordered, 4700, 5300);
    assert_in_range(f.overtaken, 4000, 5300);
    assert_int_equal(f.again, 0);

    run_troubled(&f, 0, 0, 50000);
    assert_in_range(d->duplicated, 4700, 5300);
    assert_int_equal(f.again, d->duplicated);

    run_troubled(&f, 1000000, 0, 0);
    assert_int_equal(f.arrived, 0);
}

static void trouble_of_one_kind_does_not_move_the_others(void **state)
{
    (void)state;
    static struct fixture alone;
    static struct fixture mixed;
    run_troubled(&alone, 50000, 0, 0);
    run_troubled(&mixed, 50000, 100000, 100000);
    assert_int_equal(alone.link.to[LINK_MACHINE].lost,
                     mixed.link.to[LINK_MACHINE].lost);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_takes_its_bits_and_the_latency),
        cmocka_unit_test(frames_of_one_direction_follow_each_other),
        cmocka_unit_test(a_slow_link_and_a_fast_clock_round_up),
        cmocka_unit_test(each_trouble_comes_at_its_rate_and_alone),
        cmocka_unit_test(trouble_of_one_kind_does_not_move_the_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
