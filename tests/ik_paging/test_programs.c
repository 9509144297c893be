/*
 * test_programs.c - the textbooks' counts of faults, by programs that run: a
 * VM whose heap may have three or four frames touches its pages in the order
 * of the classic reference strings, with an `idle` between any two touches, so
 * that each is seen.
 */
#include "tests/ik_paging/machines.h"

#define HEAP 0x00410000

static const struct reference {
    const struct replace_policy *replace;
    const char *string; /* A page a character. */
    uint32_t frames;
    uint32_t faults;
} references[] = {
    /* Belady's anomaly: with more frames FIFO has more faults. */
    { &replace_fifo, "123412512345", 3, 9 },
    { &replace_fifo, "123412512345", 4, 10 },
    { &replace_lru, "123412512345", 3, 10 },
    { &replace_lru, "123412512345", 4, 8 },
    { &replace_clock, "123412512345", 3, 9 },
    { &replace_clock, "123412512345", 4, 10 },
    { &replace_fifo, "70120304230321201701", 3, 15 },
    { &replace_fifo, "70120304230321201701", 4, 10 },
    { &replace_lru, "70120304230321201701", 3, 12 },
    { &replace_lru, "70120304230321201701", 4, 8 },
    { &replace_clock, "70120304230321201701", 3, 14 },
    { &replace_clock, "70120304230321201701", 4, 9 },
};

struct count {
    uint32_t faults; /* Of pages of the heap. */
};

static void on_event(void *ctx, const struct trace_event *event)
{
    struct count *c = ctx;
    if (event->kind == TRACE_FILL) {
        uint32_t first = (HEAP - ABI_MEM_BASE) / ABI_PAGE_BYTES;
        uint32_t page = trace_get_fill(event).page;
        c->faults += page >= first && page < first + 10;
    }
}

static void run_reference(const struct reference *r, uint32_t block_pages)
{
    struct guest_asm a;
    asm_init(&a);
    uint64_t at = 1000000;
    for (const char *p = r->string; *p; p++) {
        asm_idle(&a, at);
        asm_inc(&a, HEAP + (uint32_t)(*p - '0') * ABI_PAGE_BYTES);
        at += 1000000;
    }
    asm_terminate(&a, PATTERN_OK);
    struct bench *b = small_machine(64);
    b->replace = r->replace;
    b->scenario.paging_block_bytes = block_pages * ABI_PAGE_BYTES;
    b->scenario.boot = BOOT_MODELLED;
    bench_add_vms(b, bench_add_image(b, &a), 1, r->string);
    b->groups[0].frames = r->frames;
    bench_boot(b);
    struct count count = { 0 };
    trace_add_sink(b->trace, on_event, &count);
    small_run(b, 1000000000);
    bench_expect_end(b, 0, VM_END_TERMINATE, PATTERN_OK);
    if (count.faults != r->faults) {
        fail_msg("%s, %s, %u frames, blocks of %u: %u faults, not %u",
                 r->replace->facts.name, r->string, r->frames, block_pages,
                 count.faults, r->faults);
    }
    bench_release(b);
}

static void faults_are_those_of_the_textbooks(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(references) / sizeof(references[0]); i++) {
        for (uint32_t block = 1; block <= 16; block *= 4) {
            run_reference(&references[i], block);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_are_those_of_the_textbooks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
