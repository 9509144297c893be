/*
 * verify.h - looking through the text of an image before anything runs.
 *
 * A VM's block is verified again before it first runs, so nothing here is
 * needed to keep the subset, with one exception: the engine's translator
 * aborts the whole process on some encodings, before anyone is asked. Those
 * must not be reachable at any byte offset, so the search for them follows no
 * flow: a guest may jump into the middle of an instruction, or of a constant. cpu_create refuses an image in
 * which image_find_abort finds one; `iksim run` says so first, and there is no
 * option to run it all the same.
 */
#ifndef ISA_VERIFY_H
#define ISA_VERIFY_H

#include "isa/decode.h"
#include "sim/base.h"

struct arena;
struct image;

/* Where a sweep is. Start from zeroes. */
struct image_cursor {
    uint32_t segment; /* Index. */
    uint32_t offset;  /* Of the next instruction, in the segment's bytes. */
};

struct image_insn {
    uint32_t va;
    const uint8_t *bytes; /* Borrowed from the image; insn.size_bytes. */
    struct insn insn;
};

/*
 * The next instruction of the text, reading on from the end of the last one;
 * false: there is none. Of a refused instruction that is not known the
 * opcode alone is skipped, and one cut off by the end of its segment is
 * refused.
 */
bool image_next_insn(const struct image *image, struct image_cursor *cursor,
                     struct image_insn *out);

/*
 * Instructions that control may reach, as far as can be told without running:
 * from the entry and the beginning of each function that the file names, along
 * all that follows, the targets of direct branches, and tables of addresses that
 * a jump goes by. So constants between functions are no instructions. What only
 * another indirect branch leads to, or an interrupt, is verified before it first
 * runs, as every block is. The same bytes may be read in two ways, as a guest may
 * jump into an instruction.
 */
struct image_walk {
    const struct image *image; /* Borrowed. */
    uint8_t *marks;            /* verify.c's, by offset in the text. */
    uint32_t offset;           /* Where image_walk_next looks next. */
};

/* False: the arena, which owns the marks, is full. */
SIM_MUST_USE bool image_walk(struct image_walk *walk, struct arena *arena,
                             const struct image *image);

/* The next by address; false: there is none. */
bool image_walk_next(struct image_walk *walk, struct image_insn *out);

/* Counts the refused instructions of a walk; the first is in *first. False: the
   arena, which is used meanwhile, is full. */
SIM_MUST_USE bool image_count_refused(const struct image *image,
                                      struct arena *arena, uint32_t *count,
                                      struct image_insn *first);

/*
 * Finds an encoding that aborts the engine (LOCK, then BT, BTS, BTR or BTC
 * with a register operand) that starts at *va or later, at any offset; *va is
 * where it starts. Start from image->text_va, and go on from *va + 1.
 */
bool image_find_abort(const struct image *image, uint32_t *va);

#endif /* ISA_VERIFY_H */
