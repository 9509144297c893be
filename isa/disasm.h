/* disasm.h - instructions as text for people. Nothing decides by it. */
#ifndef ISA_DISASM_H
#define ISA_DISASM_H

#include "sim/base.h"

struct arena;
struct disasm; /* Opaque: the disassembler library. */

#define DISASM_TEXT_BYTES 200

/* NULL: no memory. Virtual instructions have their own mnemonics. */
struct disasm *disasm_create(struct arena *arena);

/* Frees what the library holds outside the arena. NULL is allowed. */
void disasm_release(struct disasm *d);

/*
 * Writes the instruction of `size_bytes` at `bytes`, which stands at `va`, in
 * AT&T syntax: "movl $1, %eax". What the library cannot read, or reads with
 * another length, is given as bytes: ".byte 0x0f, 0xff".
 */
void disasm_format(struct disasm *d, uint32_t va, const uint8_t *bytes,
                   size_t size_bytes, char text[DISASM_TEXT_BYTES]);

#endif /* ISA_DISASM_H */
