/*
 * program.h - random programs from the subset, and what they must do.
 *
 * A program ends by itself, in `terminate` or in a division error. It uses
 * every allowed row of the table, forward branches, loops, calls, repeated
 * string instructions, odd flags by POPF and long stretches without a branch.
 * Its data are in [PROGRAM_DATA, PROGRAM_STACK).
 */
#ifndef TESTS_ISA_PROGRAM_H
#define TESTS_ISA_PROGRAM_H

#include "isa/abi.h"
#include "isa/cpu.h"
#include "sim/base.h"

#define PROGRAM_TEXT_LIMIT 0x20000u
#define PROGRAM_DATA       0x0042f000u
#define PROGRAM_STACK      0x00480000u
#define PROGRAM_STEP_LIMIT 400000u

struct program {
    uint64_t random;
    uint32_t size;
    uint8_t text[PROGRAM_TEXT_LIMIT];
};

/* The same seed makes the same program. */
void program_make(struct program *p, uint64_t seed);

/* What every run starts with. */
struct cpu_regs program_regs(uint64_t seed);

/* What single-stepping a fresh plain engine does. */
struct oracle {
    struct cpu_regs regs; /* At the end. */
    bool has_exception;   /* Division error; otherwise `terminate`. */
    uint32_t count;       /* Steps. */
    uint32_t eips[PROGRAM_STEP_LIMIT];
    struct cpu_regs after[PROGRAM_STEP_LIMIT]; /* Each step. */
    uint8_t memory[PROGRAM_STACK - ABI_MEM_BASE];
};

/* Fills `o`; after each step the flags that a guest does not have are off. */
void oracle_run(struct oracle *o, const struct program *p,
                const struct cpu_regs *regs);

#endif /* TESTS_ISA_PROGRAM_H */
