/*
 * decode.h - our own reading of guest text: lengths, classes, basic blocks,
 * and whether an instruction lies in the subset (isa/subset.h).
 */
#ifndef ISA_DECODE_H
#define ISA_DECODE_H

#include "sim/base.h"

/* What an instruction costs depends on its class alone. */
enum insn_class {
    INSN_ALU,    /* Registers only. */
    INSN_LOAD,   /* Reads memory. */
    INSN_STORE,  /* Writes memory, or reads and writes it. */
    INSN_BRANCH, /* Jump, call, return. */
    INSN_MUL,
    INSN_DIV,
    INSN_STRING,  /* One iteration of a string instruction. */
    INSN_LOCKED,  /* With a LOCK prefix, and XCHG with memory. */
    INSN_VIRTUAL, /* A virtual instruction, before the kernel's own costs. */
    INSN_CLASS_COUNT
};

struct insn_costs {
    const char *name;                 /* `unit` in scenarios. */
    uint8_t cycles[INSN_CLASS_COUNT]; /* >= 1 each. */
};

/* All models by name, ended by a NULL name; the first is the default. */
extern const struct insn_costs insn_cost_models[];

#endif /* ISA_DECODE_H */
