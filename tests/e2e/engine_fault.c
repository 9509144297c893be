/*
 * engine_fault.c - makes the engine die, loaded in front of it (LD_PRELOAD).
 * ENGINE_FAULT says how and where:
 *
 *     list:FILE     it does not die; the address of each block that is shown for
 *                   the first time becomes a line of FILE, in hexadecimal
 *     abort:VA      before the block at VA runs, the engine has just translated
 *     segv:VA       it
 *     hang:VA
 *     run-abort:VA  when the block runs for the second time
 *     start:VA      whenever it is started at VA, listed or not
 *     real:VA       the instruction at VA is, to the engine alone, one that its
 *                   translator cannot bear; for a single image
 *
 * Blocks of different images at one address are not told apart.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <unicorn/unicorn.h>

#include "isa/abi.h"

static uc_cb_hookcode_t real_block;
static char how[16];
static const char *where;
static uint64_t at_va;
static int list = -1;
static uint8_t seen[UINT32_MAX / 8 + 1];
static unsigned times;

__attribute__((constructor)) static void read_fault(void)
{
    const char *text = getenv("ENGINE_FAULT");
    const char *colon = text ? strchr(text, ':') : NULL;
    if (!colon || (size_t)(colon - text) >= sizeof(how)) {
        return;
    }
    memcpy(how, text, (size_t)(colon - text));
    where = colon + 1;
    at_va = strtoull(where, NULL, 16);
    if (strcmp(how, "list") == 0) {
        list = open(where, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    }
}

static void die(void)
{
    if (strcmp(how, "abort") == 0 || strcmp(how, "run-abort") == 0) {
        abort();
    }
    if (strcmp(how, "segv") == 0) {
        volatile int *volatile nowhere = NULL;
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
        *nowhere = 0;
    }
    for (volatile int i = 0; strcmp(how, "hang") == 0; i = 1 - i) {
    }
}

static void on_block(uc_engine *uc, uint64_t va, uint32_t size, void *user)
{
    uint8_t bit = (uint8_t)(1u << va % 8);
    if (list >= 0 && !(seen[va / 8] & bit)) {
        seen[va / 8] |= bit;
        char line[32];
        int length =
            snprintf(line, sizeof(line), "%llx\n", (unsigned long long)va);
        if (write(list, line, (size_t)length) != length) {
            abort();
        }
    }
    bool is_it = va == at_va && list < 0;
    bool is_at_once = strcmp(how, "run-abort") != 0;
    if (is_it && is_at_once) {
        die();
    }
    real_block(uc, va, size, user);
    if (is_it && !is_at_once && ++times == 2) {
        die();
    }
}

union function {
    void *pointer;
    uc_cb_hookcode_t block;
    uc_err (*hook_add)(uc_engine *, uc_hook *, int, void *, void *, uint64_t,
                       uint64_t, ...);
    uc_err (*start)(uc_engine *, uint64_t, uint64_t, uint64_t, size_t);
    uc_err (*map)(uc_engine *, uint64_t, uint64_t, uint32_t, void *);
};

/* The engine's declaration. NOLINTNEXTLINE(readability-function-size) */
uc_err uc_hook_add(uc_engine *uc, uc_hook *hook, int type, void *callback,
                   void *user, uint64_t begin, uint64_t end, ...)
{
    union function next = { .pointer = dlsym(RTLD_NEXT, "uc_hook_add") };
    union function block = { .pointer = callback };
    if (type == UC_HOOK_BLOCK && how[0] != '\0') {
        real_block = block.block;
        block.block = on_block;
    }
    return next.hook_add(uc, hook, type, block.pointer, user, begin, end);
}

uc_err uc_mem_map_ptr(uc_engine *uc, uint64_t address, uint64_t size,
                      uint32_t perms, void *ptr)
{
    union function next = { .pointer = dlsym(RTLD_NEXT, "uc_mem_map_ptr") };
    if (strcmp(how, "real") == 0 && !(perms & UC_PROT_WRITE)) {
        /* lock bts %ecx, %eax */
        memcpy((char *)ptr + (at_va - ABI_TEXT_BASE), "\xf0\x0f\xab\xc8", 4);
    }
    return next.map(uc, address, size, perms, ptr);
}

uc_err uc_emu_start(uc_engine *uc, uint64_t begin, uint64_t until,
                    uint64_t timeout, size_t count)
{
    union function next = { .pointer = dlsym(RTLD_NEXT, "uc_emu_start") };
    if (strcmp(how, "start") == 0 && begin == at_va) {
        abort();
    }
    return next.start(uc, begin, until, timeout, count);
}
