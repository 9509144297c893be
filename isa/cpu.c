/*
 * cpu.c - the home of Unicorn.
 *
 * Two hooks do the work. The TLB fill asks the kernel's page tables. The block
 * hook runs before each of the engine's blocks: it adds what our decoder says
 * the block costs, and stops the engine before a block that may not run. The
 * rare cases go through enter_slowly; they have `tally` or `fast_size` at 0, so
 * that the hook tests for all of them with two comparisons.
 *
 * What the engine decides by itself never reaches a result: where it splits
 * blocks, which pages it looks at ahead, and when it forgets a translation.
 */
#include "isa/cpu.h"

#include <string.h>

#include <unicorn/unicorn.h>

#include "isa/abi.h"
#include "isa/decode.h"
#include "isa/image.h"
#include "isa/state.h"
#include "sim/arena.h"

/* CF, PF, AF, ZF, SF, DF and OF: all that a guest has. */
#define FLAGS_MASK UINT32_C(0x00000cd5)
#define FLAGS_ONE  UINT32_C(0x00000002)

enum {
    /* Of translations; the engine starts again when it is full. */
    TRANSLATION_BYTES = 64 << 20,
    PAGE_BYTES = ABI_PAGE_BYTES,
};

/* ISO C has no conversion from functions to void *; POSIX has it. */
union hook_function {
    uc_cb_hookcode_t code;
    uc_cb_hookintr_t interrupt;
    uc_cb_hookinsn_invalid_t illegal;
    uc_cb_tlbevent_t fill;
    void *pointer;
};

static const char refusal_disagree[] =
    "the engine and our decoder disagree about this block";

static uint32_t page_of(uint32_t va)
{
    return va & ~(uint32_t)(PAGE_BYTES - 1);
}

/* ---- Address translation ------------------------------------------------ */

/* The kernel's answer, within what text allows whatever the kernel says. */
static bool translate(const struct isa_cpu *cpu, uint32_t page_va,
                      enum cpu_access access, struct cpu_mapping *mapping)
{
    bool is_text = text_holds_page(cpu->text, page_va);
    if ((access == CPU_FETCH && !is_text) || (access == CPU_WRITE && is_text)) {
        return false;
    }
    *mapping = (struct cpu_mapping){ 0 };
    if (!cpu->config.translate(cpu->config.translate_ctx, page_va, access,
                               mapping)) {
        return false;
    }
    SIM_ASSERT(is_text || !mapping->in_text);
    SIM_ASSERT(mapping->in_text || mapping->frame < cpu->config.frame_count);
    if (is_text) {
        mapping->writable = false;
    }
    SIM_ASSERT(access != CPU_WRITE || mapping->writable);
    return true;
}

static bool fill(struct isa_cpu *cpu, uint64_t va, uc_mem_type type,
                 uc_tlb_entry *entry)
{
    if (cpu->forget_frame != 0) {
        entry->paddr = (uint64_t)(cpu->forget_frame - 1) * PAGE_BYTES;
        entry->perms = UC_PROT_READ | UC_PROT_EXEC;
        return true;
    }
    /* What the engine asks once it has been stopped is no access of a guest: it
       forgets what ends where it is to halt. */
    if (cpu->stop != STOP_NONE || cpu->has_fault) {
        return false;
    }
    /* The second part of an access that wraps is asked for at 2^32. */
    uint32_t page_va = page_of((uint32_t)va);
    enum cpu_access access = type == UC_MEM_WRITE   ? CPU_WRITE
                             : type == UC_MEM_FETCH ? CPU_FETCH
                                                    : CPU_READ;
    struct cpu_mapping mapping;
    if (!translate(cpu, page_va, access, &mapping)) {
        cpu->has_fault = true;
        cpu->fault_access = access;
        cpu->fault_va = page_va;
        return false;
    }
    entry->paddr = mapping.in_text
                       ? cpu->program->physical + (page_va - cpu->text_va)
                       : (uint64_t)mapping.frame * PAGE_BYTES;
    entry->perms = UC_PROT_READ;
    if (text_holds_page(cpu->text, page_va)) {
        entry->perms = UC_PROT_READ | UC_PROT_EXEC;
    } else if (mapping.writable) {
        entry->perms = UC_PROT_READ | UC_PROT_WRITE;
    }
    return true;
}

