/*
 * test_guests.c - real guests retire what single-stepping retires.
 *
 * Argument: the folder of the built guests. Both sides answer the virtual
 * instructions in the same simple way, without a kernel: the console takes
 * everything, time stands still, nothing ever arrives.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unicorn/unicorn.h>

#include "tests/isa/fixture.h"

enum { MEMORY_BYTES = MACHINE_PAGES * ABI_PAGE_BYTES, SKIPPED = 77 };

#define FLAGS_MASK 0xcd5u

static const int ids[] = {
    UC_X86_REG_EAX, UC_X86_REG_ECX,    UC_X86_REG_EDX, UC_X86_REG_EBX,
    UC_X86_REG_ESP, UC_X86_REG_EBP,    UC_X86_REG_ESI, UC_X86_REG_EDI,
    UC_X86_REG_EIP, UC_X86_REG_EFLAGS,
};

struct guest {
    const char *name, *cmdline;
    struct machine m;
    struct cpu_regs regs; /* Of single-stepping. */
    uint64_t steps;
    bool has_interrupt;
    uint32_t vector;
    uint8_t memory[MEMORY_BYTES];
};

/* False: it terminated. */
static bool answer(struct cpu_regs *regs, uint32_t vector)
{
    if (vector == ABI_VI_TERMINATE) {
        return false;
    }
    SIM_ASSERT(vector >= ABI_VI_FIRST && vector <= ABI_VI_LAST);
    bool is_write = vector == ABI_VI_CONSOLE_WRITE;
    regs->gpr[CPU_EAX] = is_write ? regs->gpr[CPU_ECX] : 0;
    return true;
}

static void put_vreg(uint8_t *page, uint32_t at, uint32_t value)
{
    memcpy(page + at, &value, sizeof(value));
}

/* Memory as at the entry point. */
static void boot(const struct guest *g, uint8_t *memory)
{
    for (uint32_t at = 0; at < MEMORY_BYTES; at += ABI_PAGE_BYTES) {
        image_fill_page(&g->m.image, ABI_MEM_BASE + at, memory + at);
    }
    put_vreg(memory, ABI_VR_MAGIC, ABI_MAGIC);
    put_vreg(memory, ABI_VR_MEMORY_BYTES, MEMORY_BYTES);
    put_vreg(memory, ABI_VR_CPU_KHZ, 1700000);
    memcpy(memory + ABI_VR_CMDLINE, g->cmdline, strlen(g->cmdline) + 1);
}

static void on_interrupt(uc_engine *uc, uint32_t vector, void *user)
{
    struct guest *g = user;
    g->has_interrupt = true;
    g->vector = vector;
    (void)uc_emu_stop(uc);
}

static void check(uc_err err)
{
    SIM_ASSERT(err == UC_ERR_OK);
}

static void move_regs(uc_engine *uc, struct guest *g, bool is_read)
{
    uint32_t *values = g->regs.gpr; /* EIP and EFLAGS follow. */
    for (int i = 0; i < 10; i++) {
        uint32_t *value = i < 8    ? &values[i]
                          : i == 8 ? &g->regs.eip
                                   : &g->regs.eflags;
        if (is_read) {
            check(uc_reg_read(uc, ids[i], value));
        } else if (ids[i] != UC_X86_REG_EIP) {
            check(uc_reg_write(uc, ids[i], value));
        }
    }
    g->regs.eflags = (g->regs.eflags & FLAGS_MASK) | 2;
}

static void step_all(struct guest *g)
{
    uc_engine *uc = NULL;
    uc_hook hook;
    union {
        uc_cb_hookintr_t interrupt;
        void *pointer;
    } u = { .interrupt = on_interrupt };
    boot(g, g->memory);
    check(uc_open(UC_ARCH_X86, UC_MODE_32, &uc));
    check(
        uc_mem_map_ptr(uc, ABI_MEM_BASE, MEMORY_BYTES, UC_PROT_ALL, g->memory));
    check(uc_hook_add(uc, &hook, UC_HOOK_INTR, u.pointer, g, 1, 0));
    move_regs(uc, g, false);
    for (bool is_running = true; is_running;) {
        g->has_interrupt = false;
        check(uc_emu_start(uc, g->regs.eip, 0, 0, 1));
        g->steps++;
        check(uc_reg_read(uc, UC_X86_REG_EIP, &g->regs.eip));
        if (g->has_interrupt) {
            move_regs(uc, g, true);
            is_running = answer(&g->regs, g->vector);
            move_regs(uc, g, false);
        }
    }
    check(uc_close(uc));
}

static void run_all(struct guest *g, uint64_t budget)
{
    struct machine *m = &g->m;
    struct cpu_exit e;
    uint64_t insns = 0;
    boot(g, m->ram);
    /* Pages come as they are touched. */
    memset(m->state, PAGE_MISSING, sizeof(m->state));
    machine_remap(m);
    do {
        machine_go(m, budget, &e);
        insns += m->insns;
        assert_int_equal(e.kind, CPU_EXIT_VINSN);
    } while (answer(&m->regs, e.vector));
    assert_int_equal(insns, g->steps);
    assert_memory_equal(&m->regs, &g->regs, sizeof(m->regs));
    assert_memory_equal(m->ram + ABI_PAGE_BYTES, g->memory + ABI_PAGE_BYTES,
                        MEMORY_BYTES - ABI_PAGE_BYTES);
}

static void try_guest(const char *folder, const char *name, const char *cmdline)
{
    static const uint64_t budgets[] = { 1, 1000, 1u << 30 };
    char path[1024];
    struct guest *g = calloc(1, sizeof(*g));
    assert_non_null(g);
    g->name = name;
    g->cmdline = cmdline;
    (void)snprintf(path, sizeof(path), "%s/%s.elf", folder, name);
    machine_open_file(&g->m, path);
    struct cpu_regs start = g->m.regs;
    g->regs = start;
    step_all(g);
    assert_int_equal(g->vector, ABI_VI_TERMINATE);
    for (int i = 0; i < 3; i++) {
        g->m.regs = start;
        run_all(g, budgets[i]);
    }
    print_message("%s: %llu instructions, exit code %u\n", name,
                  (unsigned long long)g->steps, g->regs.gpr[CPU_EAX]);
    machine_close(&g->m);
    free(g);
}

static void guests_retire_what_single_stepping_does(void **state)
{
    const char *folder = *state;
    try_guest(folder, "hello", "");
    try_guest(folder, "spin", "iterations=3");
}

int main(int argc, char **argv)
{
    char path[1024] = "";
    if (argc > 1) {
        (void)snprintf(path, sizeof(path), "%s/spin.elf", argv[1]);
    }
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return SKIPPED; /* Nothing to compare. */
    }
    (void)fclose(file);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(guests_retire_what_single_stepping_does,
                                  argv[1]),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
