/* test_disk.c - what a request costs, and in which order they are served. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/arena.h"
#include "sim/devices/disk.h"
#include "sim/devices/machine.h"
#include "sim/random.h"

#define GHZ 1000000000ull
#define US  1000ull /* Cycles at 1 GHz. */
#define MS  1000000ull
#define MAX 256

/* A turn takes 10 ms, a block 0.1 ms; a cylinder is one track of 100. */
static const struct disk_model plain = {
    .name = "plain",
    .capacity_bytes = 100ull * 1000 * DISK_BLOCK_BYTES,
    .rpm = 6000,
    .cylinders = 1000,
    .track_seek_ns = 1 * MS,
    .average_seek_ns = 5 * MS,
    .full_seek_ns = 10 * MS,
    .bytes_per_second = 40960000,
};

struct fixture {
    struct event_queue events;
    struct disk disk;
    struct arena arena;
    _Alignas(16) unsigned char room[256];
    struct disk_request requests[MAX];
    uint64_t done_count;
    uint64_t order[MAX];  /* Blocks, as they were done. */
    uint64_t issue_count; /* Closed loop: stop at so many. */
    uint64_t issue_limit;
    uint64_t longest_passed; /* Most that were done while one waited. */
    uint64_t done_at_issue[MAX];
    uint64_t hash;
    struct rng rng;
};

static void fixture_init(struct fixture *f, const struct disk_model *model,
                         const char *policy, uint64_t cpu_hz)
{
    *f = (struct fixture){ 0 };
    events_init(&f->events);
    disk_init(&f->disk, model, disk_policy_find(policy), &f->events, cpu_hz);
    arena_init(&f->arena, f->room, sizeof(f->room));
    assert_true(disk_share(&f->disk, &f->arena, 1));
    rng_init(&f->rng, 1, "test", 0);
}

static void run(struct fixture *f)
{
    while (events_fire_next(&f->events, TIME_NEVER)) {
    }
    assert_null(f->disk.serving);
    assert_null(f->disk.head);
    assert_null(f->disk.tail);
    assert_int_equal(f->disk.queued, 0);
}

static void fixture_release(struct fixture *f)
{
    run(f);
    const struct disk_stats *s = &f->disk.stats;
    assert_int_equal(s->busy,
                     s->overhead + s->seek + s->rotation + s->transfer);
    assert_int_equal(s->busy, s->service.sum);
    assert_int_equal(s->reads + s->writes, s->service.count);
    assert_int_equal(s->busy, disk_busy(&f->disk, f->events.now));
    events_release(&f->events);
}

static void note(void *ctx, struct disk_request *r)
{
    struct fixture *f = ctx;
    assert_true(f->done_count < MAX);
    f->order[f->done_count++] = r->block;
}

static void submit(struct fixture *f, uint64_t now, uint32_t i, uint64_t block)
{
    f->requests[i] = (struct disk_request){
        .block = block, .count = 1, .done = note, .ctx = f
    };
    disk_submit(&f->disk, now, &f->requests[i]);
}

static void check_order(const struct fixture *f, const uint64_t *blocks,
                        uint64_t count)
{
    assert_int_equal(f->done_count, count);
    for (uint64_t i = 0; i < count; i++) {
        assert_int_equal(f->order[i], blocks[i]);
    }
}

/* A closed loop: whoever is done asks again at once, somewhere. */
static void ask_again(void *ctx, struct disk_request *r)
{
    struct fixture *f = ctx;
    uint64_t i = (uint64_t)(r - f->requests);
    if (f->done_count > 0) {
        uint64_t passed = f->done_count - f->done_at_issue[i];
        f->longest_passed =
            passed > f->longest_passed ? passed : f->longest_passed;
    }
    f->done_count++;
    f->hash = (f->hash ^ r->block ^ f->events.now) * 0x9e3779b97f4a7c15ull;
    if (f->issue_count == f->issue_limit) {
        return;
    }
    f->issue_count++;
    f->done_at_issue[i] = f->done_count;
    r->block = rng_below(&f->rng, f->disk.block_count - r->count + 1);
    disk_submit(&f->disk, f->events.now, r);
}

