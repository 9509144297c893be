/*
 * test_disk_fair.c - `fair` beside start-time fair queueing as its paper has
 * it, with a credit for who asked for little, and against what is proved of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/arena.h"
#include "sim/devices/disk.h"
#include "sim/random.h"

#define OWNERS 6
#define DEPTH  8 /* Requests of an owner, at most. */
#define GHZ    1000000000u
#define LONGEST \
    30000000u /* Cycles of a service: 4 + 10 + 8.3 ms, and 16
                             blocks. */

#define CREDIT 100000000u /* Cycles: 100 ms. */

static const struct disk_model model = {
    .name = "plain",
    .capacity_bytes = 1ull << 32,
    .rpm = 7200,
    .cylinders = 10000,
    .track_seek_ns = 1000000,
    .average_seek_ns = 5000000,
    .full_seek_ns = 10000000,
    .bytes_per_second = 40000000,
    .overhead_ns = 300000,
};

/* A request, as the paper sees it. */
struct flow_request {
    struct disk_request request;
    bool waits;
    uint64_t number;  /* In the order of issue. */
    double came_at;   /* v(a) */
    double start_tag; /* S, once it is served. */
};

struct fixture {
    struct arena arena;
    struct event_queue events;
    struct disk disk;
    struct rng rng;
    struct flow_request all[OWNERS][DEPTH];
    /* The textbook's: virtual time and finish tags. */
    double v, finish[OWNERS];
    struct flow_request *served; /* NULL: nobody is. */
    uint64_t issued, done;
    uint64_t busy[OWNERS];  /* Cycles of service. */
    bool is_closed[OWNERS]; /* Who is done asks again at once. */
    uint32_t longest_wait;  /* Of owner 0, in services. */
    uint64_t done_at_issue;
};

static uint32_t owner_of(const struct flow_request *q)
{
    return q->request.owner;
}

static double tag_of(const struct fixture *f, const struct flow_request *q)
{
    double least = q->came_at > CREDIT ? q->came_at - CREDIT : 0;
    double finish = f->finish[owner_of(q)];
    return least > finish ? least : finish;
}

/* Least start tag; of several the one that was issued first. */
static struct flow_request *textbook_choice(struct fixture *f)
{
    struct flow_request *best = NULL;
    double least = 0;
    for (uint32_t o = 0; o < OWNERS; o++) {
        for (uint32_t i = 0; i < DEPTH; i++) {
            struct flow_request *q = &f->all[o][i];
            double tag = tag_of(f, q);
            if (q->waits && (!best || tag < least ||
                             (tag == least && q->number < best->number))) {
                best = q;
                least = tag;
            }
        }
    }
    return best;
}

/* The disk has begun to serve someone, or nobody: the textbook's choice. */
static void expect_choice(struct fixture *f)
{
    struct flow_request *q = textbook_choice(f);
    f->served = q;
    assert_ptr_equal(f->disk.serving, q ? &q->request : NULL);
    if (q) {
        q->waits = false;
        q->start_tag = tag_of(f, q);
        f->v = q->start_tag > f->v ? q->start_tag : f->v;
        return;
    }
    for (uint32_t o = 0; o < OWNERS; o++) {
        f->v = f->finish[o] > f->v ? f->finish[o] : f->v;
    }
}

static void issue(struct fixture *f, uint64_t now, struct flow_request *q)
{
    uint32_t o = owner_of(q);
    q->waits = true;
    q->number = f->issued++;
    q->came_at = f->v;
    /* Even owners read long and in a row, odd ones short and anywhere. */
    q->request.count = o % 2 == 0 ? 16 : 1;
    q->request.block = o % 2 == 0
                           ? (q->number * 16) % 100000
                           : rng_below(&f->rng, f->disk.block_count - 16);
    if (o == 0) {
        f->done_at_issue = f->done;
    }
    disk_submit(&f->disk, now, &q->request);
    if (!f->served) {
        expect_choice(f);
    }
}

static void on_done(void *ctx, struct disk_request *r)
{
    struct fixture *f = ctx;
    struct flow_request *q = CONTAINER_OF(r, struct flow_request, request);
    uint32_t o = owner_of(q);
    assert_ptr_equal(f->served, q);
    uint64_t busy = 0;
    for (uint32_t i = 0; i < OWNERS; i++) {
        busy += f->busy[i];
    }
    uint64_t cycles = f->disk.stats.busy - busy;
    assert_true(cycles <= LONGEST);
    f->busy[o] += cycles;
    f->finish[o] = q->start_tag + (double)cycles;
    f->done++;
    if (o == 0 && f->done - f->done_at_issue > f->longest_wait) {
        f->longest_wait = (uint32_t)(f->done - f->done_at_issue);
    }
    expect_choice(f);
    if (f->is_closed[o]) {
        issue(f, f->events.now, q);
    }
}

