/*
 * single_step.c - runs a guest in a plain Unicorn, one instruction at a time,
 * and prints what it writes on its console, and on stderr how many
 * instructions it took to terminate: the count that iksim must report too.
 *
 *     single_step IMAGE ARGS [FILE]
 *
 * To FILE it writes a line for each: its address, and what the registers and
 * flags are after it.
 *
 * It is VM 0 of a scenario, alone, and nothing interrupts it. It may write on
 * its console and terminate, and must not look at the clock.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicorn/unicorn.h>

#include "isa/abi.h"
#include "isa/image.h"
#include "sim/arena.h"
#include "sim/bytes.h"

#define MEMORY_BYTES (16u << 20)
#define STEP_LIMIT   100000000u

struct machine {
    uc_engine *uc;
    bool has_ended;
    uint32_t code;
    const char *why; /* It cannot go on; NULL if it can. */
};

static void stop(const char *why)
{
    fprintf(stderr, "single_step: %s\n", why);
    exit(2);
}

static void must(uc_err error)
{
    if (error != UC_ERR_OK) {
        stop(uc_strerror(error));
    }
}

static uint32_t read_reg(uc_engine *uc, int reg)
{
    uint32_t value = 0;
    must(uc_reg_read(uc, reg, &value));
    return value;
}

static void write_reg(uc_engine *uc, int reg, uint32_t value)
{
    must(uc_reg_write(uc, reg, &value));
}

static void write_console(struct machine *m)
{
    uint32_t va = read_reg(m->uc, UC_X86_REG_EAX);
    uint32_t count = read_reg(m->uc, UC_X86_REG_ECX);
    uint8_t bytes[ABI_CONSOLE_MAX_BYTES];
    if (count > sizeof(bytes) ||
        uc_mem_read(m->uc, va, bytes, count) != UC_ERR_OK) {
        m->why = "a wrong console_write";
        return;
    }
    fwrite(bytes, 1, count, stdout);
    write_reg(m->uc, UC_X86_REG_EAX, count);
}

static void on_interrupt(uc_engine *uc, uint32_t vector, void *ctx)
{
    struct machine *m = ctx;
    switch (vector) {
    case ABI_VI_CONSOLE_WRITE:
        write_console(m);
        break;
    case ABI_VI_TERMINATE:
        m->has_ended = true;
        m->code = read_reg(uc, UC_X86_REG_EAX);
        break;
    default:
        m->why = "a virtual instruction or exception not foreseen";
        break;
    }
    if (m->has_ended || m->why) {
        must(uc_emu_stop(uc));
    }
}

/* As ik/virtual/vregs.c does for VM 0, but for the clock, the seed and the MAC. */
static void fill_vregs(uc_engine *uc, const char *args)
{
    uint8_t page[ABI_PAGE_BYTES] = { 0 };
    put_le32(page + ABI_VR_MAGIC, ABI_MAGIC);
    put_le32(page + ABI_VR_MEMORY_BYTES, MEMORY_BYTES);
    put_le32(page + ABI_VR_CPU_KHZ, 1700000);
    put_le32(page + ABI_VR_IPV4, ABI_VM_NET + 1);
    put_le32(page + ABI_VR_NETMASK, ABI_NETMASK);
    if (strlen(args) >= ABI_CMDLINE_BYTES) {
        stop("the arguments are too long");
    }
    memcpy(page + ABI_VR_CMDLINE, args, strlen(args));
    must(uc_mem_write(uc, ABI_VREGS_BASE, page, sizeof(page)));
}

static uint32_t load(uc_engine *uc, const char *path, const char *args)
{
    struct arena arena;
    struct image image;
    char why[IMAGE_MESSAGE_BYTES];
    if (!arena_map(&arena, 256u << 20)) {
        stop("out of memory");
    }
    if (image_load(&image, &arena, path, why) != IMAGE_OK) {
        stop(why);
    }
    must(uc_mem_map(uc, ABI_MEM_BASE, MEMORY_BYTES, UC_PROT_ALL));
    for (uint32_t i = 0; i < image.segment_count; i++) {
        const struct image_segment *s = &image.segments[i];
        must(uc_mem_write(uc, s->va, s->bytes, s->file_bytes));
    }
    uint32_t entry = image.entry;
    arena_unmap(&arena);
    fill_vregs(uc, args);
    return entry;
}

static void hook_interrupts(struct machine *m)
{
    union {
        uc_cb_hookintr_t function;
        void *pointer;
    } u = { .function = on_interrupt };
    uc_hook hook;
    must(uc_hook_add(m->uc, &hook, UC_HOOK_INTR, u.pointer, m, 1, 0));
}

static void write_regs(uc_engine *uc, uint32_t eip, FILE *out)
{
    static const int regs[] = {
        UC_X86_REG_EAX, UC_X86_REG_ECX, UC_X86_REG_EDX, UC_X86_REG_EBX,
        UC_X86_REG_ESP, UC_X86_REG_EBP, UC_X86_REG_ESI, UC_X86_REG_EDI,
    };
    static const uint32_t bits[] = { 0, 2, 4, 6, 7, 10, 11 };
    fprintf(out, "%08" PRIx32, eip);
    for (size_t i = 0; i < sizeof(regs) / sizeof(regs[0]); i++) {
        fprintf(out, " %08" PRIx32, read_reg(uc, regs[i]));
    }
    uint32_t flags = read_reg(uc, UC_X86_REG_EFLAGS);
    for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
        fprintf(out, " %" PRIu32, flags >> bits[i] & 1);
    }
    fputc('\n', out);
}

int main(int argc, char **argv)
{
    if (argc != 3 && argc != 4) {
        stop("usage: single_step IMAGE ARGS [FILE]");
    }
    FILE *steps = argc == 4 ? fopen(argv[3], "w") : NULL;
    if (argc == 4 && !steps) {
        stop("the file cannot be written");
    }
    struct machine m = { 0 };
    must(uc_open(UC_ARCH_X86, UC_MODE_32, &m.uc));
    uint32_t eip = load(m.uc, argv[1], argv[2]);
    write_reg(m.uc, UC_X86_REG_ESP, ABI_MEM_BASE + MEMORY_BYTES);
    hook_interrupts(&m);
    uint32_t count = 0;
    while (!m.has_ended) {
        must(uc_emu_start(m.uc, eip, 0, 0, 1));
        if (steps) {
            write_regs(m.uc, eip, steps);
        }
        eip = read_reg(m.uc, UC_X86_REG_EIP);
        if (m.why) {
            stop(m.why);
        }
        if (++count == STEP_LIMIT) {
            stop("it does not terminate");
        }
    }
    must(uc_close(m.uc));
    if (steps && fclose(steps) != 0) {
        stop("the file cannot be written");
    }
    fprintf(stderr, "%" PRIu32 "\n", count);
    return m.code == 0 ? 0 : 1;
}