static void run_closed_loop(struct fixture *f, uint32_t clients,
                            uint32_t blocks, uint64_t limit)
{
    f->issue_limit = limit;
    for (uint32_t i = 0; i < clients; i++) {
        f->issue_count++;
        f->requests[i] = (struct disk_request){
            .block = rng_below(&f->rng, f->disk.block_count - blocks),
            .count = blocks,
            .done = ask_again,
            .ctx = f,
        };
        disk_submit(&f->disk, 0, &f->requests[i]);
    }
    run(f);
    assert_int_equal(f->done_count, limit);
}

static const struct disk_model *drive_of(const char *machine)
{
    const struct machine *m = machine_find(machine);
    assert_non_null(m);
    return m->disk;
}

static void the_seek_curve_passes_through_its_three_points(void **state)
{
    (void)state;
    const struct disk_model *models[] = { &plain, drive_of("denali-2002") };
    for (size_t i = 0; i < 2; i++) {
        const struct disk_model *m = models[i];
        assert_int_equal(disk_seek_ns(m, 0), 0);
        assert_int_equal(disk_seek_ns(m, 1), m->track_seek_ns);
        assert_int_equal(disk_seek_ns(m, m->cylinders / 3), m->average_seek_ns);
        assert_int_equal(disk_seek_ns(m, m->cylinders - 1), m->full_seek_ns);
    }
}

static void check_monotone(const struct disk_model *m)
{
    for (uint32_t d = 1; d < m->cylinders; d++) {
        assert_true(disk_seek_ns(m, d) >= disk_seek_ns(m, d - 1));
    }
}

static void a_longer_seek_never_takes_less_time(void **state)
{
    (void)state;
    struct disk_model m = plain;
    check_monotone(&m);
    check_monotone(drive_of("denali-2002"));
    for (m.cylinders = DISK_CYLINDERS_MIN; m.cylinders < 200; m.cylinders++) {
        check_monotone(&m);
        assert_int_equal(disk_seek_ns(&m, m.cylinders - 1), m.full_seek_ns);
    }
    m.track_seek_ns = m.average_seek_ns = m.full_seek_ns;
    check_monotone(&m);
    assert_int_equal(disk_seek_ns(&m, 1), m.full_seek_ns);
}

/* 1 + 4 (sqrt(d) - 1) / (sqrt(333) - 1) ms. */
static void a_short_seek_grows_as_the_root_of_its_distance(void **state)
{
    (void)state;
    assert_in_range(disk_seek_ns(&plain, 100), 3087000, 3088500);
    assert_in_range(disk_seek_ns(&plain, 225), 4246500, 4248500);
    /* And beyond the knee as a line: 5 ms over 666 cylinders. */
    assert_int_equal(disk_seek_ns(&plain, 666), 7500000);
}

static uint64_t cost(const struct disk *d, uint64_t now, uint64_t block,
                     uint32_t count)
{
    struct disk_request r = { .block = block, .count = count };
    return disk_service_cycles(d, now, &r);
}

static void a_request_costs_seek_rotation_and_transfer(void **state)
{
    (void)state;
    static struct fixture f;
    fixture_init(&f, &plain, "fcfs", GHZ);
    const struct disk *d = &f.disk;
    assert_int_equal(cost(d, 0, 0, 1), 100 * US);
    assert_int_equal(cost(d, 0, 5, 1), 600 * US);
    assert_int_equal(cost(d, 0, 5, 3), 800 * US);
    /* A cycle too late for block 0 is a whole turn, less that cycle. */
    assert_int_equal(cost(d, 1, 0, 1), 10 * MS - 1 + 100 * US);
    /* Cylinder 1 is skewed by the track seek. */
    assert_int_equal(cost(d, 0, 100, 1), 1100 * US);
    assert_int_equal(cost(d, 0, 107, 1), 1800 * US);
    /* Cylinder 666: 7.5 ms away, and skewed by 666 of them: 6.0 ms. */
    assert_int_equal(cost(d, 0, 66600, 1), (7500 + 8500 + 100) * US);
    /* 250 blocks lie on three cylinders. */
    assert_int_equal(cost(d, 0, 0, 250), 27 * MS);
    fixture_release(&f);
}

