/*
 * engine.c - see engine.h. It stands in for the kernel: it maps the pages that
 * trials ask for, and delivers interrupts as the kernel does.
 */
#include "tests/native/engine.h"

#include <stdio.h>
#include <string.h>

#include "isa/decode.h"
#include "isa/image.h"
#include "sim/arena.h"
#include "tests/isa/fixture.h"
#include "tests/native/flags.h"

const char *const engine_mode_names[ENGINE_MODE_COUNT] = {
    [ENGINE_WHOLE] = "whole",
    [ENGINE_CUT] = "cut",
    [ENGINE_INTERRUPTED] = "interrupted",
};

#define DATA_FIRST      ((DATA_BASE - RAM_BASE) / ABI_PAGE_BYTES)
#define INTERRUPT_BYTES 16u /* Of the stack, with what a handler pushes. */
#define HANDLER_BYTES   16u
#define HANDLER_COUNT   4u

struct engine {
    struct arena arena;
    struct image image;
    uint8_t *ram;
    struct isa_cpu *cpu;
    enum page_state data[DATA_PAGES];
    struct cpu_regs regs;
    uint32_t handler; /* Of the next interrupt. */
};

/* Each leaves other flags, kept in another way, and then puts them back. */
static const uint8_t handlers[HANDLER_COUNT][HANDLER_BYTES] = {
    { 0x9d, 0xc3 },                               /* popf; ret */
    { 0x50, 0x31, 0xc0, 0x58, 0x9d, 0xc3 },       /* push; xor; pop */
    { 0x50, 0x0f, 0xaf, 0xc1, 0x58, 0x9d, 0xc3 }, /* imul %ecx, %eax */
    { 0x51, 0xd3, 0xe1, 0x0f, 0xa3, 0xc9, 0x59, 0x9d, 0xc3 }, /* shl; bt */
};

static bool translate(void *ctx, uint32_t page_va, enum cpu_access access,
                      struct cpu_mapping *mapping)
{
    const struct engine *e = ctx;
    if (page_va - ABI_TEXT_BASE < TEXT_BYTES) {
        mapping->in_text = true;
        return access != CPU_WRITE;
    }
    uint32_t page = (page_va - RAM_BASE) / ABI_PAGE_BYTES;
    if (page >= RAM_BYTES / ABI_PAGE_BYTES) {
        return false;
    }
    enum page_state state = page - DATA_FIRST < DATA_PAGES
                                ? e->data[page - DATA_FIRST]
                                : PAGE_WRITABLE;
    mapping->frame = page;
    mapping->writable = state == PAGE_WRITABLE;
    return state == PAGE_WRITABLE ||
           (state == PAGE_READ_ONLY && access == CPU_READ);
}

struct engine *engine_open(uint8_t *text)
{
    _Static_assert(sizeof(handlers) <= SLOT_BYTES, "they have one slot");
    struct arena arena;
    bool is_mapped = arena_map(&arena, 96u << 20);
    SIM_ASSERT(is_mapped);
    struct engine *e = arena_alloc(&arena, sizeof(*e), 64);
    uint8_t *file = arena_alloc(&arena, ELF_HEAD_BYTES + TEXT_BYTES, 1);
    SIM_ASSERT(e != NULL && file != NULL);
    e->ram = arena_alloc(&arena, RAM_BYTES, ABI_PAGE_BYTES);
    SIM_ASSERT(e->ram != NULL);
    memcpy(text, handlers, sizeof(handlers));
    size_t size = elf_of_text(file, text, TEXT_BYTES);
    char message[IMAGE_MESSAGE_BYTES];
    enum image_err err = image_parse(&e->image, &arena, file, size, message);
    SIM_ASSERT(err == IMAGE_OK);
    struct cpu_config config = {
        .ram = e->ram,
        .frame_count = RAM_BYTES / ABI_PAGE_BYTES,
        .images = &e->image,
        .image_count = 1,
        .costs = insn_cost_models,
        .translate = translate,
        .translate_ctx = e,
    };
    const char *why = NULL;
    e->cpu = cpu_create(&arena, &config, &why);
    SIM_ASSERT(e->cpu != NULL);
    e->arena = arena;
    return e;
}

void engine_close(struct engine *e)
{
    struct arena arena = e->arena; /* It holds `e`, too. */
    cpu_release(e->cpu);
    arena_unmap(&arena);
}

static void set_pages(struct engine *e, enum page_state state)
{
    for (uint32_t i = 0; i < DATA_PAGES; i++) {
        e->data[i] = state;
    }
    cpu_set_space(e->cpu, 0, 0);
}