static bool on_fill(uc_engine *uc, uint64_t va, uc_mem_type type,
                    uc_tlb_entry *entry, void *user)
{
    (void)uc;
    struct isa_cpu *cpu = user;
    uint32_t in_engine = cpu->note->in_engine;
    cpu->note->in_engine = 0;
    bool is_filled = fill(cpu, va, type, entry);
    cpu->note->in_engine = in_engine;
    return is_filled;
}

/* ---- Before a block begins ----------------------------------------------- */

/*
 * The pages after its first one in which the block of ours at `offset` lies
 * can be fetched. Engines differ in whether they look at them before a block
 * begins; we always do.
 */
static bool check_pages(struct isa_cpu *cpu, uint32_t offset, uint32_t end)
{
    uint32_t first = offset / PAGE_BYTES;
    uint32_t page = first + 1;
    if (first >= cpu->fetched_first && page < cpu->fetched_end) {
        page = cpu->fetched_end;
    }
    for (; page < end; page++) {
        struct cpu_mapping mapping;
        uint32_t page_va = cpu->text_va + page * PAGE_BYTES;
        if (!translate(cpu, page_va, CPU_FETCH, &mapping)) {
            cpu->stop = STOP_FETCH;
            cpu->fault_va = page_va;
            return false;
        }
    }
    if (first + 1 < end) {
        cpu->fetched_first = first;
        cpu->fetched_end = end;
    }
    return true;
}

/* Everything that must hold before the block at `offset` may begin. */
static bool check_block(struct isa_cpu *cpu, uint32_t offset)
{
    uint32_t refused = 0;
    if (!text_verify(cpu->text, offset, &refused, &cpu->refusal)) {
        cpu->stop = STOP_REFUSED;
        cpu->refused_va = cpu->text_va + refused;
        return false;
    }
    return check_pages(cpu, offset, text_end_page(cpu->text, offset));
}

/* ---- The block hook ----------------------------------------------------- */

/* Adds a tally to the sums of the run. */
static void settle(struct isa_cpu *cpu, tally_t tally)
{
    tally_t low = tally & (TALLY_CYCLE - 1);
    cpu->left += (tally - low) / TALLY_CYCLE;
    cpu->insns += (uint64_t)(low / TALLY_INSN);
    cpu->ended += (uint64_t)(low & TALLY_MASK);
}

static uint32_t read_flags(struct isa_cpu *cpu)
{
    uint32_t flags = 0;
    uc_err err = uc_reg_read(cpu->uc, UC_X86_REG_EFLAGS, &flags);
    SIM_ASSERT(err == UC_ERR_OK);
    return flags;
}

/* POPF may have set flags that a guest does not have, TF among them. */
static bool flags_are_in_order(struct isa_cpu *cpu)
{
    return (read_flags(cpu) & ~FLAGS_MASK) == FLAGS_ONE;
}

static bool refuse(struct isa_cpu *cpu, uint32_t offset, const char *refusal)
{
    cpu->stop = STOP_REFUSED;
    cpu->refused_va = cpu->text_va + offset;
    cpu->refusal = refusal;
    return false;
}

/* Where the engine is to halt from now on, before it translates anything; 0:
   only before what is listed. */
static void set_exit(struct isa_cpu *cpu, uint32_t va)
{
    uint64_t exits[CPU_LISTED_LIMIT + 1] = { va };
    uint32_t count = va != 0;
    for (uint32_t i = 0; i < cpu->text->listed_count; i++) {
        exits[count++] = cpu->text_va + cpu->text->listed[i];
    }
    uc_err err = uc_ctl_set_exits(cpu->uc, exits, count);
    SIM_ASSERT(err == UC_ERR_OK);
    cpu->exit_va = va;
}