static void overhead_comes_first_while_the_platter_turns(void **state)
{
    (void)state;
    static struct fixture f;
    struct disk_model m = plain;
    m.overhead_ns = 300 * US;
    fixture_init(&f, &m, "fcfs", GHZ);
    assert_int_equal(cost(&f.disk, 0, 3, 1), 400 * US);
    assert_int_equal(cost(&f.disk, 0, 2, 1), 10300 * US);
    fixture_release(&f);
}

static void the_platter_turns_with_time(void **state)
{
    (void)state;
    static struct fixture f;
    fixture_init(&f, &plain, "fcfs", GHZ);
    uint64_t first = cost(&f.disk, 0, 77, 1);
    for (uint64_t t = 0; t < 7700 * US; t += 100 * US) {
        assert_int_equal(cost(&f.disk, t, 77, 1), first - t);
        assert_int_equal(cost(&f.disk, t + 10 * MS, 77, 1), first - t);
    }
    fixture_release(&f);

    /* 14,166,666 2/3 cycles: the third turn ends on a whole one. */
    const uint64_t three_turns = 42500000;
    fixture_init(&f, drive_of("denali-2002"), "fcfs", 17 * GHZ / 10);
    for (uint64_t t = 0; t < three_turns; t += 1234567) {
        uint64_t now = cost(&f.disk, t, 123456, 1);
        uint64_t late = t + (1ull << 33) * three_turns;
        assert_int_equal(cost(&f.disk, t + three_turns, 123456, 1), now);
        assert_int_equal(cost(&f.disk, late, 123456, 1), now);
    }
    fixture_release(&f);
}

/* Reads on, whatever the size of the step, and never waits for the platter. */
static void check_sequential(const struct disk_model *m, uint64_t cpu_hz,
                             uint32_t step)
{
    static struct fixture f;
    fixture_init(&f, m, "fcfs", cpu_hz);
    struct disk_request r = { .count = step, .done = note, .ctx = &f };
    for (uint64_t i = 0; i < 1000; i++) {
        uint64_t rotation = f.disk.stats.rotation;
        r.block = 1000 + i * step;
        disk_submit(&f.disk, f.events.now, &r);
        run(&f);
        f.done_count = 0;
        assert_true(i == 0 || f.disk.stats.rotation == rotation);
    }
    assert_true(f.disk.cylinder > 2);
    fixture_release(&f);
}

static void the_next_block_needs_no_rotation(void **state)
{
    (void)state;
    static const uint64_t clocks[] = { GHZ, 17 * GHZ / 10, 1234567891 };
    for (size_t i = 0; i < 3; i++) {
        for (uint32_t step = 1; step <= 16; step *= 4) {
            check_sequential(&plain, clocks[i], step);
            check_sequential(drive_of("denali-2002"), clocks[i], step);
        }
    }
}

