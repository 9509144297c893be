/*
 * test_patterns.c - VMs whose memory adds up to eight times what there is find
 * every word as they wrote it, whatever the policy, the block, the tables and
 * the boot; with everything audited after every step.
 */
#include "tests/ik_paging/machines.h"

#define VM_PAGES   64
#define DATA       0x00410000
#define DATA_PAGES 44 /* Below them registers and text, above the stack. */

struct setting {
    const struct replace_policy *replace;
    const struct gate_policy *gate;
    const struct disk_model *disk; /* NULL: a quick one. */
    uint32_t block_pages;
    enum scenario_tables tables;
    enum scenario_boot boot;
    enum scenario_text text;
    enum scenario_swap swap;
    uint32_t epochs_left; /* Before they are counted anew; 0: never. */
};

/* Each group walks its memory in another order. */
static const struct pattern patterns[] = {
    { DATA, DATA_PAGES, 1, 3 },
    { DATA, DATA_PAGES, 7, 3 },
    { DATA, DATA_PAGES, 25, 2 },
    { DATA, DATA_PAGES, 43, 2 },
};
#define PATTERN_COUNT (sizeof(patterns) / sizeof(patterns[0]))
#define EACH          2 /* VMs of each. */

struct watch {
    struct bench *b;
    uint32_t writing_peak; /* Pages waiting to be written. */
};

static void on_event(void *ctx, const struct trace_event *event)
{
    struct watch *w = ctx;
    (void)event;
    if (w->b->kernel &&
        w->b->kernel->transfers.pages_writing > w->writing_peak) {
        w->writing_peak = w->b->kernel->transfers.pages_writing;
    }
}

/* Runs to the end; the run's fingerprint in `hex`. Returns how many pages were
   waiting to be written at once. */
static uint32_t run_setting(const struct setting *s, uint32_t frames,
                            char hex[FINGERPRINT_CHARS])
{
    struct bench *b = small_machine(frames);
    b->replace = s->replace;
    b->gate = s->gate;
    b->machine.disk = s->disk ? s->disk : b->machine.disk;
    b->machine.costs.switch_per_page = 7;
    b->machine.costs.switch_page_max = 1000;
    b->scenario.paging_block_bytes = s->block_pages * ABI_PAGE_BYTES;
    b->scenario.page_tables = s->tables;
    b->scenario.boot = s->boot;
    b->scenario.text = s->text;
    b->scenario.swap = s->swap;
    b->scenario.quantum_ns = 500; /* Far less than a walk takes. */
    b->scenario.lease_ns = 50000000;
    for (size_t i = 0; i < PATTERN_COUNT; i++) {
        struct guest_asm a;
        asm_init(&a);
        asm_pattern(&a, &patterns[i]);
        bench_add_vms(b, bench_add_image(b, &a), EACH, "");
        b->groups[i].memory_bytes = VM_PAGES * ABI_PAGE_BYTES;
    }
    bench_boot(b);
    if (s->epochs_left > 0) {
        b->kernel->space.epoch = UINT32_MAX - s->epochs_left;
    }
    struct watch watch = { .b = b };
    trace_add_sink(b->trace, on_event, &watch);
    /* Some of it while devices are free, the rest when they are not. */
    small_run(b, 4000);
    small_end_boot(b);
    small_run(b, 3600ull * 1000000000);
    for (vmid_t vm = 0; vm < EACH * PATTERN_COUNT; vm++) {
        if (bench_vm(b, vm)->end_detail != PATTERN_OK) {
            print_error("%s, %s, %u pages, tables %d, boot %d\n",
                        s->replace->facts.name, s->gate->facts.name,
                        s->block_pages, (int)s->tables, (int)s->boot);
        }
        bench_expect_end(b, vm, VM_END_TERMINATE, PATTERN_OK);
    }
    /* With slow disks one has ended before the next has its first page. */
    if (!s->disk) {
        assert_true(b->stats.memory.page_ins > 0);
        /* A static region brings in a whole block for each. */
        uint32_t pages = s->swap == SWAP_STATIC ? s->block_pages : 1;
        assert_true(b->stats.memory.faults > 400 / pages);
        assert_true(b->stats.memory.page_outs > 100);
    }
    if (s->epochs_left > 0) {
        assert_true(b->kernel->space.epoch < UINT32_MAX / 2);
    }
    trace_fingerprint(b->trace, hex);
    bench_release(b);
    return watch.writing_peak;
}

/* A setting for each number below; false: there are no more. */
static bool setting_of(uint32_t n, struct setting *s)
{
    static const uint32_t blocks[] = { 1, 2, 4, 8, 16 };
    *s = (struct setting){ .gate = gate_policies[0] };
    s->block_pages = blocks[n % 5];
    n /= 5;
    s->tables = n % 2 ? TABLES_ON_DEMAND : TABLES_EAGER;
    n /= 2;
    s->boot = n % 2 ? BOOT_MODELLED : BOOT_IDEAL;
    n /= 2;
    s->replace = replace_policies[n];
    return s->replace;
}

