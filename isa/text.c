/* text.c - see text.h. */
#include "isa/text.h"

#include "isa/abi.h"
#include "isa/image.h"
#include "sim/arena.h"

const char text_listed_refusal[] =
    "the engine does not survive the block that begins there";

bool text_init(struct text *t, struct arena *arena, const struct image *image,
               uint32_t listed_limit)
{
    size_t bytes = image->text_bytes;
    uint32_t page_count = image->text_bytes / ABI_PAGE_BYTES;
    t->image = image;
    t->va = image->text_va;
    t->size_bytes = image->text_bytes;
    t->is_text = arena_alloc(arena, page_count, 1);
    t->blocks = arena_alloc(arena, bytes * sizeof(*t->blocks),
                            alignof(struct text_block));
    t->run_end =
        arena_alloc(arena, bytes * sizeof(*t->run_end), alignof(uint32_t));
    t->listed = arena_alloc(arena, listed_limit * sizeof(*t->listed),
                            alignof(uint32_t));
    t->listed_count = 0;
    if (t->is_text == NULL || t->blocks == NULL || t->run_end == NULL ||
        t->listed == NULL) {
        return false;
    }
    for (uint32_t page = 0; page < page_count; page++) {
        t->is_text[page] =
            image_page_is_text(image, t->va + page * ABI_PAGE_BYTES);
    }
    return true;
}

bool text_holds_page(const struct text *t, uint32_t va)
{
    uint32_t offset = va - t->va;
    return offset < t->size_bytes && t->is_text[offset / ABI_PAGE_BYTES] != 0;
}

void text_list(struct text *t, uint32_t offset)
{
    t->listed[t->listed_count++] = offset;
}

bool text_is_listed(const struct text *t, uint32_t offset)
{
    for (uint32_t i = 0; i < t->listed_count; i++) {
        if (t->listed[i] == offset) {
            return true;
        }
    }
    return false;
}

static enum insn_result decode_at(const struct text *t, uint32_t offset,
                                  struct insn *insn)
{
    return insn_decode(t->image->text + offset, t->size_bytes - offset, insn);
}

/* Marks the instructions from `offset` up to `end`, of a run to `run_end`. */
static void mark_verified(struct text *t, uint32_t offset, uint32_t end,
                          uint32_t run_end)
{
    while (offset < end) {
        struct insn insn;
        t->run_end[offset] = run_end;
        if (decode_at(t, offset, &insn) != INSN_OK) {
            break; /* The end of the text cuts it off. */
        }
        offset += insn.size_bytes;
    }
}

bool text_verify(struct text *t, uint32_t offset, uint32_t *refused,
                 const char **refusal)
{
    uint32_t at = offset;
    bool is_end = false;
    while (!is_end && at < t->size_bytes && t->run_end[at] == 0) {
        struct insn insn;
        enum insn_result result = decode_at(t, at, &insn);
        bool is_listed = text_is_listed(t, at);
        if (result == INSN_REFUSED || is_listed) {
            *refused = at;
            *refusal = is_listed ? text_listed_refusal : insn.refusal;
            return false;
        }
        if (result == INSN_TRUNCATED) {
            at = t->size_bytes;
            break;
        }
        at += insn.size_bytes;
        is_end = insn.ends_block;
    }
    uint32_t run_end = at;
    if (!is_end) { /* It ran on into a verified part, or off the text. */
        run_end = at < t->size_bytes ? t->run_end[at] : t->size_bytes + 1;
    }
    mark_verified(t, offset, at, run_end);
    return true;
}

/* A block of ours ends between the instructions at `at` and `next`, of a run
   that ends after both. */
static bool is_cut_between(uint32_t at, uint32_t next, uint32_t run_end)
{
    return (run_end - at) / TEXT_CUT_BYTES != (run_end - next) / TEXT_CUT_BYTES;
}

/* The engine has to stop before the instruction at `at`, which follows the one
   at `before` in its run. */
static bool begins_anew(const struct text *t, uint32_t before, uint32_t at,
                        const struct insn *insn)
{
    return insn->loses_flags || insn->dividend_bits != 0 ||
           is_cut_between(before, at, t->run_end[at]);
}

uint32_t text_next_cut(const struct text *t, uint32_t offset)
{
    uint32_t before = offset;
    uint32_t at = offset;
    uint32_t run_end = t->run_end[offset];
    struct insn insn;
    while (at < run_end && decode_at(t, at, &insn) == INSN_OK) {
        if (at != offset && begins_anew(t, before, at, &insn)) {
            return at;
        }
        before = at;
        at += insn.size_bytes;
    }
    return offset;
}

uint32_t text_end_page(const struct text *t, uint32_t offset)
{
    uint32_t run_end = t->run_end[offset];
    uint32_t whole = (run_end - offset) / TEXT_CUT_BYTES * TEXT_CUT_BYTES;
    uint32_t end = whole == 0 ? run_end : run_end - whole + INSN_MAX_BYTES;
    if (end > run_end) {
        end = run_end;
    }
    return 1 + (end - 1) / ABI_PAGE_BYTES;
}

enum text_fit text_measure(const struct text *t, uint32_t offset,
                           uint32_t size_bytes, const struct insn_costs *costs,
                           struct text_block *block, uint32_t *cut)
{
    struct text_block sum = { .size_bytes = (uint16_t)size_bytes };
    uint32_t before = offset;
    uint32_t at = offset;
    if (size_bytes > TEXT_BLOCK_MAX_BYTES ||
        size_bytes > t->size_bytes - offset) {
        return TEXT_DISAGREES;
    }
    bool is_end = false;
    while (at - offset < size_bytes && !is_end) {
        struct insn insn;
        if (decode_at(t, at, &insn) != INSN_OK) {
            return TEXT_DISAGREES;
        }
        if (at != offset && begins_anew(t, before, at, &insn)) {
            *cut = at;
            return TEXT_TOO_LONG;
        }
        sum.tally += TALLY_INSN - costs->cycles[insn.class] * TALLY_CYCLE;
        sum.is_popf = insn.is_popf;
        sum.loses_flags = insn.loses_flags || sum.loses_flags;
        sum.dividend_bits =
            at == offset ? insn.dividend_bits : sum.dividend_bits;
        is_end = insn.ends_block;
        before = at;
        at += insn.size_bytes;
    }
    if (size_bytes == 0 || at - offset != size_bytes) {
        return TEXT_DISAGREES;
    }
    sum.ends = is_end || is_cut_between(before, at, t->run_end[offset]);
    sum.tally += sum.ends;
    *block = sum;
    return TEXT_FITS;
}