static void a_drive_reads_on_into_its_buffer(void **state)
{
    (void)state;
    static struct fixture f;
    struct disk_model m = plain;
    m.overhead_ns = 300 * US;
    m.read_ahead_bytes = 50 * DISK_BLOCK_BYTES; /* 5 ms. */
    fixture_init(&f, &m, "fcfs", GHZ);
    submit(&f, 0, 0, 3);
    run(&f);
    assert_int_equal(f.events.now, 400 * US);
    /* At once: 0.3 ms have passed under the head by the end of overhead. */
    assert_int_equal(cost(&f.disk, 400 * US, 4, 2), 300 * US);
    assert_int_equal(cost(&f.disk, 400 * US, 4, 3), 300 * US);
    assert_int_equal(cost(&f.disk, 400 * US, 4, 10), 1000 * US);
    /* Nor has anything passed before that. */
    assert_int_equal(cost(&f.disk, 0, 4, 1), 500 * US);
    /* Elsewhere, even in the buffer: no. */
    assert_int_equal(cost(&f.disk, 400 * US, 5, 1), 300 * US + 9900 * US);
    /* It stops when the buffer is full, which is then all there is. */
    assert_int_equal(cost(&f.disk, 90 * MS, 4, 50), 300 * US);
    assert_int_equal(cost(&f.disk, 90 * MS, 4, 51), 300 * US + 5200 * US);

    /* What is left in the buffer is there for the next one. */
    submit(&f, 1400 * US, 1, 4);
    run(&f);
    assert_int_equal(f.events.now, 1700 * US);
    assert_int_equal(cost(&f.disk, 1700 * US, 5, 11), 300 * US);
    assert_int_equal(cost(&f.disk, 1700 * US, 5, 12), 300 * US);
    assert_int_equal(cost(&f.disk, 1700 * US, 5, 16), 400 * US);
    struct disk_request w = {
        .block = 5, .count = 1, .is_write = true, .done = note, .ctx = &f
    };
    assert_true(disk_service_cycles(&f.disk, 1700 * US, &w) > 300 * US);
    disk_submit(&f.disk, 1700 * US, &w);
    run(&f);
    assert_int_equal(cost(&f.disk, f.events.now, 6, 1), 300 * US + 9800 * US);
    fixture_release(&f);
}

/* In microseconds, of the paper's machine, one request at a time. */
static uint64_t mean_us(uint64_t cycles, uint64_t count)
{
    return cycles * 10 / 17 / 1000 / count;
}

static void a_random_page_takes_about_13_ms(void **state)
{
    (void)state;
    static struct fixture f;
    const uint64_t count = 100000;
    fixture_init(&f, drive_of("denali-2002"), "fcfs", 17 * GHZ / 10);
    run_closed_loop(&f, 1, 1, count);
    const struct disk_stats *s = &f.disk.stats;
    print_message("random 4 KiB, us: %u seek, %u rotation, %u transfer, "
                  "%u in all\n",
                  (unsigned)mean_us(s->seek, count),
                  (unsigned)mean_us(s->rotation, count),
                  (unsigned)mean_us(s->transfer, count),
                  (unsigned)mean_us(s->busy, count));
    assert_in_range(mean_us(s->busy, count), 12700, 13300);
    assert_in_range(mean_us(s->seek, count), 8000, 9000);
    /* Half of 8,333. */
    assert_in_range(mean_us(s->rotation, count), 4125, 4208);
    assert_int_equal(mean_us(s->overhead, count), 300);
    assert_true(s->busy == f.events.now);
    fixture_release(&f);
}

static uint64_t sequential_cycles(uint32_t step, uint64_t bytes)
{
    static struct fixture f;
    fixture_init(&f, drive_of("denali-2002"), "fcfs", 17 * GHZ / 10);
    struct disk_request r = { .count = step, .done = note, .ctx = &f };
    for (; r.block < bytes / DISK_BLOCK_BYTES; r.block += step) {
        disk_submit(&f.disk, f.events.now, &r);
        run(&f);
        f.done_count = 0;
    }
    uint64_t cycles = f.events.now;
    fixture_release(&f);
    return cycles;
}

static void a_sequential_read_runs_at_the_rate_of_the_platter(void **state)
{
    (void)state;
    const uint64_t bytes = 64ull << 20;
    /* At 38 MB/s, with a track seek for each of 52 crossings. */
    uint64_t expected = bytes * 17 / 10 * GHZ / 38000000 + 52 * 17 * MS / 10;
    assert_in_range(sequential_cycles(64, bytes), expected,
                    expected + expected / 100);
    /* A page at a time, the command's 0.3 ms is what counts: 44 x random. */
    uint64_t page = sequential_cycles(1, bytes) / (bytes / DISK_BLOCK_BYTES);
    assert_in_range(mean_us(page, 1), 299, 303);
}

