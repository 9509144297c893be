/* verify.c - the linear sweep, and the search for what aborts the engine. */
#include "isa/verify.h"

#include "isa/image.h"

bool image_next_insn(const struct image *image, struct image_cursor *cursor,
                     struct image_insn *out)
{
    while (cursor->segment < image->segment_count) {
        const struct image_segment *s = &image->segments[cursor->segment];
        if (s->is_text && cursor->offset < s->file_bytes) {
            break;
        }
        cursor->segment++;
        cursor->offset = 0;
    }
    if (cursor->segment == image->segment_count) {
        return false;
    }
    const struct image_segment *s = &image->segments[cursor->segment];
    uint32_t left_bytes = s->file_bytes - cursor->offset;
    out->va = s->va + cursor->offset;
    out->bytes = s->bytes + cursor->offset;
    if (insn_decode(out->bytes, left_bytes, &out->insn) == INSN_TRUNCATED) {
        out->insn = (struct insn){
            .size_bytes = (uint8_t)left_bytes, /* < INSN_MAX_BYTES */
            .refusal = "cut off by the end of its segment",
        };
    }
    cursor->offset += out->insn.size_bytes;
    return true;
}

uint32_t image_count_refused(const struct image *image,
                             struct image_insn *first)
{
    struct image_cursor cursor = { 0, 0 };
    struct image_insn insn;
    uint32_t count = 0;
    while (image_next_insn(image, &cursor, &insn)) {
        if (insn.insn.refusal != NULL && count++ == 0) {
            *first = insn;
        }
    }
    return count;
}

static bool is_prefix(uint8_t byte)
{
    switch (byte) {
    case 0x26:
    case 0x2e:
    case 0x36:
    case 0x3e:
    case 0x64:
    case 0x65:
    case 0x66:
    case 0x67:
    case 0xf0:
    case 0xf2:
    case 0xf3:
        return true;
    default:
        return false;
    }
}

/* 0F A3/AB/B3/BB, or 0F BA /4 to /7, on a register. */
static bool is_register_bit_test(const uint8_t *bytes, size_t left_bytes)
{
    if (left_bytes < 3 || bytes[0] != 0x0f || bytes[2] < 0xc0) {
        return false;
    }
    switch (bytes[1]) {
    case 0xa3:
    case 0xab:
    case 0xb3:
    case 0xbb:
        return true;
    case 0xba:
        return (bytes[2] & 0x20) != 0;
    default:
        return false;
    }
}

bool image_find_abort(const struct image *image, uint32_t *va)
{
    const uint8_t *text = image->text;
    uint32_t at = *va - image->text_va;
    for (; at < image->text_bytes; at++) {
        if (text[at] != 0xf0) {
            continue;
        }
        /* Only prefixes may stand between; 15 bytes are the longest. */
        uint32_t opcode = at + 1;
        while (opcode < image->text_bytes && opcode - at < 14 &&
               is_prefix(text[opcode])) {
            opcode++;
        }
        if (is_register_bit_test(text + opcode, image->text_bytes - opcode)) {
            *va = image->text_va + at;
            return true;
        }
    }
    return false;
}
