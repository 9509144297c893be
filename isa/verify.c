/* verify.c - the linear sweep, the walk along control flow, and the search for
   what aborts the engine. */
#include "isa/verify.h"

#include <string.h>

#include "isa/abi.h"
#include "isa/image.h"
#include "isa/sections.h"
#include "sim/arena.h"
#include "sim/bytes.h"

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

/* ---- The walk ------------------------------------------------------------ */

enum {
    MARK_FOUND = 1, /* An instruction begins here that may be reached. */
    MARK_END = 2,   /* A function ends before it, by its symbol. */
};

/* The parts of ELF that matter here, by the System V ABI. */
enum { SYM_BYTES = 16, STT_FUNC = 2 };

struct walk {
    const struct image *image;
    uint8_t *marks;    /* By offset in the text, and one more. */
    uint32_t *pending; /* Offsets; each is there once. */
    uint32_t pending_count;
};

/* Returns how many bytes of its segment an instruction at `offset` of the text
   may have. 0: there is no text there. */
static uint32_t room_at(const struct image *image, uint32_t offset)
{
    uint32_t va = image->text_va + offset;
    for (uint32_t i = 0; i < image->segment_count; i++) {
        const struct image_segment *s = &image->segments[i];
        if (s->is_text && va >= s->va && va - s->va < s->file_bytes) {
            return s->file_bytes - (va - s->va);
        }
    }
    return 0;
}

static void find(struct walk *w, uint32_t offset)
{
    if (offset < w->image->text_bytes && !(w->marks[offset] & MARK_FOUND)) {
        w->marks[offset] |= MARK_FOUND;
        w->pending[w->pending_count++] = offset;
    }
}

/* Reads the instruction at `offset`, with `room` bytes to its segment's end. */
static void read_insn(const struct image *image, uint32_t offset, uint32_t room,
                      struct image_insn *out)
{
    out->va = image->text_va + offset;
    out->bytes = image->text + offset;
    if (insn_decode(out->bytes, room, &out->insn) == INSN_TRUNCATED) {
        out->insn = (struct insn){
            .size_bytes = (uint8_t)room, /* < INSN_MAX_BYTES */
            .refusal = "cut off by the end of its segment",
        };
    }
}

/* Returns the 4 bytes at `va` that the file has. 0: it has none. */
static uint32_t word_at(const struct image *image, uint32_t va)
{
    for (uint32_t i = 0; i < image->segment_count; i++) {
        const struct image_segment *s = &image->segments[i];
        if (va >= s->va && s->file_bytes >= 4 &&
            va - s->va <= s->file_bytes - 4) {
            return get_le32(s->bytes + (va - s->va));
        }
    }
    return 0;
}

/* Of one table: so that no file makes a walk long. */
#define TABLE_WORDS 1024

/* Finds what a table of addresses leads to, as a switch has it, up to the first
   word that is no address of text. */
static void find_table(struct walk *w, uint32_t va)
{
    for (int i = 0; i < TABLE_WORDS; i++, va += 4) {
        uint32_t offset = word_at(w->image, va) - w->image->text_va;
        if (offset >= w->image->text_bytes || room_at(w->image, offset) == 0) {
            return;
        }
        find(w, offset);
    }
}

/* Finds the targets of a direct branch, or of a jump by a table. Returns whether the instruction behind
   may follow. */