/* Measures a block that the engine shows for the first time. */
static bool take_measure(struct isa_cpu *cpu, uint32_t offset, uint32_t size)
{
    struct text_block b;
    switch (text_measure(cpu->text, offset, size, cpu->config.costs, &b,
                         &cpu->cut)) {
    case TEXT_FITS:
        b.is_cut = cpu->exit_va == cpu->text_va + offset + size;
        cpu->blocks[offset] = b;
        if (cpu->exit_va != 0) { /* What ends there when the engine returns
                                    would be forgotten. */
            set_exit(cpu, 0);
        }
        return true;
    case TEXT_TOO_LONG:
        cpu->stop = STOP_CUT;
        cpu->long_offset = offset;
        cpu->long_size = size;
        return false;
    case TEXT_DISAGREES:
        break;
    }
    return refuse(cpu, offset, refusal_disagree);
}

static bool is_halted(const struct isa_cpu *cpu)
{
    return cpu->config.halt && cpu->config.halt(cpu->config.halt_ctx);
}

/* Nothing but the divisor's page could come before the error, and that page
   changes nothing. */
static bool is_least_dividend(struct isa_cpu *cpu, unsigned bits)
{
    uint32_t low = 0;
    uint32_t high = 0;
    uc_err err = uc_reg_read(cpu->uc, UC_X86_REG_EAX, &low);
    SIM_ASSERT(err == UC_ERR_OK);
    err = uc_reg_read(cpu->uc, UC_X86_REG_EDX, &high);
    SIM_ASSERT(err == UC_ERR_OK);
    return bits == 64 ? low == 0 && high == UINT32_C(1) << 31
                      : (low & 0xffff) == 0 && (high & 0xffff) == 0x8000;
}

/* The block may begin: it is verified, its pages are there, there is budget. */
static bool may_enter(struct isa_cpu *cpu, uint32_t offset, uint32_t size)
{
    if (offset >= cpu->text_bytes) {
        return refuse(cpu, offset, refusal_disagree);
    }
    if (!check_block(cpu, offset)) {
        return false;
    }
    struct text_block *b = &cpu->blocks[offset];
    if (b->size_bytes != size && !take_measure(cpu, offset, size)) {
        return false;
    }
    bool is_within_page =
        text_end_page(cpu->text, offset) == 1 + offset / PAGE_BYTES;
    bool is_plain = !b->is_popf && !b->loses_flags && b->dividend_bits == 0;
    b->fast_size = is_within_page && is_plain ? size : 0;
    if ((cpu->left <= 0 || is_halted(cpu)) && cpu->block != NULL &&
        cpu->block->ends) {
        cpu->stop = STOP_BUDGET;
        return false;
    }
    if (b->dividend_bits != 0 && is_least_dividend(cpu, b->dividend_bits)) {
        cpu->stop = STOP_DIVIDE;
        return false;
    }
    return true;
}

static void enter(struct isa_cpu *cpu, uint32_t offset, uint32_t size)
{
    settle(cpu, cpu->tally);
    cpu->tally = 0; /* So the next block is entered slowly, too... */
    if (cpu->after_popf) {
        cpu->after_popf = false;
        if (!flags_are_in_order(cpu)) {
            cpu->stop = STOP_FLAGS;
        }
    }
    if (cpu->stop != STOP_NONE || !may_enter(cpu, offset, size)) {
        cpu->stop_va = cpu->text_va + offset;
        (void)uc_emu_stop(cpu->uc);
        return;
    }
    struct text_block *b = &cpu->blocks[offset];
    settle(cpu, b->tally);
    cpu->block = b;
    if (b->loses_flags) {
        cpu->kept_flags = read_flags(cpu);
    }
    cpu->after_popf = b->is_popf;
    if (!b->is_popf && cpu->left > 0) { /* ... unless nothing is to do. */
        int64_t lap = cpu->left < TEXT_LAP_CYCLES ? cpu->left : TEXT_LAP_CYCLES;
        cpu->left -= lap;
        cpu->tally = lap * TALLY_CYCLE;
    }
}

