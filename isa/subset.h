/*
 * subset.h - which instructions a guest may execute, as one table.
 *
 * What no row names is refused. A refused row says why; an allowed one says
 * how long the instruction is, what it costs and which prefixes it may have.
 * docs/isa-subset.md explains the choices.
 */
#ifndef ISA_SUBSET_H
#define ISA_SUBSET_H

#include "isa/decode.h"
#include "sim/base.h"

/* Opcodes come in maps; we know two, and 0F 38 and 0F 3A only to refuse. */
enum subset_map { SUBSET_ONE, SUBSET_0F };

/* What follows the opcode and ModRM. */
enum subset_imm {
    IMM_NONE,
    IMM_8,
    IMM_16,
    IMM_FULL,   /* 32 bits, or 16 with the operand-size prefix. */
    IMM_ENTER,  /* 16 bits and 8 bits. */
    IMM_FAR,    /* A full offset and a selector. */
    IMM_ADDRESS /* 32 bits, or 16 with the address-size prefix. */
};

enum subset_flag {
    SUBSET_MODRM = 0x001,
    SUBSET_MEM = 0x002,     /* Has ModRM, and only its memory forms exist. */
    SUBSET_OPSIZE = 0x004,  /* 66 gives it 16-bit operands. */
    SUBSET_LOCK = 0x008,    /* F0 is allowed with a memory operand. */
    SUBSET_REP = 0x010,     /* F3 is allowed. */
    SUBSET_REPNE = 0x020,   /* F2 is allowed. */
    SUBSET_CS = 0x040,      /* 2E is allowed: it means nothing, it pads. */
    SUBSET_END = 0x080,     /* It ends a basic block. */
    SUBSET_VIRTUAL = 0x100, /* The immediate must be a virtual instruction. */
    SUBSET_IDIV = 0x200,    /* See insn.dividend_bits. */
    SUBSET_POPF = 0x400,
    SUBSET_ABORTS = 0x800,   /* With F0 on a register, the engine aborts. */
    SUBSET_SETCC = 0x2000,   /* See insn.loses_flags. */
    SUBSET_IDLE_F3 = 0x4000, /* F3 is allowed: the i586 ignores it. */
    SUBSET_NO_LOCK = 0x8000, /* With F0, the engine gets its flags wrong. */
    SUBSET_REG = 0x1000,     /* Has ModRM, and only registers are allowed: the
                              engine cannot restart it with memory. Of a
                              refused row: ModRM names a register always. */
};

struct subset_row {
    uint8_t map;         /* enum subset_map */
    uint8_t first, last; /* Opcodes. */
    int8_t digit;        /* ModRM's reg field; SUBSET_ANY: all of them. */
    uint8_t imm;         /* enum subset_imm */
    uint8_t reg_class;   /* enum insn_class, for registers or no operand, */
    uint8_t mem_class;   /* and when ModRM names memory. */
    uint16_t flags;      /* enum subset_flag */
    const char *name;    /* Static. */
    const char *refusal; /* Static; NULL: allowed. */
};

#define SUBSET_ANY (-1)

/* Ascending by map, opcode and digit. */
const struct subset_row *subset_rows(size_t *count);

/*
 * The row of an opcode, or NULL. `digit` is the reg field of the ModRM byte,
 * SUBSET_ANY while it is not known: then the first row of the opcode.
 */
const struct subset_row *subset_find(enum subset_map map, uint8_t opcode,
                                     int digit);

#endif /* ISA_SUBSET_H */
