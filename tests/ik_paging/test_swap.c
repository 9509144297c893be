/* test_swap.c - the regions on the disks, against the simplest model of them:
   a flag for every page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ik/memory/swap.h"
#include "sim/arena.h"
#include "sim/devices/machine.h"
#include "sim/random.h"

#define PAGES   960u
#define REGIONS 40

struct world {
    alignas(max_align_t) unsigned char block[1024 * 1024];
    struct arena arena;
    struct event_queue events;
    struct swap swap;
    bool taken[PAGES]; /* The model. */
    uint32_t model_free;
    uint64_t first[REGIONS];
    uint64_t pages[REGIONS]; /* 0: not there. */
};

static void world_init(struct world *w, uint32_t unit, uint32_t disks)
{
    memset(w, 0, sizeof(*w));
    arena_init(&w->arena, w->block, sizeof(w->block));
    events_init(&w->events);
    struct swap_config config = {
        .model = machine_find("denali-2002")->disk,
        .policy = disk_policies[0],
        .disk_count = disks,
        .unit_pages = unit,
        .page_limit = PAGES,
        .region_limit = REGIONS,
        .events = &w->events,
        .cpu_hz = 1000000000,
    };
    assert_true(swap_init(&w->swap, &w->arena, &config));
    assert_int_equal(w->swap.page_count, PAGES);
    w->model_free = PAGES;
}

static uint64_t whole(const struct world *w, uint64_t pages)
{
    uint64_t unit = w->swap.unit_pages;
    return (pages + unit - 1) / unit * unit;
}

/* The first place with so many pages free, at a unit's boundary; PAGES: none. */
static uint64_t model_find(const struct world *w, uint64_t pages)
{
    for (uint64_t at = 0; at + pages <= PAGES; at += w->swap.unit_pages) {
        uint64_t n = 0;
        while (n < pages && !w->taken[at + n]) {
            n++;
        }
        if (n == pages) {
            return at;
        }
    }
    return PAGES;
}

static void model_set(struct world *w, uint64_t first, uint64_t pages,
                      bool taken)
{
    for (uint64_t p = first; p < first + pages; p++) {
        assert_int_equal(w->taken[p], !taken);
        w->taken[p] = taken;
    }
    w->model_free += taken ? -(uint32_t)pages : (uint32_t)pages;
}

/* Extents are ascending, never adjacent, and just what is free. */
static void check(const struct world *w)
{
    const struct swap *s = &w->swap;
    uint64_t sum = 0;
    for (uint32_t i = 0; i < s->extent_count; i++) {
        const struct swap_extent *e = &s->extents[i];
        assert_true(e->count > 0);
        assert_int_equal(e->first % s->unit_pages, 0);
        if (i > 0) {
            assert_true(e[-1].first + e[-1].count < e->first);
        }
        for (uint64_t p = e->first; p < e->first + e->count; p++) {
            assert_false(w->taken[p]);
        }
        sum += e->count;
    }
    assert_int_equal(sum, s->free_pages);
    assert_int_equal(sum, w->model_free);
    assert_true(s->extent_count <= s->extent_limit);
}

static void take(struct world *w, uint32_t region, uint64_t pages)
{
    uint64_t expected = model_find(w, whole(w, pages));
    uint64_t first = 0;
    assert_int_equal(swap_take(&w->swap, pages, &first), expected < PAGES);
    if (expected == PAGES) {
        return;
    }
    assert_int_equal(first, expected);
    model_set(w, first, whole(w, pages), true);
    w->first[region] = first;
    w->pages[region] = pages;
}

static void give_back(struct world *w, uint32_t region)
{
    swap_give_back(&w->swap, w->first[region], w->pages[region]);
    model_set(w, w->first[region], whole(w, w->pages[region]), false);
    w->pages[region] = 0;
}

static void regions_are_those_of_the_model(void **state)
{
    (void)state;
    for (uint32_t unit = 1; unit <= 16; unit *= 2) {
        static struct world w;
        world_init(&w, unit, 3);
        struct rng rng;
        rng_init(&rng, 1, "swap", unit);
        uint32_t refused = 0;
        for (uint32_t i = 0; i < 20000; i++) {
            uint32_t region = (uint32_t)(rng_u64(&rng) % REGIONS);
            if (w.pages[region] > 0) {
                give_back(&w, region);
            } else {
                take(&w, region, 1 + rng_u64(&rng) % 60);
                refused += w.pages[region] == 0;
            }
            check(&w);
        }
        assert_true(refused > 100); /* It was full now and then. */
        for (uint32_t r = 0; r < REGIONS; r++) {
            if (w.pages[r] > 0) {
                give_back(&w, r);
            }
        }
        assert_int_equal(w.swap.extent_count, 1);
        assert_int_equal(w.swap.free_pages, PAGES);
        events_release(&w.events);
    }
}

/* Every other region given back: half of it is free, and none of it is of use
   to a larger one. */
