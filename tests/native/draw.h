/*
 * draw.h - random values, and the bytes of programs.
 */
#ifndef TESTS_NATIVE_DRAW_H
#define TESTS_NATIVE_DRAW_H

#include "isa/subset.h"
#include "sim/base.h"
#include "tests/native/trial.h"

struct drawing {
    struct trial *trial;
    uint64_t random;
    uint32_t imm;       /* TRIAL_BYTES: the immediate. */
    unsigned undefined; /* Flags, behind what is drawn so far. */
    /* Registers that must have a value before the next instruction. */
    uint8_t pinned; /* By number of the register. */
    uint32_t pins[CPU_GPR_COUNT];
    /* Offset of 32 bits that are to be the address behind it; 0: none. */
    uint32_t landing;
};

uint32_t draw_below(struct drawing *d, uint32_t limit);

/* Zeros, ones, edges of every size, earlier values, and any number. */
uint32_t draw_value(struct drawing *d);

void emit(struct drawing *d, const char *bytes, size_t size);
#define EMIT(d, bytes) emit(d, bytes, sizeof(bytes) - 1)
void emit32(struct drawing *d, uint32_t value);

/* One instruction of this row and opcode, with all that it needs before it.
   False: that encoding is not in the subset, and nothing is emitted. */
bool draw_insn(struct drawing *d, const struct subset_row *row,
               unsigned opcode);

#endif /* TESTS_NATIVE_DRAW_H */