/* Never inlined: the hook would save registers for it on its fast path, which
   was measured to double the hook's cost. */
__attribute__((noinline)) static void
enter_slowly(struct isa_cpu *cpu, uint32_t offset, uint32_t size)
{
    cpu->note->in_engine = 0;
    cpu->note->va = cpu->text_va + offset;
    cpu->note->laps++;
    enter(cpu, offset, size);
    cpu->note->in_engine = 1;
}

static void on_block(uc_engine *uc, uint64_t va, uint32_t size, void *user)
{
    (void)uc;
    struct isa_cpu *cpu = user;
    uint32_t offset = (uint32_t)va - cpu->text_va;
    if (offset < cpu->text_bytes && cpu->tally >= TALLY_CYCLE) {
        struct text_block *b = &cpu->blocks[offset];
        if (b->fast_size == size) {
            cpu->tally += b->tally;
            cpu->block = b;
            return;
        }
    }
    enter_slowly(cpu, offset, size);
}

static void store_regs(const struct isa_cpu *cpu, struct cpu_regs *regs)
{
    memcpy(regs->gpr, cpu->regs, sizeof(regs->gpr));
    regs->eflags = (cpu->regs[CPU_GPR_COUNT] & FLAGS_MASK) | FLAGS_ONE;
    regs->eip = cpu->regs[CPU_GPR_COUNT + 1];
}

/* Before each instruction, in an engine whose runs may be followed. */
static void on_step(uc_engine *uc, uint64_t va, uint32_t size, void *user)
{
    (void)size;
    struct isa_cpu *cpu = user;
    if (!cpu->follows || cpu->stop != STOP_NONE) {
        return;
    }
    struct cpu_regs regs;
    uc_err err =
        uc_reg_read_batch(uc, cpu->reg_ids, cpu->reg_values, REG_COUNT - 1);
    SIM_ASSERT(err == UC_ERR_OK);
    store_regs(cpu, &regs);
    regs.eip = (uint32_t)va;
    cpu->note->in_engine = 0;
    steps_begin(&cpu->steps, &regs);
    cpu->note->in_engine = 1;
}

static void on_interrupt(uc_engine *uc, uint32_t vector, void *user)
{
    struct isa_cpu *cpu = user;
    cpu->stop = STOP_INTERRUPT;
    cpu->vector = vector;
    (void)uc_emu_stop(uc);
}

static bool on_illegal(uc_engine *uc, void *user)
{
    (void)uc;
    ((struct isa_cpu *)user)->stop = STOP_ILLEGAL;
    return false;
}

/* ---- Running ------------------------------------------------------------ */

/* Of the block that was entered last. */
static uint32_t entered_offset(const struct isa_cpu *cpu)
{
    return (uint32_t)(cpu->block - cpu->blocks);
}

/* What a fault kept from running in the block that was entered last. */
static void give_back(struct isa_cpu *cpu, uint32_t eip)
{
    const struct text_block *b = cpu->block;
    if (b == NULL) {
        return;
    }
    uint32_t offset = eip - cpu->text_va;
    uint32_t end = entered_offset(cpu) + b->size_bytes;
    struct text_block rest;
    uint32_t cut;
    if (offset >= end || end - offset > b->size_bytes ||
        text_measure(cpu->text, offset, end - offset, cpu->config.costs, &rest,
                     &cut) != TEXT_FITS) {
        return;
    }
    tally_t low = rest.tally & (TALLY_CYCLE - 1);
    cpu->left -= (rest.tally - low) / TALLY_CYCLE;
    cpu->insns -= (uint64_t)(low / TALLY_INSN);
    cpu->ended -= (uint64_t)(low & TALLY_MASK);
}