static void fixture_init(struct fixture *f)
{
    *f = (struct fixture){ 0 };
    assert_true(arena_map(&f->arena, ARENA_UNLIMITED));
    events_init(&f->events);
    rng_init(&f->rng, 1, "disk", 0);
    disk_init(&f->disk, &model, &disk_fair, &f->events, GHZ);
    assert_true(disk_share(&f->disk, &f->arena, OWNERS));
    for (uint32_t o = 0; o < OWNERS; o++) {
        for (uint32_t i = 0; i < DEPTH; i++) {
            f->all[o][i].request =
                (struct disk_request){ .owner = o, .done = on_done, .ctx = f };
        }
    }
}

static void fixture_release(struct fixture *f)
{
    events_release(&f->events);
    arena_unmap(&f->arena);
}

static bool is_free(const struct fixture *f, const struct flow_request *q)
{
    return !q->waits && f->served != q;
}

/* Requests come at random, in bursts and after silences. */
static void requests_are_served_in_the_order_of_the_paper(void **state)
{
    (void)state;
    static struct fixture f;
    fixture_init(&f);
    for (uint32_t i = 0; i < 60000; i++) {
        struct flow_request *q =
            &f.all[rng_below(&f.rng, OWNERS)][rng_below(&f.rng, DEPTH)];
        bool is_silent = i / 500 % 3 == 0;
        if (rng_below(&f.rng, is_silent ? 8 : 2) == 0 && is_free(&f, q)) {
            issue(&f, f.events.now, q);
        } else {
            (void)events_fire_next(&f.events, TIME_NEVER);
        }
    }
    assert_true(f.done > 5000);
    fixture_release(&f);
}

static void keep_busy(struct fixture *f, uint32_t owner, uint32_t depth)
{
    f->is_closed[owner] = true;
    for (uint32_t i = 0; i < depth; i++) {
        issue(f, f->events.now, &f->all[owner][i]);
    }
}

/* Who reads far and wide with eight requests at once has as much of the spindle
   as who reads in a row with one or eight: at no time do two differ by more than
   a longest service of each. */
static void owners_have_the_same_time(void **state)
{
    (void)state;
    static struct fixture f;
    fixture_init(&f);
    for (uint32_t o = 0; o < OWNERS; o++) {
        keep_busy(&f, o, o % 3 == 0 ? 2 : DEPTH);
    }
    for (uint32_t i = 0; i < 20000; i++) {
        assert_true(events_fire_next(&f.events, TIME_NEVER));
        for (uint32_t o = 1; o < OWNERS; o++) {
            uint64_t a = f.busy[0];
            uint64_t b = f.busy[o];
            assert_true((a > b ? a - b : b - a) <= 2 * (uint64_t)LONGEST);
        }
    }
    fixture_release(&f);
}

/* Owner 0 asks now and then, for less than its share; the others have eight
   requests each, always. What is being served goes before it, and nothing else. */
static void who_asks_little_waits_for_what_is_being_served(void **state)
{
    (void)state;
    static struct fixture f;
    fixture_init(&f);
    for (uint32_t o = 1; o < OWNERS; o++) {
        keep_busy(&f, o, DEPTH);
    }
    struct flow_request *mine = &f.all[0][0];
    uint32_t asked = 0;
    for (uint32_t i = 0; i < 20000; i++) {
        if (is_free(&f, mine) && f.finish[0] + CREDIT <= f.v) {
            issue(&f, f.events.now, mine);
            asked++;
        }
        assert_true(events_fire_next(&f.events, TIME_NEVER));
    }
    assert_true(asked > 1000);
    assert_int_equal(f.longest_wait, 2); /* And then itself. */
    fixture_release(&f);
}

/* Owner 0 asks for nothing for a long time, and then for all it can get: it is
   ahead of the others by its credit and no more. */
static void silence_saves_up_no_more_than_the_credit(void **state)
{
    (void)state;
    static struct fixture f;
    fixture_init(&f);
    for (uint32_t o = 1; o < OWNERS; o++) {
        keep_busy(&f, o, DEPTH);
    }
    for (uint32_t i = 0; i < 5000; i++) {
        assert_true(events_fire_next(&f.events, TIME_NEVER));
    }
    uint64_t busy_then = f.busy[1];
    keep_busy(&f, 0, DEPTH);
    uint64_t most = 0;
    for (uint32_t i = 0; i < 5000; i++) {
        assert_true(events_fire_next(&f.events, TIME_NEVER));
        uint64_t other = f.busy[1] - busy_then;
        uint64_t ahead = f.busy[0] > other ? f.busy[0] - other : 0;
        most = ahead > most ? ahead : most;
    }
    assert_in_range(most, CREDIT / 2, CREDIT + 2 * (uint64_t)LONGEST);
    assert_in_range(f.busy[0], f.busy[1] - busy_then,
                    f.busy[1] - busy_then + CREDIT + 2 * (uint64_t)LONGEST);
    fixture_release(&f);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_served_in_the_order_of_the_paper),
        cmocka_unit_test(owners_have_the_same_time),
        cmocka_unit_test(who_asks_little_waits_for_what_is_being_served),
        cmocka_unit_test(silence_saves_up_no_more_than_the_credit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
