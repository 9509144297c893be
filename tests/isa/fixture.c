/* fixture.c - see fixture.h. */
#include "tests/isa/fixture.h"

#include <string.h>

#include "isa/verify.h"

static void put16(uint8_t *p, uint32_t value)
{
    p[0] = (uint8_t)value;
    p[1] = (uint8_t)(value >> 8);
}

static void put32(uint8_t *p, uint32_t value)
{
    put16(p, value);
    put16(p + 2, value >> 16);
}

size_t elf_of_text(uint8_t *file, const uint8_t *text, size_t text_bytes)
{
    static const uint8_t ident[] = { 0x7f, 'E', 'L', 'F', 1, 1, 1 };
    memset(file, 0, ELF_HEAD_BYTES);
    memcpy(file, ident, sizeof(ident));
    put16(file + 16, 2); /* executable */
    put16(file + 18, 3); /* i386 */
    put32(file + 20, 1);
    put32(file + 24, ABI_TEXT_BASE);
    put32(file + 28, 52); /* program headers */
    put16(file + 40, 52);
    put16(file + 42, 32);
    put16(file + 44, 1);
    uint8_t *phdr = file + 52;
    put32(phdr, 1);
    put32(phdr + 4, ELF_HEAD_BYTES);
    put32(phdr + 8, ABI_TEXT_BASE);
    put32(phdr + 12, ABI_TEXT_BASE);
    put32(phdr + 16, (uint32_t)text_bytes);
    put32(phdr + 20, (uint32_t)text_bytes);
    put32(phdr + 24, 5);
    put32(phdr + 28, 4096);
    memcpy(file + ELF_HEAD_BYTES, text, text_bytes);
    return ELF_HEAD_BYTES + text_bytes;
}

static bool translate(void *ctx, uint32_t page_va, enum cpu_access access,
                      struct cpu_mapping *mapping)
{
    struct machine *m = ctx;
    if (m->wraps && (page_va == 0xfffff000 || page_va == 0)) {
        mapping->frame = page_va == 0 ? 2 : 1;
        mapping->writable = true;
        return true;
    }
    uint32_t page = (page_va - ABI_MEM_BASE) / ABI_PAGE_BYTES;
    if (page >= MACHINE_PAGES || m->state[page] == PAGE_MISSING) {
        return false;
    }
    if (access == CPU_WRITE && m->state[page] != PAGE_WRITABLE) {
        return false;
    }
    mapping->in_text =
        !m->is_text_private && image_page_is_text(&m->image, page_va);
    mapping->writable = m->state[page] == PAGE_WRITABLE;
    mapping->frame = page;
    return true;
}

void machine_open(struct machine *m, const uint8_t *text, size_t text_bytes)
{
    machine_open_costs(m, text, text_bytes, insn_cost_models);
}

static void open_arena(struct machine *m)
{
    memset(m, 0, sizeof(*m));
    bool is_mapped = arena_map(&m->arena, 64u << 20);
    SIM_ASSERT(is_mapped);
}

/* The image is there; the rest follows. False: it is refused. */
static bool try_rest(struct machine *m, const struct insn_costs *costs)
{
    size_t ram_bytes = (size_t)MACHINE_PAGES * ABI_PAGE_BYTES;
    m->ram = arena_alloc(&m->arena, ram_bytes, ABI_PAGE_BYTES);
    SIM_ASSERT(m->ram != NULL);
    memset(m->state, PAGE_WRITABLE, sizeof(m->state));
    struct cpu_config config = {
        .ram = m->ram,
        .frame_count = MACHINE_PAGES,
        .images = &m->image,
        .image_count = 1,
        .costs = costs,
        .translate = translate,
        .translate_ctx = m,
        .step = m->step,
        .step_ctx = m->step_ctx,
        .listed = m->listed,
        .listed_count = m->listed_count,
    };
    const char *why = NULL;
    m->cpu = cpu_create(&m->arena, &config, &why);
    if (m->cpu == NULL) {
        return false;
    }
    m->regs.eip = m->image.entry;
    m->regs.eflags = 2;
    m->regs.gpr[CPU_ESP] = ABI_MEM_BASE + MACHINE_PAGES * ABI_PAGE_BYTES;
    cpu_set_space(m->cpu, 0, 0);
    cpu_follow(m->cpu, m->step != NULL);
    return true;
}

