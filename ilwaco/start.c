/*
 * start.c - from the first C function of a guest to `terminate`. The stack of
 * the main thread is the end of memory, the heap all between it and the
 * image's end.
 */
#include "ilwaco/start.h"

#include "ilwaco/console.h"
#include "ilwaco/libc/heap.h"
#include "ilwaco/panic.h"
#include "ilwaco/vi.h"
#include "ilwaco/vregs.h"

#include <stdlib.h>

/* The main thread's share of memory; it is resident as far as it is used. */
#define MAIN_STACK_BYTES 16384

/* Set by guest.ld. */
extern char ilwaco_heap_start[];

static uint32_t memory_end(void)
{
    return ABI_MEM_BASE + vreg_read(ABI_VR_MEMORY_BYTES);
}

uint32_t start_main_stack_low(void)
{
    return memory_end() - MAIN_STACK_BYTES;
}

noreturn void ilwaco_start(void)
{
    if (vreg_read(ABI_VR_MAGIC) != ABI_MAGIC) {
        panic("this is not the machine that isa/abi.h describes");
    }
    uint32_t heap = (uint32_t)(uintptr_t)ilwaco_heap_start;
    if (memory_end() < heap + MAIN_STACK_BYTES) {
        panic("%u bytes of memory are too few", vreg_read(ABI_VR_MEMORY_BYTES));
    }
    heap_init(ilwaco_heap_start, start_main_stack_low() - heap);
    exit(main());
}

noreturn void exit(int code)
{
    console_flush();
    vi_terminate((uint32_t)code);
}