static void fcfs_serves_in_order_of_arrival(void **state)
{
    (void)state;
    static struct fixture f;
    static const uint64_t blocks[] = { 9800, 18300, 3700,  12200,
                                       1400, 12400, 99999, 6700 };
    fixture_init(&f, &plain, "fcfs", GHZ);
    for (uint32_t i = 0; i < 8; i++) {
        submit(&f, i, i, blocks[i]);
    }
    run(&f);
    check_order(&f, blocks, 8);
    fixture_release(&f);
}

/* Silberschatz's queue, the arm at cylinder 53 and moving up. */
static void the_elevator_serves_the_textbook_queue(void **state)
{
    (void)state;
    static struct fixture f;
    static const uint64_t queue[] = { 98, 183, 37, 122, 14, 124, 65, 67 };
    static const uint64_t order[] = { 5300,  6500,  6700, 9800, 12200,
                                      12400, 18300, 3700, 1400 };
    fixture_init(&f, &plain, "elevator", GHZ);
    submit(&f, 0, 8, 5300);
    for (uint32_t i = 0; i < 8; i++) {
        submit(&f, 1 + i, i, queue[i] * 100);
    }
    run(&f);
    check_order(&f, order, 9);
    /* It goes on downwards from 14, then up again. */
    f.done_count = 0;
    static const uint64_t again[] = { 1450, 1600, 300, 1500, 900 };
    static const uint64_t after[] = { 1450, 900, 300, 1500, 1600 };
    for (uint32_t i = 0; i < 5; i++) {
        submit(&f, f.events.now, i, again[i]);
    }
    run(&f);
    check_order(&f, after, 5);
    fixture_release(&f);
}

static void within_a_cylinder_the_elevator_follows_the_platter(void **state)
{
    (void)state;
    static struct fixture f;
    static const uint64_t order[] = { 5000, 4003, 4007, 4099, 3950, 3960 };
    fixture_init(&f, &plain, "elevator", GHZ);
    f.disk.is_ascending = false;
    f.disk.cylinder = 60;
    submit(&f, 0, 0, 5000);
    submit(&f, 1, 1, 3960);
    submit(&f, 2, 2, 4099);
    submit(&f, 3, 3, 4007);
    submit(&f, 4, 4, 3950);
    submit(&f, 5, 5, 4003);
    run(&f);
    check_order(&f, order, 6);
    fixture_release(&f);
}

struct hog {
    struct fixture *f;
    struct disk_request requests[4];
    bool is_over; /* The victim has been served. */
};

/* Asks for the block just above the arm, as long as the victim waits. */
static void hog_again(void *ctx, struct disk_request *r)
{
    struct hog *h = ctx;
    h->f->done_count++;
    if (!h->is_over) {
        r->block = disk_cylinder(&h->f->disk, r->block) * 100 + 150;
        r->block %= h->f->disk.block_count;
        disk_submit(&h->f->disk, h->f->events.now, r);
    }
}

static void victim_done(void *ctx, struct disk_request *r)
{
    struct hog *h = ctx;
    (void)r;
    h->is_over = true;
}

static void no_one_is_starved_by_those_ahead_of_the_arm(void **state)
{
    (void)state;
    static struct fixture f;
    static struct hog h;
    for (size_t p = 0; disk_policies[p]; p++) {
        fixture_init(&f, &plain, disk_policies[p]->name, GHZ);
        h = (struct hog){ .f = &f };
        for (uint32_t i = 0; i < 4; i++) {
            h.requests[i] = (struct disk_request){
                .block = 500, .count = 1, .done = hog_again, .ctx = &h
            };
            disk_submit(&f.disk, 0, &h.requests[i]);
        }
        struct disk_request victim = {
            .block = 0, .count = 1, .done = victim_done, .ctx = &h
        };
        disk_submit(&f.disk, 1, &victim);
        while (!h.is_over) {
            assert_true(events_fire_next(&f.events, TIME_NEVER));
            assert_true(f.done_count < 2 * 5);
        }
        fixture_release(&f);
    }
}