/* A page fault ended the run. Which page, and was it one? */
static void finish_fault(struct isa_cpu *cpu, uint32_t eip,
                         struct cpu_exit *out)
{
    uint32_t offset = eip - cpu->text_va;
    out->kind = CPU_EXIT_PAGE_FAULT;
    out->access = cpu->fault_access;
    out->va = cpu->fault_va;
    if (cpu->fault_access != CPU_FETCH) {
        give_back(cpu, eip);
        if (cpu->block != NULL && cpu->block->loses_flags &&
            entered_offset(cpu) == offset) {
            cpu->regs[CPU_GPR_COUNT] = cpu->kept_flags;
        }
        return;
    }
    if (page_of(eip) == cpu->fault_va) {
        out->va = eip;
        return;
    }
    /* The engine looked ahead, perhaps further than the block goes. */
    if (offset >= cpu->text_bytes || check_block(cpu, offset)) {
        (void)refuse(cpu, offset, refusal_disagree);
    }
    out->va = cpu->fault_va;
    if (cpu->stop == STOP_REFUSED) {
        out->kind = CPU_EXIT_REFUSED;
    }
}

static void finish_exception(struct isa_cpu *cpu, uint32_t eip, uint32_t vector,
                             struct cpu_exit *out)
{
    out->kind = CPU_EXIT_EXCEPTION;
    out->vector = (uint8_t)vector;
    give_back(cpu, eip);
    /* Otherwise the engine takes the next one for a double fault. */
    uc_err err = uc_context_restore(cpu->uc, cpu->clean);
    SIM_ASSERT(err == UC_ERR_OK);
    cpu->must_flush = true;
}

static void finish(struct isa_cpu *cpu, uc_err err, uint32_t eip,
                   struct cpu_exit *out)
{
    *out = (struct cpu_exit){ .kind = CPU_EXIT_BUDGET };
    switch (cpu->stop) {
    case STOP_BUDGET:
    case STOP_FLAGS:
    case STOP_CUT:
        break;
    case STOP_INTERRUPT:
        if (cpu->vector >= ABI_VI_FIRST && cpu->vector <= ABI_VI_LAST) {
            out->kind = CPU_EXIT_VINSN;
            out->vector = (uint8_t)cpu->vector;
        } else {
            finish_exception(cpu, eip, cpu->vector, out);
        }
        break;
    case STOP_ILLEGAL:
        finish_exception(cpu, eip, 6, out);
        break;
    case STOP_REFUSED:
        out->kind = CPU_EXIT_REFUSED;
        break;
    case STOP_DIVIDE:
        out->kind = CPU_EXIT_EXCEPTION; /* Vector 0. */
        break;
    case STOP_FETCH:
        out->kind = CPU_EXIT_PAGE_FAULT;
        out->access = CPU_FETCH;
        out->va = cpu->fault_va;
        break;
    case STOP_NONE:
        if (err != UC_ERR_OK && cpu->has_fault) {
            finish_fault(cpu, eip, out);
        } else { /* Not seen yet; the guest pays for it. */
            finish_exception(cpu, eip, 6, out);
        }
        break;
    }
    if (out->kind == CPU_EXIT_REFUSED) {
        out->va = cpu->refused_va;
        out->refusal = cpu->refusal;
        out->is_listed = cpu->refusal == text_listed_refusal;
    }
}

static void load_regs(struct isa_cpu *cpu, const struct cpu_regs *regs)
{
    memcpy(cpu->regs, regs->gpr, sizeof(regs->gpr));
    cpu->regs[CPU_GPR_COUNT] = (regs->eflags & FLAGS_MASK) | FLAGS_ONE;
    cpu->regs[CPU_GPR_COUNT + 1] = regs->eip;
}

/* Has the block that is too long translated again, up to its cut. */
static void cut_block(struct isa_cpu *cpu)
{
    uint32_t va = cpu->text_va + cpu->long_offset;
    uc_err err =
        uc_ctl_remove_cache(cpu->uc, va, (uint64_t)va + cpu->long_size);
    SIM_ASSERT(err == UC_ERR_OK);
    set_exit(cpu, cpu->text_va + cpu->cut);
}

