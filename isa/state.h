/*
 * state.h - the processor's state, for cpu.c alone: what is hot stands first.
 */
#ifndef ISA_STATE_H
#define ISA_STATE_H

#include "isa/cpu.h"
#include "isa/programs.h"
#include "isa/steps.h"
#include "isa/text.h"

#define REG_COUNT (CPU_GPR_COUNT + 2) /* ... EFLAGS and EIP. */

/* Why the engine was stopped; CPU_EXIT_... where that says it. */
enum stop {
    STOP_NONE,
    STOP_BUDGET,
    STOP_FLAGS, /* To put them in order after POPF; goes on at once. */
    STOP_CUT,   /* To have a block translated shorter; goes on at once. */
    STOP_INTERRUPT,
    STOP_ILLEGAL,
    STOP_REFUSED,
    STOP_FETCH,  /* A page of the block cannot be fetched. */
    STOP_DIVIDE, /* The block begins with a division error. */
};

struct isa_cpu {
    /* Hot: the block hook's. */
    struct text_block *blocks; /* Of the current space. */
    uint32_t text_va;
    uint32_t text_bytes;
    tally_t tally;            /* Less than a cycle left: enter slowly. */
    struct text_block *block; /* Last entered; NULL: none in this run. */

    /* What the flags were before the block entered last; see loses_flags. */
    uint32_t kept_flags;

    /* Warm: for the length of a run. */
    int64_t left;          /* Cycles of the budget; `tally` has more. */
    uint64_t insns, ended; /* So far; `tally` has more. */
    bool after_popf;
    enum stop stop;
    uint32_t stop_va; /* The block before which it was stopped; 0: none. */
    uint32_t vector;
    bool has_fault;
    enum cpu_access fault_access;
    uint32_t fault_va;
    uint32_t refused_va;
    const char *refusal;
    uint32_t long_offset, long_size; /* STOP_CUT: the block... */
    uint32_t cut;                    /* ... and where it has to end. */
    uint32_t exit_va; /* The engine halts before it translates that; 0: none. */

    /* Of runs that are followed. */
    bool follows;
    struct steps steps;

    /* The current space. */
    struct program *program;
    struct text *text; /* The program's. */
    bool must_flush;
    /* Pages of the text's span that could be fetched since the last flush. */
    uint32_t fetched_first, fetched_end;

    /* Set at create, then const. */
    struct uc_struct *uc;
    struct uc_context *clean; /* Never faulted; restored after an exception. */
    struct programs programs;
    struct cpu_config config;
    struct cpu_note *note; /* The configuration's, or... */
    struct cpu_note unread;
    uint32_t forget_frame; /* Frame + 1, while one is being forgotten. */
    int reg_ids[REG_COUNT];
    void *reg_values[REG_COUNT]; /* Into `regs`. */
    uint32_t regs[REG_COUNT];
};

#endif /* ISA_STATE_H */
