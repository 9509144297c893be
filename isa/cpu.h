/*
 * cpu.h - the physical processor: one Unicorn engine for all VMs.
 *
 * The kernel loads a VM's registers and address space and enters it with a
 * budget of cycles; the processor comes out with a reason, as a value. A
 * guest's fault is an outcome, never an error of ours.
 *
 * Exactness. Retired instructions and cycles are counted by our own decoding
 * of the text and are equal to single-stepping; a `rep` string instruction
 * counts once per iteration and once more when it ends, as its block is
 * entered. Preemption happens only where one of *our* basic blocks ends (after
 * a control transfer, a virtual instruction, POPF or one `rep` entry, and at
 * the cuts of a long straight run, see isa/text.h), so it does not depend on
 * where the engine splits its own. After a page fault
 * nothing of the faulting instruction has been done, and entering again at the
 * same EIP restarts it.
 *
 * Fetching is by block: a block begins only when all pages that its bytes lie
 * in can be fetched, so a jump to a missing page, or into a block that runs on
 * into one, faults with EIP at the target and the jump retired.
 *
 * The number of translations asked for (cpu_translate) depends on the
 * host: it must never reach a cost, a statistic or a decision.
 */
#ifndef ISA_CPU_H
#define ISA_CPU_H

#include "sim/base.h"
#include "sim/vocabulary/words.h"

struct arena;
struct image;
struct isa_cpu; /* Opaque: the engine and its block table. */

/* In the order of x86's encodings. */
enum cpu_reg {
    CPU_EAX,
    CPU_ECX,
    CPU_EDX,
    CPU_EBX,
    CPU_ESP,
    CPU_EBP,
    CPU_ESI,
    CPU_EDI,
    CPU_GPR_COUNT
};

struct cpu_regs {
    uint32_t gpr[CPU_GPR_COUNT];
    uint32_t eip;
    uint32_t eflags; /* Status flags and DF; bit 1 is always set. */
};

/* Where a page of an address space is. */
struct cpu_mapping {
    bool in_text;   /* Take the page from the image's text, read-only. */
    bool writable;  /* May be written without asking again. */
    uint32_t frame; /* Of RAM, when not in_text. */
};

/*
 * Asked at a TLB miss; `page_va` is a page boundary anywhere in 32 bits. True:
 * *mapping is filled. False: the access faults. Must be a pure function of the
 * page tables but for reference and dirty marks, which must be idempotent.
 */
typedef bool cpu_translate(void *ctx, uint32_t page_va, enum cpu_access access,
                           struct cpu_mapping *mapping);

/* All zero where the kind does not say otherwise. */
struct cpu_exit {
    enum cpu_exit_kind kind;
    uint8_t vector;         /* VINSN: the imm8. EXCEPTION: 0 #DE, 6 #UD... */
    enum cpu_access access; /* PAGE_FAULT */
    uint32_t va;            /* PAGE_FAULT: in the missing page; its first byte,
                               or EIP. REFUSED: the instruction's. */
    const char *refusal;    /* REFUSED: why, a static string. */
    bool is_listed;         /* REFUSED: for cpu_config.listed alone. */
    uint64_t cycles;        /* Used by what retired, >= 0. */
    uint64_t insns;         /* Retired. */
    uint64_t blocks;        /* Of ours, run to their end. */
};

/* Cycles by class of instruction; see isa/decode.h. */
struct insn_costs;

/* One retired instruction of a run that is followed. */
struct cpu_step {
    const uint8_t *bytes; /* Borrowed. */
    uint8_t size_bytes;
    uint64_t cycles;               /* Of the run, before it. */
    const struct cpu_regs *before; /* EIP: where it stands. */
    const struct cpu_regs *after;
};

/* Told of each as soon as it is known to have retired, in their order. */
typedef void cpu_step_fn(void *ctx, const struct cpu_step *step);

/* At most so many blocks are listed, of all images. */
#define CPU_LISTED_LIMIT 64

/* A block that the engine cannot translate, or that it does not survive: where
   it begins. To the processor an instruction there is refused. */
struct cpu_listed {
    uint32_t image, va;
};

/*
 * What the processor is about, in memory that may outlive the process: the
 * engine is not ours, and it may die or never come back. The engine is left
 * whenever a function of ours runs that it calls: what dies there is our own
 * fault. Written by the processor alone; read by signal handlers, and by whoever
 * shares the memory.
 */
struct cpu_note {
    const struct isa_cpu *cpu; /* Valid in the process that made it. */
    volatile uint32_t in_engine;
    volatile uint32_t owner; /* As cpu_set_space was told. */
    volatile uint32_t image;
    volatile uint32_t va;   /* Of the block last entered slowly; 0: none. */
    volatile uint64_t laps; /* So many were: the engine comes back. */
};

struct cpu_config {
    uint8_t *ram;               /* Borrowed; page aligned. */
    uint32_t frame_count;       /* Frames of 4,096 bytes at `ram`. */
    const struct image *images; /* Borrowed; all that will ever run. */
    uint32_t image_count;
    const struct insn_costs *costs; /* Borrowed. */
    cpu_translate *translate;
    void *translate_ctx;
    cpu_step_fn *step; /* NULL: no run will be followed. */
    void *step_ctx;
    /*
     * NULL, or asked every TEXT_LAP_CYCLES at least: while it returns true, a run has no
     * budget left. So a run of the simulator can be ended in the middle of a
     * long stretch, at no event that would come again.
     */
    bool (*halt)(void *ctx);
    void *halt_ctx;
    struct cpu_note *note;           /* Borrowed; NULL: nobody reads it. */
    const struct cpu_listed *listed; /* Borrowed until cpu_create returns. */
    uint32_t listed_count;           /* At most CPU_LISTED_LIMIT. */
};

/* Returns NULL and writes one sentence to *why (static) when it cannot; so it
   is with an image that could abort the engine, see isa/verify.h. */
struct isa_cpu *cpu_create(struct arena *arena, const struct cpu_config *config,
                           const char **why);

/* Frees what the engine holds outside the arena. NULL is allowed. */
void cpu_release(struct isa_cpu *cpu);

/*
 * Another address space: the next cpu_run executes image number `image` for
 * `owner`, which is noted, and every translation known is forgotten. Also to be
 * called when the kernel has taken away or restricted a mapping of the current
 * space.
 */
void cpu_set_space(struct isa_cpu *cpu, uint32_t image, uint32_t owner);

/* From now on the processor writes this note. */
void cpu_set_note(struct isa_cpu *cpu, struct cpu_note *note);

/*
 * Where the block may begin that the engine is at while the note says that it
 * is in there: the likelier one first. May be called by a signal handler.
 */
void cpu_place(const struct isa_cpu *cpu, uint32_t va[2]);

/* Text frame `frame` got new contents while in private use: forget what was
   translated from it. Only for mappings with in_text false. */
void cpu_forget_frame(struct isa_cpu *cpu, uint32_t frame);

/*
 * Runs the current space from *regs, for at least one block (unless that one
 * exits first) and then until the budget is used up at the end of a block of
 * ours: `cycles` in the exit may exceed the budget by less than one block.
 * *regs is updated.
 */
void cpu_run(struct isa_cpu *cpu, struct cpu_regs *regs, uint64_t budget_cycles,
             struct cpu_exit *out);

/*
 * Whether the runs from now on are followed: slowly, instruction by
 * instruction, with the same results. Only where cpu_config.step is given.
 */
void cpu_follow(struct isa_cpu *cpu, bool follows);

/* The engine's version, "2.1.1". */
const char *cpu_engine_version(void);

#endif /* ISA_CPU_H */