static void fragments_are_no_room(void **state)
{
    (void)state;
    static struct world w;
    world_init(&w, 8, 3);
    for (uint32_t r = 0; r < REGIONS; r++) {
        take(&w, r, 24);
    }
    uint64_t first;
    assert_false(swap_take(&w.swap, 1, &first));
    assert_int_equal(w.swap.extent_count, 0);
    for (uint32_t r = 0; r < REGIONS; r += 2) {
        give_back(&w, r);
        check(&w);
    }
    assert_int_equal(w.swap.free_pages, PAGES / 2);
    assert_int_equal(w.swap.extent_count, REGIONS / 2);
    assert_false(swap_take(&w.swap, 25, &first));
    assert_int_equal(w.swap.free_pages, PAGES / 2);
    take(&w, 0, 17); /* Three units: a fragment, whole. */
    check(&w);
    assert_int_equal(w.swap.extent_count, REGIONS / 2 - 1);
    events_release(&w.events);
}

/* Neighbouring units lie on neighbouring spindles; a unit lies on one. */
static void units_are_striped_over_the_spindles(void **state)
{
    (void)state;
    for (uint32_t unit = 1; unit <= 16; unit *= 2) {
        for (uint32_t disks = 1; disks <= 4; disks++) {
            static struct world w;
            world_init(&w, unit, disks);
            uint64_t next[4] = { 0 };
            for (uint64_t page = 0; page < PAGES; page++) {
                uint64_t block;
                struct disk *d = swap_locate(&w.swap, page, &block);
                uint64_t spindle = page / unit % disks;
                assert_int_equal(d - w.swap.disks, spindle);
                assert_int_equal(block, next[spindle]);
                next[spindle]++;
            }
            events_release(&w.events);
        }
    }
}

/* The disks, if they are smaller than what is asked for, are what counts. */
static void the_smaller_of_disks_and_limit_is_the_size(void **state)
{
    (void)state;
    static struct world w;
    world_init(&w, 4, 2);
    struct disk_model tiny = *machine_find("denali-2002")->disk;
    tiny.capacity_bytes = 64 * 4096;
    tiny.cylinders = 8;
    tiny.bytes_per_second = 8ull * 4096 * 120;
    struct swap_config config = {
        .model = &tiny,
        .policy = disk_policies[0],
        .disk_count = 2,
        .unit_pages = 4,
        .page_limit = PAGES,
        .region_limit = 3,
        .events = &w.events,
        .cpu_hz = 1000000000,
    };
    struct swap s;
    assert_true(swap_init(&s, &w.arena, &config));
    assert_int_equal(s.page_count, 2 * 64);
    uint64_t first;
    assert_false(swap_take(&s, 129, &first));
    assert_true(swap_take(&s, 125, &first));
    assert_int_equal(s.free_pages, 0);
    events_release(&w.events);
}

/* Chunks are made in an order of their own, and no page lies on another. */
static void pages_hold_what_was_written_and_zeros_before(void **state)
{
    (void)state;
    static struct world w;
    world_init(&w, 1, 1);
    struct arena contents;
    assert_true(arena_map(&contents, ARENA_UNLIMITED));
    w.swap.arena = &contents;
    static const uint64_t pages[] = { 959, 0, 63, 64, 200, 127 };
    static const uint8_t zeros[ABI_PAGE_BYTES] = { 0 };
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        assert_memory_equal(swap_read(&w.swap, pages[i]), zeros, sizeof(zeros));
        assert_true(swap_make_room(&w.swap, pages[i], 1));
        assert_memory_equal(swap_read(&w.swap, pages[i]), zeros, sizeof(zeros));
        memset(swap_write(&w.swap, pages[i]), (int)i + 1, ABI_PAGE_BYTES);
    }
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        const uint8_t *bytes = swap_read(&w.swap, pages[i]);
        for (size_t at = 0; at < ABI_PAGE_BYTES; at++) {
            assert_int_equal(bytes[at], i + 1);
        }
    }
    assert_memory_equal(swap_read(&w.swap, 1), zeros, sizeof(zeros));
    assert_memory_equal(swap_read(&w.swap, 400), zeros, sizeof(zeros));
    arena_unmap(&contents);
    events_release(&w.events);
}

static void room_for_a_span_over_chunks_is_made_or_refused(void **state)
{
    (void)state;
    static struct world w;
    world_init(&w, 1, 1);
    w.arena.cap_bytes = w.arena.used_bytes; /* It is full. */
    assert_false(swap_make_room(&w.swap, 60, 10));
    struct arena contents;
    assert_true(arena_map(&contents, ARENA_UNLIMITED));
    w.swap.arena = &contents;
    assert_true(swap_make_room(&w.swap, 60, 10));
    for (uint64_t page = 60; page < 70; page++) {
        swap_write(&w.swap, page)[0] = (uint8_t)page;
    }
    for (uint64_t page = 60; page < 70; page++) {
        assert_int_equal(swap_read(&w.swap, page)[0], page);
    }
    arena_unmap(&contents);
    events_release(&w.events);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(regions_are_those_of_the_model),
        cmocka_unit_test(fragments_are_no_room),
        cmocka_unit_test(units_are_striped_over_the_spindles),
        cmocka_unit_test(the_smaller_of_disks_and_limit_is_the_size),
        cmocka_unit_test(pages_hold_what_was_written_and_zeros_before),
        cmocka_unit_test(room_for_a_span_over_chunks_is_made_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
