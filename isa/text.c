/* text.c - see text.h. */
#include "isa/text.h"

#include "isa/abi.h"
#include "isa/image.h"
#include "sim/arena.h"

bool text_init(struct text *t, struct arena *arena, const struct image *image)
{
    size_t bytes = image->text_bytes;
    uint32_t page_count = image->text_bytes / ABI_PAGE_BYTES;
    t->image = image;
    t->va = image->text_va;
    t->size_bytes = image->text_bytes;
    t->is_text = arena_alloc(arena, page_count, 1);
    t->blocks = arena_alloc(arena, bytes * sizeof(*t->blocks),
                            alignof(struct text_block));
    t->end_page =
        arena_alloc(arena, bytes * sizeof(*t->end_page), alignof(uint16_t));
    if (t->is_text == NULL || t->blocks == NULL || t->end_page == NULL) {
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

static enum insn_result decode_at(const struct text *t, uint32_t offset,
                                  struct insn *insn)
{
    return insn_decode(t->image->text + offset, t->size_bytes - offset, insn);
}

/* Marks the instructions from `offset` on, up to `end`. */
static uint16_t mark_verified(struct text *t, uint32_t offset, uint32_t end,
                              uint32_t end_page)
{
    uint16_t mark = (uint16_t)end_page;
    while (offset < end) {
        struct insn insn;
        t->end_page[offset] = mark;
        if (decode_at(t, offset, &insn) != INSN_OK) {
            break; /* Cut off by the end of the text. */
        }
        offset += insn.size_bytes;
    }
    return mark;
}

uint16_t text_verify(struct text *t, uint32_t offset, uint32_t *refused,
                     const char **refusal)
{
    uint32_t at = offset;
    while (at < t->size_bytes && t->end_page[at] == 0) {
        struct insn insn;
        enum insn_result result = decode_at(t, at, &insn);
        if (result == INSN_REFUSED) {
            *refused = at;
            *refusal = insn.refusal;
            return 0;
        }
        if (result == INSN_TRUNCATED) {
            at = t->size_bytes;
            break;
        }
        at += insn.size_bytes;
        if (insn.ends_block) {
            uint32_t last_page = (at - 1) / ABI_PAGE_BYTES;
            return mark_verified(t, offset, at, 1 + last_page);
        }
    }
    /* Ran on into a verified part, or off the end of the text. */
    uint32_t end_page =
        at < t->size_bytes ? t->end_page[at] : 1 + at / ABI_PAGE_BYTES;
    return mark_verified(t, offset, at, end_page);
}

bool text_measure(const struct text *t, uint32_t offset, uint32_t size_bytes,
                  const struct insn_costs *costs, struct text_block *block)
{
    struct text_block sum = { .size_bytes = (uint16_t)size_bytes };
    uint32_t at = 0;
    if (size_bytes > TEXT_BLOCK_MAX_BYTES ||
        size_bytes > t->size_bytes - offset) {
        return false;
    }
    while (at < size_bytes && !sum.ends) {
        struct insn insn;
        if (decode_at(t, offset + at, &insn) != INSN_OK) {
            return false;
        }
        at += insn.size_bytes;
        sum.tally += TALLY_INSN - costs->cycles[insn.class] * TALLY_CYCLE;
        sum.ends = insn.ends_block;
        sum.is_popf = insn.is_popf;
        sum.loses_flags = sum.loses_flags || insn.loses_flags;
    }
    if (size_bytes == 0 || at != size_bytes) {
        return false;
    }
    sum.tally += sum.ends;
    *block = sum;
    return true;
}
