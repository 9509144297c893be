/*
 * test_static.c - whole-block paging, as a static swap region has it, against a
 * model: a set of the blocks that a VM has touched a page of.
 */
#include "tests/ik_paging/machines.h"

#include "sim/random.h"

#define VM_PAGES    61 /* The last block is cut off, but with a unit of 1. */
#define FIRST_PAGE  16 /* Before it registers, text, and what nobody touches. */
#define TEXT_PAGE   1
#define TOUCHES_MAX 12

struct touches {
    uint32_t count;
    uint32_t pages[TOUCHES_MAX];
};

/* How many blocks, and pages in them, the VM has touched. */
struct model {
    uint32_t blocks, pages;
};

static struct model model_of(const struct touches *t, uint32_t unit)
{
    struct model m = { 0 };
    for (uint32_t first = 0; first < VM_PAGES; first += unit) {
        uint32_t end = first + unit < VM_PAGES ? first + unit : VM_PAGES;
        bool is_touched = first <= TEXT_PAGE; /* And the register page. */
        for (uint32_t i = 0; i < t->count; i++) {
            is_touched |= t->pages[i] >= first && t->pages[i] < end;
        }
        m.blocks += is_touched;
        m.pages += is_touched ? end - first : 0;
    }
    return m;
}

static uint32_t va_of(uint32_t page)
{
    return ABI_MEM_BASE + page * ABI_PAGE_BYTES;
}

/* One VM that writes into each of those pages, in a machine where nothing is
   short; run until it has. */
static struct bench *run_touches(const struct touches *t, uint32_t unit,
                                 enum scenario_swap swap, bool is_free)
{
    struct guest_asm a;
    asm_init(&a);
    for (uint32_t i = 0; i < t->count; i++) {
        asm_store(&a, va_of(t->pages[i]) + 8, t->pages[i]);
    }
    asm_idle_for_ever(&a);
    struct bench *b = small_machine(256);
    b->scenario.paging_block_bytes = unit * ABI_PAGE_BYTES;
    b->scenario.swap = swap;
    b->scenario.boot = is_free ? BOOT_IDEAL : BOOT_MODELLED;
    bench_add(b, &a, 1);
    b->groups[0].memory_bytes = VM_PAGES * ABI_PAGE_BYTES;
    bench_boot(b);
    if (!is_free) {
        small_end_boot(b);
    }
    small_run(b, 1000000);
    assert_int_equal(bench_vm(b, 0)->state, VM_IDLE);
    return b;
}

static struct touches draw_touches(struct rng *rng)
{
    struct touches t = { .count = (uint32_t)(rng_u64(rng) % TOUCHES_MAX) };
    for (uint32_t i = 0; i < t.count; i++) {
        t.pages[i] =
            FIRST_PAGE + (uint32_t)(rng_u64(rng) % (VM_PAGES - FIRST_PAGE));
    }
    return t;
}

static void expect_contents(const struct bench *b, const struct touches *t)
{
    for (uint32_t page = FIRST_PAGE; page < VM_PAGES; page++) {
        uint32_t want = 0;
        for (uint32_t i = 0; i < t->count; i++) {
            want = t->pages[i] == page ? page : want;
        }
        assert_int_equal(bench_peek(b, 0, va_of(page) + 8), want);
        assert_int_equal(bench_peek(b, 0, va_of(page)), 0);
    }
}

static void a_static_region_brings_in_whole_blocks(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 1, "static", 0);
    for (uint32_t n = 0; n < 60; n++) {
        uint32_t unit = 1u << (n % 3 * 2); /* 1, 4, 16 */
        bool is_free = n / 3 % 2;
        struct touches t = draw_touches(&rng);
        struct model want = model_of(&t, unit);
        struct bench *b = run_touches(&t, unit, SWAP_STATIC, is_free);
        assert_int_equal(bench_vm(b, 0)->resident, want.pages);
        assert_int_equal(b->stats.memory.zero_fills, 0);
        assert_int_equal(b->stats.memory.page_ins, is_free ? 0 : want.pages);
        assert_int_equal(b->stats.disk.reads, is_free ? 0 : want.blocks);
        expect_contents(b, &t);
        bench_release(b);
    }
}

/* The same guests: only what was touched, or has bytes of the image. */
static void a_sparse_region_brings_in_what_is_touched(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 1, "sparse", 0);
    for (uint32_t n = 0; n < 30; n++) {
        struct touches t = draw_touches(&rng);
        struct model want = model_of(&t, 1);
        struct bench *b =
            run_touches(&t, 1u << (n % 3 * 2), SWAP_SPARSE, false);
        assert_int_equal(bench_vm(b, 0)->resident, want.pages);
        assert_int_equal(b->stats.memory.zero_fills, want.pages - 1);
        assert_int_equal(b->stats.memory.page_ins, 1); /* The text. */
        expect_contents(b, &t);
        bench_release(b);
    }
}

/* With a limit on its frames a VM's faults bring in one page each. */
static void a_limit_on_frames_leaves_single_pages(void **state)
{
    (void)state;
    struct guest_asm a;
    asm_init(&a);
    for (uint32_t page = FIRST_PAGE; page < VM_PAGES; page++) {
        asm_store(&a, va_of(page), page);
    }
    asm_idle_for_ever(&a);
    struct bench *b = small_machine(256);
    b->scenario.paging_block_bytes = 16 * ABI_PAGE_BYTES;
    b->scenario.swap = SWAP_STATIC;
    b->scenario.boot = BOOT_MODELLED;
    bench_add(b, &a, 1);
    b->groups[0].memory_bytes = VM_PAGES * ABI_PAGE_BYTES;
    b->groups[0].frames = 8;
    bench_boot(b);
    small_end_boot(b);
    small_run(b, 10000000);
    assert_int_equal(b->stats.memory.page_ins, 2 + VM_PAGES - FIRST_PAGE);
    assert_true(bench_vm(b, 0)->limited_resident <= 8);
    bench_release(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_static_region_brings_in_whole_blocks),
        cmocka_unit_test(a_sparse_region_brings_in_what_is_touched),
        cmocka_unit_test(a_limit_on_frames_leaves_single_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