/* The engine has come to the end of a block that was cut. */
static bool is_at_cut(const struct isa_cpu *cpu, uc_err err)
{
    const struct text_block *b = cpu->block;
    return err == UC_ERR_OK && b != NULL && b->is_cut &&
           cpu->regs[CPU_GPR_COUNT + 1] ==
               cpu->text_va + entered_offset(cpu) + b->size_bytes;
}

/* From a cut, the engine goes on to the next one. What it has not translated
   yet is cut at once. */
static void leave_cut(struct isa_cpu *cpu)
{
    uint32_t offset = cpu->regs[CPU_GPR_COUNT + 1] - cpu->text_va;
    if (cpu->blocks[offset].size_bytes == 0) {
        uint32_t cut = text_next_cut(cpu->text, offset);
        set_exit(cpu, cut != offset ? cpu->text_va + cut : 0);
    }
}

/* What has to be done between two blocks; false: the run has ended. */
static bool may_go_on(struct isa_cpu *cpu, uc_err err)
{
    uint32_t offset = cpu->regs[CPU_GPR_COUNT + 1] - cpu->text_va;
    if (err == UC_ERR_OK && cpu->stop == STOP_NONE &&
        text_is_listed(cpu->text, offset)) { /* It must not be translated. */
        return refuse(cpu, offset, text_listed_refusal);
    }
    if (cpu->stop == STOP_CUT) {
        cut_block(cpu);
    } else if (cpu->stop == STOP_NONE && is_at_cut(cpu, err)) {
        leave_cut(cpu);
    } else if (cpu->stop != STOP_FLAGS) {
        return false;
    }
    uint32_t *flags = &cpu->regs[CPU_GPR_COUNT];
    *flags = (*flags & FLAGS_MASK) | FLAGS_ONE;
    cpu->stop = STOP_NONE;
    cpu->stop_va = 0;
    return true;
}

/* Runs the engine until it stops for good. */
static uc_err run_engine(struct isa_cpu *cpu)
{
    uc_err result = UC_ERR_OK;
    do {
        uc_err err = uc_reg_write_batch(cpu->uc, cpu->reg_ids, cpu->reg_values,
                                        REG_COUNT - 1); /* Start sets EIP. */
        SIM_ASSERT(err == UC_ERR_OK);
        cpu->note->va = cpu->regs[CPU_GPR_COUNT + 1];
        cpu->note->laps++;
        cpu->note->in_engine = 1;
        result = uc_emu_start(cpu->uc, cpu->regs[CPU_GPR_COUNT + 1], 0, 0, 0);
        cpu->note->in_engine = 0;
        err = uc_reg_read_batch(cpu->uc, cpu->reg_ids, cpu->reg_values,
                                REG_COUNT);
        SIM_ASSERT(err == UC_ERR_OK);
        if (cpu->stop_va != 0) { /* EIP is stale before a block. */
            cpu->regs[CPU_GPR_COUNT + 1] = cpu->stop_va;
        }
        if (cpu->exit_va != 0) { /* What was to be cut did not begin. */
            set_exit(cpu, 0);
        }
    } while (may_go_on(cpu, result));
    settle(cpu, cpu->tally);
    return result;
}

void cpu_run(struct isa_cpu *cpu, struct cpu_regs *regs, uint64_t budget_cycles,
             struct cpu_exit *out)
{
    SIM_ASSERT(cpu->text != NULL);
    int64_t budget =
        budget_cycles < INT64_MAX / 2 ? (int64_t)budget_cycles : INT64_MAX / 2;
    if (cpu->must_flush) {
        uc_err err = uc_ctl_flush_tlb(cpu->uc);
        SIM_ASSERT(err == UC_ERR_OK);
        cpu->must_flush = false;
        cpu->fetched_first = 0;
        cpu->fetched_end = 0;
    }
    cpu->tally = 0;
    cpu->left = budget;
    cpu->insns = 0;
    cpu->ended = 0;
    cpu->block = NULL;
    cpu->after_popf = false;
    cpu->stop = STOP_NONE;
    cpu->stop_va = 0;
    cpu->has_fault = false;
    steps_start(&cpu->steps, cpu->text);
    load_regs(cpu, regs);
    uc_err err = run_engine(cpu);
    finish(cpu, err, cpu->regs[CPU_GPR_COUNT + 1], out);
    store_regs(cpu, regs);
    out->cycles = (uint64_t)(budget - cpu->left);
    out->insns = cpu->insns;
    out->blocks = cpu->ended;
    steps_finish(&cpu->steps, out, regs);
}