static void every_word_is_as_it_was_written(void **state)
{
    (void)state;
    struct setting s;
    char hex[FINGERPRINT_CHARS];
    uint32_t n = 0;
    for (; setting_of(n, &s); n++) {
        /* 24 for kernel and tables of 8 VMs: 64 are left for their 512. */
        run_setting(&s, 24 + 16 + 64, hex);
        s.swap = SWAP_STATIC;
        run_setting(&s, 24 + 16 + 64, hex);
    }
    assert_int_equal(n, 5 * 2 * 2 * 6);
}

static void every_gate_lets_all_come_to_their_end(void **state)
{
    (void)state;
    char hex[FINGERPRINT_CHARS];
    for (size_t g = 0; gate_policies[g]; g++) {
        for (size_t r = 0; replace_policies[r]; r++) {
            struct setting s = { replace_policies[r],
                                 gate_policies[g],
                                 NULL,
                                 4,
                                 TABLES_ON_DEMAND,
                                 BOOT_MODELLED,
                                 TEXT_SHARED,
                                 SWAP_SPARSE,
                                 0 };
            run_setting(&s, 24 + 16 + 64, hex);
        }
    }
}

static void epochs_may_be_counted_anew_at_any_time(void **state)
{
    (void)state;
    for (size_t r = 0; replace_policies[r]; r++) {
        char usual[FINGERPRINT_CHARS];
        char hex[FINGERPRINT_CHARS];
        struct setting s = { .replace = replace_policies[r],
                             .gate = gate_policies[0],
                             .block_pages = 2,
                             .boot = BOOT_MODELLED };
        run_setting(&s, 24 + 16 + 64, usual);
        for (uint32_t left = 1; left < 120; left += 3) {
            s.epochs_left = left;
            run_setting(&s, 24 + 16 + 64, hex);
            assert_string_equal(hex, usual);
        }
    }
}

/* As few as a boot asks for. */
static void the_least_number_of_frames_suffices(void **state)
{
    (void)state;
    char hex[FINGERPRINT_CHARS];
    for (size_t g = 0; gate_policies[g]; g++) {
        for (size_t r = 0; replace_policies[r]; r++) {
            for (uint32_t block = 1; block <= 16; block *= 4) {
                struct setting s = { replace_policies[r],
                                     gate_policies[g],
                                     NULL,
                                     block,
                                     TABLES_EAGER,
                                     BOOT_MODELLED,
                                     TEXT_SHARED,
                                     SWAP_SPARSE,
                                     0 };
                /* 8 VMs: 17 frames of kernel memory, 2 tables each. */
                run_setting(&s, 17 + 16 + PAGING_MIN_FRAMES, hex);
                s.swap = SWAP_STATIC;
                run_setting(&s, 17 + 16 + PAGING_MIN_FRAMES, hex);
            }
        }
    }
}

/* Spindles so slow that pages to be written pile up: not beyond the limit, and
   most reads find their page still there. */
static void writes_pile_up_to_their_limit(void **state)
{
    (void)state;
    char hex[FINGERPRINT_CHARS];
    uint32_t highest = 0;
    for (uint32_t block = 1; block <= 16; block *= 2) {
        for (size_t r = 0; replace_policies[r]; r++) {
            struct setting s = {
                .replace = replace_policies[r],
                .gate = gate_policies[0],
                .disk = r % 2 ? machine_find("denali-2002")->disk : NULL,
                .block_pages = block,
                .boot = BOOT_MODELLED,
            };
            uint32_t peak = run_setting(&s, 24 + 16 + 128, hex);
            assert_true(peak <= EVICTION_WRITE_LIMIT);
            highest = peak > highest ? peak : highest;
        }
    }
    assert_int_equal(highest, EVICTION_WRITE_LIMIT);
}

static void private_text_changes_nothing(void **state)
{
    (void)state;
    struct setting s;
    for (uint32_t n = 3; setting_of(n, &s); n += 7) {
        char shared[FINGERPRINT_CHARS];
        char private[FINGERPRINT_CHARS];
        run_setting(&s, 24 + 16 + 64, shared);
        s.text = TEXT_PRIVATE;
        run_setting(&s, 24 + 16 + 64, private);
        assert_string_equal(shared, private);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_is_as_it_was_written),
        cmocka_unit_test(every_gate_lets_all_come_to_their_end),
        cmocka_unit_test(epochs_may_be_counted_anew_at_any_time),
        cmocka_unit_test(the_least_number_of_frames_suffices),
        cmocka_unit_test(writes_pile_up_to_their_limit),
        cmocka_unit_test(private_text_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