static void fewer_than_twice_the_population_go_before_anyone(void **state)
{
    (void)state;
    static struct fixture f;
    static const uint32_t populations[] = { 2, 3, 10, 100 };
    for (size_t p = 0; disk_policies[p]; p++) {
        for (size_t i = 0; i < 4; i++) {
            fixture_init(&f, &plain, disk_policies[p]->name, GHZ);
            run_closed_loop(&f, populations[i], 1, 20000);
            /* Of one owner `fair` serves the first to come, too. */
            bool is_lift = disk_policies[p] == disk_policy_find("elevator");
            uint64_t bound = is_lift ? 2 * populations[i] : populations[i];
            assert_in_range(f.longest_passed, populations[i] - 1, bound - 1);
            fixture_release(&f);
        }
    }
}

static void a_request_can_be_taken_back_while_it_waits(void **state)
{
    (void)state;
    static struct fixture f;
    static const uint64_t left[] = { 100, 300 };
    fixture_init(&f, &plain, "fcfs", GHZ);
    for (uint32_t i = 0; i < 5; i++) {
        submit(&f, i, i, 100 * (i + 1));
    }
    assert_int_equal(f.disk.queued, 4);
    assert_false(disk_cancel(&f.disk, &f.requests[0])); /* Being served. */
    assert_true(disk_cancel(&f.disk, &f.requests[1]));  /* The first, */
    assert_true(disk_cancel(&f.disk, &f.requests[4]));  /* the last */
    assert_true(disk_cancel(&f.disk, &f.requests[3]));  /* and the next. */
    assert_int_equal(f.disk.queued, 1);
    run(&f);
    check_order(&f, left, 2);

    /* Free to be asked again; and the last one can be taken, too. */
    f.done_count = 0;
    submit(&f, f.events.now, 1, 200);
    submit(&f, f.events.now, 2, 700);
    assert_true(disk_cancel(&f.disk, &f.requests[2]));
    assert_null(f.disk.head);
    run(&f);
    assert_int_equal(f.order[0], 200);
    assert_int_equal(f.done_count, 1);
    fixture_release(&f);
}

static void the_queue_and_the_wait_are_counted(void **state)
{
    (void)state;
    static struct fixture f;
    fixture_init(&f, &plain, "fcfs", GHZ);
    submit(&f, 0, 0, 0);
    assert_int_equal(f.disk.stats.queue_peak, 0);
    submit(&f, 10 * US, 1, 1);
    f.requests[2] = (struct disk_request){
        .block = 2, .count = 3, .is_write = true, .done = note, .ctx = &f
    };
    disk_submit(&f.disk, 20 * US, &f.requests[2]);
    assert_int_equal(disk_busy(&f.disk, 60 * US), 60 * US);
    assert_int_equal(disk_busy(&f.disk, MS), 100 * US);
    run(&f);
    const struct disk_stats *s = &f.disk.stats;
    assert_int_equal(s->queue_peak, 2);
    assert_int_equal(s->reads, 2);
    assert_int_equal(s->writes, 1);
    assert_int_equal(s->blocks_read, 2);
    assert_int_equal(s->blocks_written, 3);
    assert_int_equal(s->busy, 500 * US);
    assert_int_equal(s->transfer, 500 * US);
    assert_int_equal(s->wait.count, 3);
    assert_int_equal(s->wait.sum, (0 + 90 + 180) * US);
    assert_int_equal(s->wait.max, 180 * US);
    assert_int_equal(s->service.max, 300 * US);
    fixture_release(&f);
}

/* The processor's clock runs ahead of events while the kernel works. */
static void nothing_is_served_before_it_was_issued(void **state)
{
    (void)state;
    static struct fixture f;
    static const uint64_t order[] = { 0, 40, 20 };
    fixture_init(&f, &plain, "fcfs", GHZ);
    submit(&f, 0, 0, 0);
    submit(&f, 2000 * US, 1, 20); /* Then an earlier event asks: */
    submit(&f, 50 * US, 2, 40);
    run(&f);
    check_order(&f, order, 3);
    assert_int_equal(f.events.now, (10000 + 2000 + 100) * US);

    submit(&f, 13 * MS, 1, 50);
    submit(&f, 30 * MS, 2, 0); /* The disk stands still in between. */
    run(&f);
    assert_int_equal(f.events.now, 30 * MS + 100 * US);
    assert_int_equal(disk_busy(&f.disk, f.events.now),
                     f.disk.stats.service.sum);
    fixture_release(&f);
}