void cpu_follow(struct isa_cpu *cpu, bool follows)
{
    SIM_ASSERT(!follows || cpu->steps.fn);
    cpu->follows = follows;
}

void cpu_set_space(struct isa_cpu *cpu, uint32_t image, uint32_t owner)
{
    SIM_ASSERT(image < cpu->config.image_count);
    bool was_listed = cpu->text != NULL && cpu->text->listed_count > 0;
    cpu->program = &cpu->programs.table[image];
    cpu->text = &cpu->program->text;
    cpu->blocks = cpu->text->blocks;
    cpu->text_va = cpu->text->image->text_va;
    cpu->text_bytes = cpu->text->image->text_bytes;
    cpu->must_flush = true;
    cpu->note->owner = owner;
    cpu->note->image = image;
    if (was_listed || cpu->text->listed_count > 0) {
        set_exit(cpu, 0);
    }
}

void cpu_set_note(struct isa_cpu *cpu, struct cpu_note *note)
{
    if (cpu->note != NULL) { /* The space stays as it is. */
        *note = *cpu->note;
    }
    cpu->note = note;
    note->cpu = cpu;
}

/*
 * When the engine translates, EIP is where the block begins; it may be stale
 * while the engine executes what it has translated, which is then the block
 * entered last. A block that was never measured has never been executed.
 */
void cpu_place(const struct isa_cpu *cpu, uint32_t va[2])
{
    uint32_t eip = cpu->note->va;
    (void)uc_reg_read(cpu->uc, UC_X86_REG_EIP, &eip);
    if (eip - cpu->text_va >= cpu->text_bytes) {
        eip = cpu->note->va;
    }
    uint32_t offset = eip - cpu->text_va;
    uint32_t entered =
        cpu->block != NULL ? cpu->text_va + entered_offset(cpu) : eip;
    bool is_new =
        offset < cpu->text_bytes && cpu->blocks[offset].size_bytes == 0;
    va[0] = is_new ? eip : entered;
    va[1] = is_new ? entered : eip;
}

void cpu_forget_frame(struct isa_cpu *cpu, uint32_t frame)
{
    SIM_ASSERT(frame < cpu->config.frame_count);
    /* The engine forgets by virtual address: show it the frame at 0. */
    cpu->forget_frame = frame + 1;
    uc_err err = uc_ctl_flush_tlb(cpu->uc);
    SIM_ASSERT(err == UC_ERR_OK);
    err = uc_ctl_remove_cache(cpu->uc, 0, PAGE_BYTES);
    SIM_ASSERT(err == UC_ERR_OK);
    cpu->forget_frame = 0;
    cpu->must_flush = true;
}

/* ---- Set-up ------------------------------------------------------------- */

/* Set-up of one thing: what must not fail on a sound engine. */
static bool is_ok(uc_err err)
{
    return err == UC_ERR_OK;
}

static bool add_hook(struct isa_cpu *cpu, int type, union hook_function u)
{
    uc_hook hook;
    return is_ok(uc_hook_add(cpu->uc, &hook, type, u.pointer, cpu, 1, 0));
}

