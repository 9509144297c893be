/*
 * buggy.c - a guest with a bug: it works a while, then does what a wrong
 * pointer, a runaway loop or a careless line of assembly does. Whatever that
 * is, it is to be this VM's misfortune alone.
 *
 *   bug=none      ends with code 0 (the default)
 *   bug=null      reads through a null pointer
 *   bug=text      writes over its own instructions
 *   bug=jump      calls into its data
 *   bug=stack     calls itself for ever
 *   bug=divide    divides by zero
 *   bug=wild      writes everywhere in its memory, its stack included, and on
 *   bug=loop      loops for ever with interrupts off
 *   after=N       milliseconds until then (default 100)
 */
#include "ilwaco/cmdline.h"
#include "ilwaco/panic.h"
#include "ilwaco/start.h"
#include "ilwaco/thread.h"
#include "ilwaco/vregs.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "isa/abi.h"

#define NS_PER_MS 1000000ull

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

static const struct {
    const char *name;
    void (*run)(void);
} bugs[] = {
    { "null", read_null },    { "text", write_text },
    { "jump", jump_to_data }, { "stack", exhaust_stack },
    { "divide", divide },     { "wild", write_wild },
    { "loop", loop },
};

int main(void)
{
    static const char *const keys[] = { "bug", "after" };
    cmdline_accept(keys, 2);
    uint64_t after_ms = cmdline_u32("after", 100, 0, 3600000);
    size_t bytes = 0;
    const char *bug = cmdline_find(vreg_cmdline(), "bug", &bytes);
    thread_sleep_until(vreg_time_ns() + after_ms * NS_PER_MS);
    if (!bug || (bytes == 4 && memcmp(bug, "none", 4) == 0)) {
        printf("no bug\n");
        return 0;
    }
    for (size_t i = 0; i < sizeof(bugs) / sizeof(bugs[0]); i++) {
        if (strlen(bugs[i].name) == bytes &&
            memcmp(bug, bugs[i].name, bytes) == 0) {
            printf("now: %s\n", bugs[i].name);
            bugs[i].run();
        }
    }
    panic("bug= is none of those that I have");
}
