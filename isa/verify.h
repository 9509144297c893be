/*
 * verify.h - looking through the text of an image before anything runs.
 *
 * A VM's block is verified again before it first runs, so nothing here is
 * needed to keep the subset, with one exception: the engine's translator
 * aborts the whole process on some encodings, before anyone is asked. Those
 * must not be reachable at any byte offset. cpu_create refuses an image in
 * which image_find_abort finds one; `iksim run` says so first, and there is no
 * option to run it all the same.
 */
#ifndef ISA_VERIFY_H
#define ISA_VERIFY_H

#include "isa/decode.h"
#include "sim/base.h"

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

/* Counts the refused instructions of a sweep; the first is in *first. */
uint32_t image_count_refused(const struct image *image,
                             struct image_insn *first);

/*
 * Finds an encoding that aborts the engine (LOCK, then BT, BTS, BTR or BTC
 * with a register operand) that starts at *va or later, at any offset; *va is
 * where it starts. Start from image->text_va, and go on from *va + 1.
 */
bool image_find_abort(const struct image *image, uint32_t *va);

#endif /* ISA_VERIFY_H */