static bool add_hooks(struct isa_cpu *cpu)
{
    union hook_function block = { .code = on_block };
    union hook_function step = { .code = on_step };
    union hook_function interrupt = { .interrupt = on_interrupt };
    union hook_function illegal = { .illegal = on_illegal };
    union hook_function fill = { .fill = on_fill };
    return add_hook(cpu, UC_HOOK_BLOCK, block) &&
           (!cpu->config.step || add_hook(cpu, UC_HOOK_CODE, step)) &&
           add_hook(cpu, UC_HOOK_INTR, interrupt) &&
           add_hook(cpu, UC_HOOK_INSN_INVALID, illegal) &&
           add_hook(cpu, UC_HOOK_TLB_FILL, fill);
}

static bool map_memory(struct isa_cpu *cpu)
{
    size_t ram_bytes = (size_t)cpu->config.frame_count * PAGE_BYTES;
    if (ram_bytes > 0 && !is_ok(uc_mem_map_ptr(cpu->uc, 0, ram_bytes,
                                               UC_PROT_ALL, cpu->config.ram))) {
        return false;
    }
    const struct programs *p = &cpu->programs;
    return p->store_bytes == 0 ||
           is_ok(uc_mem_map_ptr(cpu->uc, p->physical, p->store_bytes,
                                UC_PROT_READ | UC_PROT_EXEC, p->store));
}

static bool set_up_engine(struct isa_cpu *cpu)
{
    static const int ids[REG_COUNT] = {
        UC_X86_REG_EAX,    UC_X86_REG_ECX, UC_X86_REG_EDX, UC_X86_REG_EBX,
        UC_X86_REG_ESP,    UC_X86_REG_EBP, UC_X86_REG_ESI, UC_X86_REG_EDI,
        UC_X86_REG_EFLAGS, UC_X86_REG_EIP,
    };
    for (int i = 0; i < REG_COUNT; i++) {
        cpu->reg_ids[i] = ids[i];
        cpu->reg_values[i] = &cpu->regs[i];
    }
    uc_engine *uc = cpu->uc;
    return is_ok(uc_ctl_set_tcg_buffer_size(uc, TRANSLATION_BYTES)) &&
           map_memory(cpu) && add_hooks(cpu) &&
           is_ok(uc_ctl_tlb_mode(uc, UC_TLB_VIRTUAL)) &&
           /* Then `until` is ignored; else it would be translated. */
           is_ok(uc_ctl_exits_enable(uc)) &&
           /* Or 2.1.1 crashes when the translation buffer first fills. */
           is_ok(uc_ctl_flush_tb(uc)) &&
           is_ok(uc_context_alloc(uc, &cpu->clean)) &&
           is_ok(uc_context_save(uc, cpu->clean));
}

struct isa_cpu *cpu_create(struct arena *arena, const struct cpu_config *config,
                           const char **why)
{
    *why = "There is no memory left for the processor.";
    struct isa_cpu *cpu = arena_alloc(arena, sizeof(*cpu), 64);
    if (cpu == NULL) {
        return NULL;
    }
    SIM_ASSERT(config->listed_count <= CPU_LISTED_LIMIT);
    cpu->config = *config;
    cpu_set_note(cpu, config->note != NULL ? config->note : &cpu->unread);
    steps_init(&cpu->steps, config);
    if (!programs_init(&cpu->programs, arena, config, why)) {
        return NULL;
    }
    *why = "The processor's engine could not be started.";
    if (!is_ok(uc_open(UC_ARCH_X86, UC_MODE_32, &cpu->uc))) {
        return NULL;
    }
    if (!set_up_engine(cpu)) {
        cpu_release(cpu);
        return NULL;
    }
    *why = NULL;
    return cpu;
}

void cpu_release(struct isa_cpu *cpu)
{
    if (cpu == NULL) {
        return;
    }
    if (cpu->clean != NULL) {
        (void)uc_context_free(cpu->clean);
    }
    (void)uc_close(cpu->uc);
}

#define TEXT_OF(number) #number
#define VERSION(major, minor, patch) \
    TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

const char *cpu_engine_version(void)
{
    return VERSION(UC_API_MAJOR, UC_API_MINOR, UC_API_PATCH);
}
