/*
 * text.h - what the processor has found out about an image's text.
 *
 * Blocks of ours are found by walking from an entry to the next instruction
 * that ends one. The engine has blocks of its own, which are parts of ours:
 * they are measured one by one, by where they start.
 *
 * A block of ours is preempted only where it ends, so it must not be long. The
 * straight run of instructions up to one that ends a block is cut into blocks
 * of some TEXT_CUT_BYTES, counted back from its end: two instructions on either
 * side of such a place belong to two blocks. Where that is depends on the text
 * alone, not on where the guest entered; a run of fewer bytes has no cut.
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
/* A block of ours has fewer bytes than this and an instruction. */
#define TEXT_CUT_BYTES 4096u

/* One of the engine's blocks. */
struct text_block {
    tally_t tally;         /* To be added when it is entered. */
    uint32_t fast_size;    /* The processor's: bytes, or 0: enter it slowly. */
    uint16_t size_bytes;   /* 0: not measured yet. */
    bool ends : 1;         /* A block of ours ends with it. */
    bool is_popf : 1;      /* Its last instruction; then `ends`. */
    bool loses_flags : 1;  /* Its first instruction does: insn.loses_flags. */
    uint8_t dividend_bits; /* Of its first instruction: insn.dividend_bits. */
    bool is_cut : 1;       /* The processor's: the engine halts at its end. */
};

/* What a block of the engine's is to us. */
enum text_fit {
    TEXT_FITS,      /* A block of ours, or part of one. */
    TEXT_TOO_LONG,  /* The engine must be made to stop within it. */
    TEXT_DISAGREES, /* It ends within an instruction, or goes on after the end
                       of a block of ours. */
};

/* Offsets are from the image's text_va, pages from its first page. */
struct text {
    const struct image *image; /* Borrowed. */
    uint32_t va;               /* The image's text_va, */
    uint32_t size_bytes;       /* and text_bytes. */
    uint8_t *is_text;          /* By page. */
    struct text_block *blocks; /* By offset of the first byte. */
    /*
     * By offset: 0, or an instruction that starts here was verified, with all
     * that follow up to the end of its straight run, which is this offset. A
     * run that the end of the text cuts off ends behind that, within a page.
     */
    uint32_t *run_end;
    /* Where an instruction is refused whatever it is. */
    uint32_t *listed;
    uint32_t listed_count;
};

/* False: the arena is full. */
SIM_MUST_USE bool text_init(struct text *t, struct arena *arena,
                            const struct image *image, uint32_t listed_limit);

/* The instruction at `offset`, anywhere, is to be refused: once, at first. */
void text_list(struct text *t, uint32_t offset);

bool text_is_listed(const struct text *t, uint32_t offset);

/* Why such an instruction is refused; compared by its address. */
extern const char text_listed_refusal[];

/* The page that holds `va`, anywhere, is in a text segment. */
bool text_holds_page(const struct text *t, uint32_t va);

/*
 * Verifies the straight run from `offset` to its end, once: a walk ends where
 * an earlier one has been. False: refused, and the instruction is at *refused
 * with its *refusal.
 */
bool text_verify(struct text *t, uint32_t offset, uint32_t *refused,
                 const char **refusal);

/*
 * The page after the last in which the block of ours at `offset`, verified,
 * may have a byte: at most two after the page of `offset`.
 */
uint32_t text_end_page(const struct text *t, uint32_t offset);

/*
 * Where the engine has to stop in the straight run from `offset` on, verified:
 * where a block of ours ends, or before an instruction that loses its flags, or
 * is an IDIV, and is not the first. Returns `offset` itself if it need not stop.
 */
uint32_t text_next_cut(const struct text *t, uint32_t offset);

/* Measures the engine's block of `size_bytes` at `offset`, verified. If it is
   too long, *cut is the offset at which it has to end: text_next_cut. */
enum text_fit text_measure(const struct text *t, uint32_t offset,
                           uint32_t size_bytes, const struct insn_costs *costs,
                           struct text_block *block, uint32_t *cut);

#endif /* ISA_TEXT_H */
