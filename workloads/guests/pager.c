/*
 * pager.c - touches pages and checks that memory keeps what is written to it.
 *
 * Of N pages, in R rounds of N touches each:
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

/* The orders besides sequential by name, what does a round, and whether one
   call of that does all rounds. */
#define ORDERS(X)                    \
    X("random", round_random, false) \
    X("zipf", round_zipf, false) X("loop", round_loop, true)
#define ORDER_NAME(name, run, has_all_rounds) " " name

#define PAGER_ARGS(X)                                                        \
    X(pages, "pages", ARGS_COUNT, 1, PAGES_MAX, 64, "pages",                 \
      "of the array; with trace=, up to the greatest that the trace names")  \
    X(order, "order", ARGS_CHOICE, 0, 0, 0, "sequential" ORDERS(ORDER_NAME), \
      "in which order it touches the pages")                                 \
    X(rounds, "rounds", ARGS_COUNT, 0, UINT32_MAX, 1, "rounds",              \
      "of as many touches as there are pages; 0: for ever")                  \
    X(loop, "loop", ARGS_COUNT, 1, PAGES_MAX, 16, "pages",                   \
      "round and round which order=loop goes")                               \
    X(words, "words", ARGS_COUNT, 1, PAGE_WORDS, PAGE_WORDS, "words",        \
      "of a page that a touch touches; with trace=, one")                    \
    X(trace, "trace", ARGS_LIST, 0, PAGES_MAX - 1, 0, "pages",               \
      "that it touches by number, in this order, asleep for 1 ms before "    \
      "each")
ARGS_PROGRAM("touches pages and checks that memory keeps what is written",
             PAGER_ARGS)

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

#define ORDER_ROW(name, run, has_all_rounds) { run, has_all_rounds },

static const struct order {
    void (*run)(void);
    bool has_all_rounds; /* In one call of `run`. */
} orders[] = { { round_sequential, false }, ORDERS(ORDER_ROW) };

static void run_order(const struct order *order)
{
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

static uint32_t trace_pages(const struct args_value *trace)
{
    const char *text = trace->text;
    uint32_t pages = 1;
    for (uint64_t page = 0;
         args_list_next(&text, trace->text + trace->text_bytes, &page);) {
        pages = page >= pages ? (uint32_t)page + 1 : pages;
    }
    return pages;
}

/* What the command line leaves open follows from the trace. */
static void use_trace(const struct args_value *trace,
                      const struct args_value args[ARG_COUNT])
{
    uint32_t least = trace_pages(trace);
    if (!args[ARG_pages].is_given) {
        pager.pages = least;
    } else if (pager.pages < least) {
        panic("pages=%u are too few for the trace, which names page %u",
              pager.pages, least - 1);
    }
    if (!args[ARG_words].is_given) {
        pager.words = 1;
    }
}

static void run_trace(const struct args_value *trace)
{
    const char *text = trace->text;
    for (uint64_t page = 0;
         args_list_next(&text, trace->text + trace->text_bytes, &page);) {
        thread_sleep_until(vreg_time_ns() + TRACE_NS);
        touch((uint32_t)page);
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
    struct args_value args[ARG_COUNT];
    cmdline_read(args_rules, args);
    const struct args_value *trace = &args[ARG_trace];
    pager.pages = (uint32_t)args[ARG_pages].number;
    pager.rounds = (uint32_t)args[ARG_rounds].number;
    pager.loop_pages = (uint32_t)args[ARG_loop].number;
    pager.words = (uint32_t)args[ARG_words].number;
    if (trace->is_given) {
        use_trace(trace, args);
    }
    lay_out();
    if (trace->is_given) {
        run_trace(trace);
    } else {
        run_order(&orders[args[ARG_order].number]);
    }
    if (heap_of_malloc()->used_bytes != 0) {
        panic("the heap was to be the array's alone");
    }
    printf("pager: %llu touches, all words as written\n", pager.touches);
    return 0;
}