static uint64_t throughput_cycles(const char *policy, uint32_t clients,
                                  uint64_t *hash)
{
    static struct fixture f;
    fixture_init(&f, drive_of("denali-2002"), policy, 17 * GHZ / 10);
    run_closed_loop(&f, clients, 1, 20000);
    uint64_t cycles = f.events.now;
    *hash = f.hash;
    fixture_release(&f);
    return cycles;
}

static void the_elevator_beats_fcfs_under_a_long_queue(void **state)
{
    (void)state;
    uint64_t hash = 0;
    uint64_t fcfs = throughput_cycles("fcfs", 100, &hash);
    uint64_t elevator = throughput_cycles("elevator", 100, &hash);
    print_message("100 waiting, us a page: %u fcfs, %u elevator\n",
                  (unsigned)mean_us(fcfs, 20000),
                  (unsigned)mean_us(elevator, 20000));
    assert_true(elevator * 3 < fcfs * 2);
    /* With one client there is nothing to choose. */
    uint64_t other = 0;
    assert_int_equal(throughput_cycles("fcfs", 1, &hash),
                     throughput_cycles("elevator", 1, &other));
    assert_int_equal(hash, other);
}

static void the_same_requests_are_served_at_the_same_cycles(void **state)
{
    (void)state;
    for (size_t p = 0; disk_policies[p]; p++) {
        uint64_t first = 0;
        uint64_t second = 0;
        uint64_t cycles = throughput_cycles(disk_policies[p]->name, 30, &first);
        assert_int_equal(throughput_cycles(disk_policies[p]->name, 30, &second),
                         cycles);
        assert_int_equal(first, second);
    }
}

/* Whatever the clock: no sum wraps, and none is out of proportion. */
static void check_ends(const struct disk_model *m, uint64_t cpu_hz)
{
    static struct fixture f;
    fixture_init(&f, m, "elevator", cpu_hz);
    const struct disk *d = &f.disk;
    uint64_t end = d->block_count;
    assert_true(disk_cylinder(d, end - 1) < m->cylinders);
    uint64_t worst = cycles_from_ns(m->full_seek_ns + m->overhead_ns, cpu_hz) +
                     (m->rpm ? 60 * cpu_hz / m->rpm : 0) +
                     d->layout.block_cycles + 2;
    for (uint64_t now = 0; now < 1ull << 62; now = now * 3 + 12345) {
        assert_in_range(cost(d, now, 0, 1), 1, worst);
        assert_in_range(cost(d, now, end - 1, 1), 1, worst);
    }
    uint32_t most = end < UINT32_MAX ? (uint32_t)end : UINT32_MAX;
    uint64_t whole = cost(d, 0, end - most, most);
    assert_true(whole >= most * d->layout.block_cycles);
    assert_true(whole <= worst + most * d->layout.block_cycles +
                             m->cylinders * d->layout.track_seek_cycles);
    submit(&f, 0, 0, end - 1);
    run(&f);
    submit(&f, f.events.now, 0, 0);
    run(&f);
    fixture_release(&f);
}

static void a_disk_ends_where_its_capacity_does(void **state)
{
    (void)state;
    static const uint64_t clocks[] = { 1000, GHZ, (1ull << 32) - 1 };
    static const struct disk_model largest = {
        .name = "largest",
        .capacity_bytes = UINT64_MAX,
        .cylinders = 1,
        .bytes_per_second = UINT64_MAX,
    };
    struct disk_model wide = largest; /* Every limit of one that turns. */
    wide.rpm = DISK_RPM_MAX;
    wide.capacity_bytes = (1ull << 48) * DISK_BLOCK_BYTES - 1;
    wide.cylinders = DISK_CYLINDERS_MAX;
    wide.bytes_per_second = 5000;
    wide.full_seek_ns = DISK_NS_MAX;
    wide.average_seek_ns = DISK_NS_MAX;
    wide.track_seek_ns = DISK_NS_MAX;
    struct disk_model odd = plain;
    odd.capacity_bytes = 12345 * DISK_BLOCK_BYTES + 4095;
    odd.cylinders = 1001;
    for (size_t i = 0; i < 3; i++) {
        for (const struct machine *m = machine_profiles; m->name; m++) {
            check_ends(m->disk, clocks[i]);
        }
        check_ends(&plain, clocks[i]);
        check_ends(&wide, clocks[i]);
        check_ends(&largest, clocks[i]);
        check_ends(&odd, clocks[i]);
    }
}

