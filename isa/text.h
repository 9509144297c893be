/*
 * text.h - what the processor has found out about an image's text.
 *
 * Blocks of ours are found by walking from an entry to the next instruction
 * that ends one. The engine has blocks of its own, which are parts of ours:
 * they are measured one by one, by where they start.
 */
#ifndef ISA_TEXT_H
#define ISA_TEXT_H

#include "isa/decode.h"
#include "sim/base.h"

struct arena;
struct image;

/*
 * Cycles, instructions and blocks of ours in one number, so that the block
 * hook adds once:
 *
 *     63         40 39          20 19           0
 *     | - cycles   | instructions | blocks ended |
 *
 * The low fields hold what the high one can count down, TEXT_LAP_CYCLES, and
 * one block more: an instruction costs at least a cycle.
 */
typedef int64_t tally_t;

#define TALLY_CYCLE     (INT64_C(1) << 40)
#define TALLY_INSN      (INT64_C(1) << 20)
#define TALLY_MASK      (TALLY_INSN - 1)
#define TEXT_LAP_CYCLES (INT64_C(1) << 19)
/* Longer than any engine's block: 4,096 bytes, and an instruction. */
#define TEXT_BLOCK_MAX_BYTES 8191u

/* One of the engine's blocks. */
struct text_block {
    tally_t tally;        /* To be added when it is entered. */
    uint32_t fast_size;   /* The processor's: bytes, or 0: enter it slowly. */
    uint16_t size_bytes;  /* 0: not measured yet. */
    bool ends : 1;        /* A block of ours ends with it. */
    bool is_popf : 1;     /* Its last instruction; then `ends`. */
    bool loses_flags : 1; /* Some instruction in it does: insn.loses_flags. */
};

/* Offsets are from the image's text_va, pages from its first page. */
struct text {
    const struct image *image; /* Borrowed. */
    uint32_t va;               /* The image's text_va, */
    uint32_t size_bytes;       /* and text_bytes. */
    uint8_t *is_text;          /* By page. */
    struct text_block *blocks; /* By offset of the first byte. */
    /*
     * By offset: 0, or an instruction that starts here was verified with the
     * rest of its block, whose last byte is in page (this - 1). A block that
     * runs off the end of the text has the page after the last.
     */
    uint16_t *end_page;
};

/* False: the arena is full. */
SIM_MUST_USE bool text_init(struct text *t, struct arena *arena,
                            const struct image *image);

/* The page that holds `va`, anywhere, is in a text segment. */
bool text_holds_page(const struct text *t, uint32_t va);

/*
 * Verifies the block of ours from `offset` to its end, once: a walk ends where
 * an earlier one has been. Returns end_page[offset]; 0: refused, and the
 * instruction is at *refused with its *refusal.
 */
uint16_t text_verify(struct text *t, uint32_t offset, uint32_t *refused,
                     const char **refusal);

/*
 * Measures the engine's block of `size_bytes` at `offset`. False: it does not
 * end where an instruction of ours does, or a block of ours ends within it.
 */
bool text_measure(const struct text *t, uint32_t offset, uint32_t size_bytes,
                  const struct insn_costs *costs, struct text_block *block);

#endif /* ISA_TEXT_H */
