/*
 * decode.h - our own reading of guest text: lengths, classes, basic blocks,
 * and whether an instruction lies in the subset (isa/subset.h).
 *
 * It is a table-driven length decoder, not Capstone: what a block costs and
 * where it ends reach the fingerprint, so they may not depend on the version
 * of a library. The tests hold it against Capstone and against the engine for
 * every opcode.
 */
#ifndef ISA_DECODE_H
#define ISA_DECODE_H

#include "sim/base.h"

/* What an instruction costs depends on its class alone. */
enum insn_class {
    INSN_ALU,    /* Registers only, and none of those below. */
    INSN_SHIFT,  /* Shifts and rotations of a register. */
    INSN_CARRY,  /* With the carry: ADC, SBB; and what changes it alone. */
    INSN_BITS,   /* Tests, scans and swaps of bits and bytes. */
    INSN_FLAGS,  /* All flags at once, the direction, decimal adjustments. */
    INSN_LOAD,   /* Reads memory. */
    INSN_STORE,  /* Writes memory. */
    INSN_MODIFY, /* Reads memory and writes it. */
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

/* The model called `name`, or NULL. */
const struct insn_costs *insn_costs_find(const char *name);

/* x86's own limit; the processor refuses what is longer. */
#define INSN_MAX_BYTES 15

struct insn {
    uint8_t size_bytes; /* >= 1. Of a refused instruction: as far as known. */
    enum insn_class class;
    /*
     * A basic block of ours ends with it: a control transfer, a virtual
     * instruction, one entry of a `rep`, and POPF, after which the processor
     * puts the flags in order.
     */
    bool ends_block;
    bool is_popf;
    /* SETcc to memory: when its operand's page is missing, the engine has
       already spent the flags that it keeps lazily. */
    bool loses_flags;
    /* IDIV of DX:AX, 32, or of EDX:EAX, 64; else 0. With the least dividend
       there is, which no divisor makes small enough, the engine ends the whole
       process when the divisor is -1. */
    uint8_t dividend_bits;
    const char *name;    /* From the table: "add"; NULL: it is not there. */
    const char *refusal; /* Why it lies outside the subset; NULL: it is in. */
};

enum insn_result {
    INSN_OK,        /* In the subset. */
    INSN_REFUSED,   /* See insn.refusal. */
    INSN_TRUNCATED, /* It goes on past `room_bytes`; *insn says nothing. */
};

/* Reads the instruction at `bytes`, of which `room_bytes` may be looked at. */
enum insn_result insn_decode(const uint8_t *bytes, size_t room_bytes,
                             struct insn *insn);

#endif /* ISA_DECODE_H */