static bool follow(struct walk *w, uint32_t offset, const struct image_insn *in)
{
    const uint8_t *end = in->bytes + in->insn.size_bytes;
    const uint8_t *op = in->bytes;
    while (op + 1 < end && is_prefix(*op)) {
        op++;
    }
    uint32_t next = offset + in->insn.size_bytes;
    bool is_long_jcc = op[0] == 0x0f && op + 1 < end && (op[1] & 0xf0) == 0x80;
    if ((op[0] & 0xf0) == 0x70 || op[0] == 0xe2 || op[0] == 0xe3 ||
        op[0] == 0xeb) {
        find(w, next + (end[-1] ^ 0x80u) - 0x80u); /* Sign-extended. */
    } else if (op[0] == 0xe8 || op[0] == 0xe9 || is_long_jcc) {
        find(w, next + get_le32(end - 4));
    }
    /* jmp *TABLE(,%reg,4) */
    if (op[0] == 0xff && op[1] == 0x24 && (op[2] & 0xc7) == 0x85) {
        find_table(w, get_le32(end - 4));
    }
    bool is_indirect_jump = op[0] == 0xff && (op[1] & 0x38) == 0x20;
    bool is_terminate = op[0] == 0xcd && op[1] == ABI_VI_TERMINATE;
    return op[0] != 0xe9 && op[0] != 0xeb && op[0] != 0xc2 && op[0] != 0xc3 &&
           !is_indirect_jump && !is_terminate;
}

/* Walks on from `offset`, until nothing can follow, or what follows is found. */
static void walk_run(struct walk *w, uint32_t offset)
{
    for (;;) {
        struct image_insn in;
        uint32_t room = room_at(w->image, offset);
        if (room == 0) {
            return;
        }
        read_insn(w->image, offset, room, &in);
        uint32_t next = offset + in.insn.size_bytes;
        if (in.insn.refusal == NULL && !follow(w, offset, &in)) {
            return;
        }
        /* Behind a call that ends a function there may be anything. */
        if (next >= w->image->text_bytes ||
            (w->marks[next] & (MARK_FOUND | MARK_END)) != 0) {
            return;
        }
        w->marks[next] |= MARK_FOUND;
        offset = next;
    }
}

/* Finds where functions begin and end, if the file says so. */
static void find_functions(struct walk *w)
{
    struct section table = section_of_type(w->image, SECTION_SYMTAB);
    for (uint32_t i = 0; table.bytes && i < table.size_bytes / SYM_BYTES; i++) {
        const uint8_t *sym = table.bytes + (size_t)i * SYM_BYTES;
        uint32_t offset = get_le32(sym + 4) - w->image->text_va;
        uint32_t bytes = get_le32(sym + 8);
        if ((sym[12] & 15) == STT_FUNC && offset < w->image->text_bytes) {
            find(w, offset);
            if (bytes > 0 && bytes <= w->image->text_bytes - offset) {
                w->marks[offset + bytes] |= MARK_END;
            }
        }
    }
}

bool image_walk(struct image_walk *walk, struct arena *arena,
                const struct image *image)
{
    size_t bytes = image->text_bytes;
    struct walk w = { .image = image };
    w.marks = arena_alloc(arena, bytes + 1, 1);
    size_t mark = arena->used_bytes;
    w.pending =
        arena_alloc(arena, bytes * sizeof(*w.pending), alignof(uint32_t));
    if (w.marks == NULL || w.pending == NULL) {
        return false;
    }
    find_functions(&w);
    find(&w, image->entry - image->text_va);
    while (w.pending_count > 0) {
        walk_run(&w, w.pending[--w.pending_count]);
    }
    arena->used_bytes = mark;
    *walk = (struct image_walk){ image, w.marks, 0 };
    return true;
}

bool image_walk_next(struct image_walk *walk, struct image_insn *out)
{
    const struct image *image = walk->image;
    for (; walk->offset < image->text_bytes; walk->offset++) {
        uint32_t room = room_at(image, walk->offset);
        if ((walk->marks[walk->offset] & MARK_FOUND) != 0 && room > 0) {
            read_insn(image, walk->offset++, room, out);
            return true;
        }
    }
    return false;
}

bool image_count_refused(const struct image *image, struct arena *arena,
                         uint32_t *count, struct image_insn *first)
{
    size_t mark = arena->used_bytes;
    struct image_walk walk;
    struct image_insn insn;
    *count = 0;
    if (!image_walk(&walk, arena, image)) {
        return false;
    }
    while (image_walk_next(&walk, &insn)) {
        if (insn.insn.refusal != NULL && (*count)++ == 0) {
            *first = insn;
        }
    }
    arena->used_bytes = mark;
    return true;
}

/* ---- What aborts the engine ---------------------------------------------- */

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