static void add_fault(struct engine *e, uint32_t page, bool is_write,
                      struct ending *out)
{
    struct fault fault = {
        .page = page,
        .is_write = is_write,
        .regs = e->regs,
    };
    ending_add_fault(out, &fault);
}

/* Does what the kernel would; false: the trial is over. */
static bool serve(struct engine *e, const struct trial *t,
                  const struct cpu_exit *exit, struct ending *out)
{
    uint32_t page = (exit->va - DATA_BASE) / ABI_PAGE_BYTES;
    if (exit->kind == CPU_EXIT_BUDGET) {
        return true;
    }
    if (exit->kind == CPU_EXIT_VINSN && exit->vector == VI_END) {
        return false;
    }
    if (exit->kind == CPU_EXIT_VINSN) {
        set_pages(e, PAGE_MISSING);
        return true;
    }
    bool is_write = exit->access == CPU_WRITE;
    if (exit->kind == CPU_EXIT_PAGE_FAULT && page < DATA_PAGES &&
        exit->access != CPU_FETCH &&
        e->data[page] < (is_write ? PAGE_WRITABLE : PAGE_READ_ONLY)) {
        add_fault(e, page, is_write, out);
        e->data[page] = is_write ? PAGE_WRITABLE : PAGE_READ_ONLY;
        return true;
    }
    if (exit->kind == CPU_EXIT_EXCEPTION && exit->vector == 0) {
        add_fault(e, FAULT_DIVIDE, false, out);
        e->regs.eip = t->resume;
        return true;
    }
    (void)snprintf(out->failure, sizeof(out->failure),
                   "exit %d, vector %u, at %08x, address %08x: %.40s",
                   (int)exit->kind, exit->vector, e->regs.eip, exit->va,
                   exit->refusal != NULL ? exit->refusal : "");
    return false;
}

/* A trial's operands may lie above this address of a stack, and the pages are
   there: a kernel would bring them in, but a trial counts its faults. */
static bool has_room(const struct engine *e, uint32_t first)
{
    uint32_t offset = first - DATA_BASE;
    return offset <= DATA_BYTES - INTERRUPT_BYTES &&
           e->data[offset / ABI_PAGE_BYTES] == PAGE_WRITABLE &&
           e->data[(offset + INTERRUPT_BYTES - 1) / ABI_PAGE_BYTES] ==
               PAGE_WRITABLE;
}

/* The interrupt is delivered, and its handler has returned. What lay below the
   stack pointer is put back, since a trial has its operands there. */
static void interrupt(struct engine *e)
{
    uint32_t esp = e->regs.gpr[CPU_ESP];
    uint32_t first = esp - INTERRUPT_BYTES;
    if (!has_room(e, first)) {
        return;
    }
    uint8_t kept[INTERRUPT_BYTES];
    uint8_t *stack = e->ram + (first - RAM_BASE);
    uint32_t back = e->regs.eip;
    memcpy(kept, stack, sizeof(kept));
    memcpy(stack + INTERRUPT_BYTES - 4, &back, 4);
    memcpy(stack + INTERRUPT_BYTES - 8, &e->regs.eflags, 4);
    e->regs.gpr[CPU_ESP] = esp - 8;
    e->regs.eip = ABI_TEXT_BASE + HANDLER_BYTES * e->handler;
    e->handler = (e->handler + 1) % HANDLER_COUNT;
    struct cpu_exit exit = { .kind = CPU_EXIT_BUDGET };
    while (exit.kind == CPU_EXIT_BUDGET && e->regs.gpr[CPU_ESP] != esp) {
        cpu_run(e->cpu, &e->regs, 1, &exit);
    }
    SIM_ASSERT(exit.kind == CPU_EXIT_BUDGET && e->regs.eip == back);
    memcpy(stack, kept, sizeof(kept));
}

void engine_run(struct engine *e, const struct trial *t,
                const struct state *states, enum engine_mode mode,
                struct ending *out)
{
    uint64_t budget = mode == ENGINE_WHOLE ? UINT64_MAX : 1;
    out->fault_count = 0;
    out->failure[0] = '\0';
    trial_load(t, states, e->ram);
    set_pages(e, PAGE_WRITABLE);
    e->regs = (struct cpu_regs){ .eip = t->entry, .eflags = 2 };
    struct cpu_exit exit;
    do {
        cpu_run(e->cpu, &e->regs, budget, &exit);
        if (exit.kind == CPU_EXIT_BUDGET && mode == ENGINE_INTERRUPTED) {
            interrupt(e);
        }
    } while (serve(e, t, &exit, out));
    trial_store(t, e->ram, out);
}
