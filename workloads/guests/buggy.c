/*
 * buggy.c - a guest with a bug: it works a while, then does what a wrong
 * pointer, a runaway loop or a careless line of assembly does. Whatever that
 * is, it is to be this VM's misfortune alone.
 *
 *   bug=none      ends with code 0
 *   bug=null      reads through a null pointer
 *   bug=text      writes over its own instructions
 *   bug=jump      calls into its data
 *   bug=stack     calls itself for ever
 *   bug=divide    divides by zero
 *   bug=wild      writes everywhere in its memory, its stack included, and on
 *   bug=loop      loops for ever with interrupts off
 */
#include "ilwaco/cmdline.h"
#include "ilwaco/panic.h"
#include "ilwaco/start.h"
#include "ilwaco/thread.h"
#include "ilwaco/vregs.h"

#include <stdbool.h>
#include <stdio.h>

#include "isa/abi.h"

/* The bugs by name, and what they do: in the order of their numbers. */
#define BUGS(X)               \
    X("null", read_null)      \
    X("text", write_text)     \
    X("jump", jump_to_data)   \
    X("stack", exhaust_stack) \
    X("divide", divide) X("wild", write_wild) X("loop", loop)
#define BUG_NAME(name, run) " " name

#define BUGGY_ARGS(X)                                               \
    X(bug, "bug", ARGS_CHOICE, 0, 0, 0, "none" BUGS(BUG_NAME),      \
      "what goes wrong")                                            \
    X(after, "after", ARGS_TIME, 0, 3600000000000, 100000000, "ms", \
      "how long it works before that")
ARGS_PROGRAM("works a while, then does what a bug does", BUGGY_ARGS)

static volatile uint32_t sink;
static volatile bool goes_on = true; /* So that compilers see no bug. */

static void read_null(void)
{
    static volatile uint32_t *volatile nowhere;
    sink = *nowhere;
}

static void write_text(void)
{
    volatile uint8_t *volatile code = (volatile uint8_t *)(uintptr_t)read_null;
    *code = 0x90;
}

static void jump_to_data(void)
{
    static uint8_t data[16] = { 0xc3 };
    void (*volatile entry)(void) = (void (*)(void))(uintptr_t)data;
    entry();
}

static uint32_t recurse(uint32_t depth)
{
    volatile uint32_t frame[256];
    frame[depth % 256] = depth;
    sink = depth;
    return goes_on ? recurse(depth + 1) + frame[depth % 256] : 0;
}

static void exhaust_stack(void)
{
    sink = recurse(0);
}

static void divide(void)
{
    static volatile uint32_t zero;
    sink = sink / zero;
}

static void write_wild(void)
{
    uintptr_t low = (uintptr_t)&sink;
    for (uintptr_t at = low;; at += sizeof(uint32_t)) {
        *(volatile uint32_t *)at = (uint32_t)at * 2654435761u;
    }
}

static void loop(void)
{
    vreg_write(ABI_VR_IRQ_ENABLED, 0);
    for (;;) {
        sink++;
    }
}

#define BUG_ROW(name, run) { name, run },

static const struct {
    const char *name;
    void (*run)(void);
} bugs[] = { BUGS(BUG_ROW) };

int main(void)
{
    struct args_value args[ARG_COUNT];
    cmdline_read(args_rules, args);
    thread_sleep_until(vreg_time_ns() + args[ARG_after].number);
    uint64_t number = args[ARG_bug].number;
    if (number == 0) {
        printf("no bug\n");
        return 0;
    }
    printf("now: %s\n", bugs[number - 1].name);
    bugs[number - 1].run();
    panic("the bug came to nothing");
}
