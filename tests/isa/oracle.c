/* oracle.c - single-stepping in an engine of its own, without any hook but
   the one that sees interrupts. */
#include <string.h>

#include <unicorn/unicorn.h>

#include "tests/isa/program.h"

#define FLAGS_MASK 0xcd5u

struct stepping {
    bool has_interrupt;
    uint32_t vector;
};

static void on_interrupt(uc_engine *uc, uint32_t vector, void *user)
{
    struct stepping *s = user;
    s->has_interrupt = true;
    s->vector = vector;
    (void)uc_emu_stop(uc);
}

static void check(uc_err err)
{
    SIM_ASSERT(err == UC_ERR_OK);
}

static const int ids[] = {
    UC_X86_REG_EAX, UC_X86_REG_ECX,    UC_X86_REG_EDX, UC_X86_REG_EBX,
    UC_X86_REG_ESP, UC_X86_REG_EBP,    UC_X86_REG_ESI, UC_X86_REG_EDI,
    UC_X86_REG_EIP, UC_X86_REG_EFLAGS,
};

static void read_all(uc_engine *uc, struct cpu_regs *regs)
{
    void *values[] = {
        &regs->gpr[0], &regs->gpr[1], &regs->gpr[2], &regs->gpr[3],
        &regs->gpr[4], &regs->gpr[5], &regs->gpr[6], &regs->gpr[7],
        &regs->eip,    &regs->eflags,
    };
    int all[sizeof(ids) / sizeof(ids[0])]; /* The engine asks for its own. */
    memcpy(all, ids, sizeof(all));
    check(uc_reg_read_batch(uc, all, values, sizeof(all) / sizeof(all[0])));
    regs->eflags = (regs->eflags & FLAGS_MASK) | 2;
}

static void step_all(uc_engine *uc, struct oracle *o, struct stepping *s)
{
    uint32_t eip = o->regs.eip;
    while (!s->has_interrupt) {
        SIM_ASSERT(o->count < PROGRAM_STEP_LIMIT);
        o->eips[o->count++] = eip;
        check(uc_emu_start(uc, eip, 0, 0, 1));
        uint32_t flags = 0;
        check(uc_reg_read(uc, UC_X86_REG_EIP, &eip));
        check(uc_reg_read(uc, UC_X86_REG_EFLAGS, &flags));
        if ((flags & ~FLAGS_MASK) != 2) {
            flags = (flags & FLAGS_MASK) | 2;
            check(uc_reg_write(uc, UC_X86_REG_EFLAGS, &flags));
        }
        read_all(uc, &o->after[o->count - 1]);
    }
    o->has_exception = s->vector != ABI_VI_TERMINATE;
    o->count -= o->has_exception;
}

void oracle_run(struct oracle *o, const struct program *p,
                const struct cpu_regs *regs)
{
    uc_engine *uc = NULL;
    uc_hook hook;
    struct stepping s = { false, 0 };
    union {
        uc_cb_hookintr_t interrupt;
        void *pointer;
    } u = { .interrupt = on_interrupt };
    check(uc_open(UC_ARCH_X86, UC_MODE_32, &uc));
    check(uc_ctl_set_tcg_buffer_size(uc, 16u << 20));
    check(uc_mem_map(uc, ABI_MEM_BASE, sizeof(o->memory), UC_PROT_ALL));
    check(uc_mem_write(uc, ABI_TEXT_BASE, p->text, p->size));
    check(uc_hook_add(uc, &hook, UC_HOOK_INTR, u.pointer, &s, 1, 0));
    check(uc_ctl_flush_tb(uc));
    o->regs = *regs;
    o->count = 0;
    uint32_t *values[] = {
        &o->regs.gpr[0], &o->regs.gpr[1], &o->regs.gpr[2], &o->regs.gpr[3],
        &o->regs.gpr[4], &o->regs.gpr[5], &o->regs.gpr[6], &o->regs.gpr[7],
        &o->regs.eip,    &o->regs.eflags,
    };
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        if (ids[i] != UC_X86_REG_EIP) { /* Starting sets it. */
            check(uc_reg_write(uc, ids[i], values[i]));
        }
    }
    step_all(uc, o, &s);
    read_all(uc, &o->regs);
    check(uc_mem_read(uc, ABI_MEM_BASE, o->memory, sizeof(o->memory)));
    check(uc_close(uc));
}
