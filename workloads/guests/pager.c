/*
 * pager.c - touches pages and checks that memory keeps what is written to it.
 *
 *   pages=N        of the array (default 64; with trace=, up to its greatest)
 *   order=ORDER    sequential, random, zipf or loop (default sequential)
 *   rounds=R       of N touches each (default 1; 0: for ever)
 *   loop=P         with order=loop (default 16)
 *   words=W        of a page that a touch touches (default all 1,024)
 *   trace=1,2,...  touches just these pages, by number, in this order, one
 *                  word each, and sleeps for a millisecond before each
 *
 * sequential  page after page, R times through the array.
 * random      any page, all alike.
 * zipf        page n, counted from 1, with a weight of 1 / n.
 * loop        P pages round and round, R times (16, if for ever), then the next
 *             P: a program whose working set moves on.
 *
 * A touch compares each of its words with what was last written there, zero at
 * first, and writes the next version. Words follow from the number of the
 * page, its version and their place, so a page that is another's, or its own
 * of long ago, is found out: the program panics and names page and word. At
 * the end, unless it is a trace, all pages are compared once more, and it says
 *
 *     pager: N touches, all words as written
 *
 * The array is all of the heap that is touched, whole pages of it; versions,
 * and all else, lie in the image and on the stack. So of a VM with a limit on
 * its frames (`frames:`), just the array's pages count. The sleep before each
 * touch of a trace lets the kernel see it in an epoch of its own.
 */
#include "ilwaco/cmdline.h"
#include "ilwaco/libc/heap.h"
#include "ilwaco/panic.h"
#include "ilwaco/start.h"
#include "ilwaco/thread.h"
#include "ilwaco/vregs.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGES_MAX   16384 /* 64 MiB; the versions are 4 bytes each. */
#define PAGE_WORDS  (ABI_PAGE_BYTES / sizeof(uint32_t))
#define LOOP_ROUNDS 16
#define TRACE_NS    1000000

static struct {
    uint32_t (*array)[PAGE_WORDS];
    uint32_t pages, rounds, loop_pages, words;
    uint64_t touches;
    uint32_t versions[PAGES_MAX]; /* Of each page; 0: not written yet. */
} pager;

/* Zero for version 0, as memory is before it is written. */
static uint32_t word_of(uint32_t page, uint32_t version, uint32_t word)
{
    if (version == 0) {
        return 0;
    }
    uint32_t value = page * 0x9e3779b1u ^ version * 0x85ebca6bu;
    return (value ^ value >> 15) * 0xc2b2ae35u + word;
}

static void check_word(uint32_t page, uint32_t word)
{
    uint32_t expected = word_of(page, pager.versions[page], word);
    uint32_t found = pager.array[page][word];
    if (found != expected) {
        panic("page %u, word %u: %08x, not %08x as written (version %u)", page,
              word, found, expected, pager.versions[page]);
    }
}

/* The words of a touch are spread evenly over the page. */
static uint32_t stride(void)
{
    return PAGE_WORDS / pager.words;
}

static void check_page(uint32_t page)
{
    for (uint32_t i = 0; i < pager.words; i++) {
        check_word(page, i * stride());
    }
}

static void touch(uint32_t page)
{
    check_page(page);
    uint32_t version = ++pager.versions[page];
    for (uint32_t i = 0; i < pager.words; i++) {
        uint32_t word = i * stride();
        pager.array[page][word] = word_of(page, version, word);
    }
    pager.touches++;
}

/* ---- Orders -------------------------------------------------------------- */

static void round_sequential(void)
{
    for (uint32_t page = 0; page < pager.pages; page++) {
        touch(page);
    }
}

static void round_random(void)
{
    for (uint32_t i = 0; i < pager.pages; i++) {
        touch(random_u32() % pager.pages);
    }
}

/*
 * 1 to `count`, n with a weight of 1/n: first an octave [low, 2 * low), all
 * alike, and a number in it; then that one is kept with a chance of low / n.
 */
static uint32_t draw_zipf(uint32_t count)
{
    uint32_t octaves = 1;
    while (count >> octaves != 0) {
        octaves++;
    }
    for (;;) {
        uint32_t low = 1u << random_u32() % octaves;
        uint32_t n = low + (random_u32() & (low - 1));
        if (n <= count && random_u32() % n < low) {
            return n;
        }
    }
}

static void round_zipf(void)
{
    for (uint32_t i = 0; i < pager.pages; i++) {
        touch(draw_zipf(pager.pages) - 1);
    }
}

static void touch_part(uint32_t first)
{
    for (uint32_t i = 0; i < pager.loop_pages && first + i < pager.pages; i++) {
        touch(first + i);
    }
}