/* What one VM of 16 MiB needs for all of its memory. */
static uint64_t room_for_vms(const char *machine)
{
    const struct machine *m = machine_find(machine);
    return m->disk_count * m->disk->capacity_bytes >> 24;
}

static void the_profiles_hold_as_many_machines_as_they_should(void **state)
{
    (void)state;
    assert_int_equal(room_for_vms("denali-2002"), 14305);
    assert_true(room_for_vms("modern") >= 100000);
    assert_true(room_for_vms("ideal") >= 100000);
}

static void
a_drive_without_arm_and_platter_takes_the_same_anywhere(void **state)
{
    (void)state;
    static struct fixture f;
    fixture_init(&f, drive_of("ideal"), "fcfs", GHZ);
    assert_int_equal(cost(&f.disk, 12345, 98765, 16), 1);
    fixture_release(&f);
    fixture_init(&f, drive_of("modern"), "fcfs", 3 * GHZ);
    for (uint64_t b = 0; b < f.disk.block_count; b += 1234567) {
        /* 80 us at 3 GHz, but for the rounding of 16.384. */
        assert_int_equal(cost(&f.disk, b, b, 1), (64000 + 16384) * 3);
    }
    fixture_release(&f);
}

static void policies_are_found_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; disk_policies[i]; i++) {
        assert_ptr_equal(disk_policy_find(disk_policies[i]->name),
                         disk_policies[i]);
        assert_non_null(disk_policies[i]->summary);
    }
    assert_ptr_equal(disk_policy_find("elevator"), disk_policies[0]);
    assert_null(disk_policy_find("fifo"));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_seek_curve_passes_through_its_three_points),
        cmocka_unit_test(a_longer_seek_never_takes_less_time),
        cmocka_unit_test(a_short_seek_grows_as_the_root_of_its_distance),
        cmocka_unit_test(a_request_costs_seek_rotation_and_transfer),
        cmocka_unit_test(overhead_comes_first_while_the_platter_turns),
        cmocka_unit_test(the_platter_turns_with_time),
        cmocka_unit_test(the_next_block_needs_no_rotation),
        cmocka_unit_test(a_drive_reads_on_into_its_buffer),
        cmocka_unit_test(a_random_page_takes_about_13_ms),
        cmocka_unit_test(a_sequential_read_runs_at_the_rate_of_the_platter),
        cmocka_unit_test(fcfs_serves_in_order_of_arrival),
        cmocka_unit_test(the_elevator_serves_the_textbook_queue),
        cmocka_unit_test(within_a_cylinder_the_elevator_follows_the_platter),
        cmocka_unit_test(no_one_is_starved_by_those_ahead_of_the_arm),
        cmocka_unit_test(fewer_than_twice_the_population_go_before_anyone),
        cmocka_unit_test(a_request_can_be_taken_back_while_it_waits),
        cmocka_unit_test(the_queue_and_the_wait_are_counted),
        cmocka_unit_test(nothing_is_served_before_it_was_issued),
        cmocka_unit_test(the_elevator_beats_fcfs_under_a_long_queue),
        cmocka_unit_test(the_same_requests_are_served_at_the_same_cycles),
        cmocka_unit_test(a_disk_ends_where_its_capacity_does),
        cmocka_unit_test(the_profiles_hold_as_many_machines_as_they_should),
        cmocka_unit_test(
            a_drive_without_arm_and_platter_takes_the_same_anywhere),
        cmocka_unit_test(policies_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