static void open_rest(struct machine *m, const struct insn_costs *costs)
{
    bool is_open = try_rest(m, costs);
    SIM_ASSERT(is_open);
}

static void parse_text(struct machine *m, const uint8_t *text,
                       size_t text_bytes)
{
    char message[IMAGE_MESSAGE_BYTES];
    uint8_t *file = arena_alloc(&m->arena, ELF_HEAD_BYTES + text_bytes, 1);
    SIM_ASSERT(file != NULL);
    size_t size = elf_of_text(file, text, text_bytes);
    enum image_err err = image_parse(&m->image, &m->arena, file, size, message);
    SIM_ASSERT(err == IMAGE_OK);
}

bool machine_try_open(struct machine *m, const uint8_t *text, size_t text_bytes)
{
    open_arena(m);
    parse_text(m, text, text_bytes);
    if (!try_rest(m, insn_cost_models)) {
        arena_unmap(&m->arena);
        return false;
    }
    return true;
}

void machine_open_costs(struct machine *m, const uint8_t *text,
                        size_t text_bytes, const struct insn_costs *costs)
{
    machine_open_followed(m, text, text_bytes, costs, NULL, NULL);
}

/* The arena is there, and all that the processor is to know. */
static void open_text(struct machine *m, const uint8_t *text, size_t text_bytes,
                      const struct insn_costs *costs)
{
    parse_text(m, text, text_bytes);
    open_rest(m, costs);
}

void machine_open_followed(struct machine *m, const uint8_t *text,
                           size_t text_bytes, const struct insn_costs *costs,
                           cpu_step_fn *step, void *ctx)
{
    open_arena(m);
    m->step = step;
    m->step_ctx = ctx;
    open_text(m, text, text_bytes, costs);
}

void machine_open_listed(struct machine *m, const uint8_t *text,
                         size_t text_bytes, const struct cpu_listed *listed,
                         uint32_t listed_count)
{
    open_arena(m);
    m->listed = listed;
    m->listed_count = listed_count;
    open_text(m, text, text_bytes, insn_cost_models);
}

void machine_open_file(struct machine *m, const char *path)
{
    char message[IMAGE_MESSAGE_BYTES];
    open_arena(m);
    enum image_err err = image_load(&m->image, &m->arena, path, message);
    SIM_ASSERT(err == IMAGE_OK);
    open_rest(m, insn_cost_models);
}

void machine_close(struct machine *m)
{
    cpu_release(m->cpu);
    arena_unmap(&m->arena);
}

void machine_remap(struct machine *m)
{
    cpu_set_space(m->cpu, 0, 0);
}

uint8_t *machine_at(struct machine *m, uint32_t va)
{
    SIM_ASSERT(va - ABI_MEM_BASE < MACHINE_PAGES * ABI_PAGE_BYTES);
    return m->ram + (va - ABI_MEM_BASE);
}

void machine_go(struct machine *m, uint64_t budget, struct cpu_exit *out)
{
    m->insns = 0;
    m->cycles = 0;
    m->blocks = 0;
    m->faults = 0;
    for (;;) {
        cpu_run(m->cpu, &m->regs, budget, out);
        m->insns += out->insns;
        m->cycles += out->cycles;
        m->blocks += out->blocks;
        if (out->kind == CPU_EXIT_BUDGET) {
            continue;
        }
        uint32_t page = (out->va - ABI_MEM_BASE) / ABI_PAGE_BYTES;
        if (out->kind != CPU_EXIT_PAGE_FAULT || page >= MACHINE_PAGES) {
            return;
        }
        uint8_t wanted =
            out->access == CPU_WRITE ? PAGE_WRITABLE : PAGE_READ_ONLY;
        if (m->state[page] >= wanted ||
            (out->access != CPU_READ &&
             image_page_is_text(&m->image, out->va) !=
                 (out->access == CPU_FETCH))) {
            return; /* It is not allowed. */
        }
        m->state[page] = wanted;
        m->faults++;
    }
}

uint32_t next_random(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)((z ^ (z >> 31)) >> 16);
}