/* All rounds of one part come before the next part. */
static void round_loop(void)
{
    uint32_t rounds = pager.rounds == 0 ? LOOP_ROUNDS : pager.rounds;
    for (uint32_t first = 0; first < pager.pages; first += pager.loop_pages) {
        for (uint32_t round = 0; round < rounds; round++) {
            touch_part(first);
        }
    }
}

static const struct order {
    const char *name;
    void (*run)(void);
    bool has_all_rounds; /* In one call of `run`. */
} orders[] = {
    { "sequential", round_sequential, false },
    { "random", round_random, false },
    { "zipf", round_zipf, false },
    { "loop", round_loop, true },
};

static const struct order *order_of_cmdline(void)
{
    size_t bytes = 0;
    const char *name = cmdline_find(vreg_cmdline(), "order", &bytes);
    if (name == NULL) {
        return &orders[0];
    }
    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        if (strlen(orders[i].name) == bytes &&
            strncmp(orders[i].name, name, bytes) == 0) {
            return &orders[i];
        }
    }
    panic("order=%.*s is none of sequential, random, zipf, loop", (int)bytes,
          name);
}

static void run_order(void)
{
    const struct order *order = order_of_cmdline();
    uint32_t calls =
        order->has_all_rounds && pager.rounds > 0 ? 1 : pager.rounds;
    for (uint32_t i = 0; calls == 0 || i < calls; i++) {
        order->run();
    }
    for (uint32_t page = 0; page < pager.pages; page++) {
        check_page(page);
    }
}

/* ---- A trace ------------------------------------------------------------- */

/* The number at *text, which moves on to the next; false at the end. */
static bool trace_next(const char **text, const char *end, uint32_t *page)
{
    if (*text == end) {
        return false;
    }
    char *after = NULL;
    unsigned long number = strtoul(*text, &after, 10);
    if (after == *text || after > end || number >= PAGES_MAX ||
        (after < end && (*after != ',' || after + 1 == end))) {
        panic("trace=: numbers below %u, with commas between them", PAGES_MAX);
    }
    *page = (uint32_t)number;
    *text = after < end ? after + 1 : end;
    return true;
}

static uint32_t trace_pages(const char *text, size_t bytes)
{
    const char *end = text + bytes;
    uint32_t pages = 1;
    for (uint32_t page = 0; trace_next(&text, end, &page);) {
        pages = page >= pages ? page + 1 : pages;
    }
    return pages;
}

static void run_trace(const char *text, size_t bytes)
{
    const char *end = text + bytes;
    for (uint32_t page = 0; trace_next(&text, end, &page);) {
        thread_sleep_until(vreg_time_ns() + TRACE_NS);
        touch(page);
    }
}

/* ---- The array ----------------------------------------------------------- */

/* Nobody else uses the heap: malloc's headers would be among the pages. */
static void lay_out(void)
{
    const struct heap *heap = heap_of_malloc();
    uintptr_t start = (uintptr_t)heap->start;
    start = (start + ABI_PAGE_BYTES - 1) & ~(uintptr_t)(ABI_PAGE_BYTES - 1);
    size_t room = ((uintptr_t)heap->end - start) / ABI_PAGE_BYTES;
    if (pager.pages > room) {
        panic("%u pages are too many: memory has room for %u", pager.pages,
              room);
    }
    pager.array = (uint32_t(*)[PAGE_WORDS])start;
}

int main(void)
{
    static const char *const keys[] = { "pages", "order", "rounds",
                                        "loop",  "words", "trace" };
    cmdline_accept(keys, sizeof(keys) / sizeof(keys[0]));
    size_t trace_bytes = 0;
    const char *trace = cmdline_find(vreg_cmdline(), "trace", &trace_bytes);
    uint32_t least = trace == NULL ? 1 : trace_pages(trace, trace_bytes);
    uint32_t usual = trace == NULL ? 64 : least;
    pager.pages = cmdline_u32("pages", usual, least, PAGES_MAX);
    pager.rounds = cmdline_u32("rounds", 1, 0, UINT32_MAX);
    pager.loop_pages = cmdline_u32("loop", 16, 1, PAGES_MAX);
    pager.words =
        cmdline_u32("words", trace == NULL ? PAGE_WORDS : 1, 1, PAGE_WORDS);
    lay_out();

    if (trace != NULL) {
        run_trace(trace, trace_bytes);
    } else {
        run_order();
    }
    if (heap_of_malloc()->used_bytes != 0) {
        panic("the heap was to be the array's alone");
    }
    printf("pager: %llu touches, all words as written\n", pager.touches);
    return 0;
}
