/*
 * image.c - ELF32 into struct image.
 *
 * Only the ELF header and the program headers are read: section headers,
 * notes and symbols may be there or not. Every check comes before the field
 * it guards is used, in 64 bits, so that no file can make a sum wrap.
 */
#define _POSIX_C_SOURCE 200809L
#include "isa/image.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xxhash.h>

#include "isa/abi.h"
#include "sim/arena.h"
#include "sim/bytes.h"

/* The parts of ELF that matter here, by the System V ABI. */
enum {
    EHDR_BYTES = 52,
    PHDR_BYTES = 32,
    CLASS_32 = 1,
    DATA_LITTLE = 1,
    TYPE_EXEC = 2,
    MACHINE_386 = 3,
    PT_LOAD = 1,
    PT_DYNAMIC = 2,
    PT_INTERP = 3,
    PF_X = 1,
    PF_W = 2,
};

/* What loading works on; `message` is the caller's. */
struct loading {
    struct image *image;
    struct arena *arena;
    char *message;
};

__attribute__((format(printf, 2, 3))) static enum image_err
bad(struct loading *l, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(l->message, IMAGE_MESSAGE_BYTES, format, args);
    va_end(args);
    return IMAGE_BAD;
}

static uint32_t page_of(uint32_t va)
{
    return va & ~(uint32_t)(ABI_PAGE_BYTES - 1);
}

static uint64_t segment_end(const struct image_segment *s)
{
    return (uint64_t)s->va + s->memory_bytes;
}

static enum image_err check_header(struct loading *l)
{
    const uint8_t *f = l->image->file;
    size_t size = l->image->file_bytes;
    if (size < 4 || memcmp(f, "\177ELF", 4) != 0) {
        (void)bad(l, "This is not an ELF file: it does not start with the "
                     "bytes 7f 45 4c 46.");
        return IMAGE_NOT_ELF;
    }
    if (size < EHDR_BYTES) {
        return bad(l, "The ELF header is cut off: the file has %zu bytes.",
                   size);
    }
    if (f[4] != CLASS_32) {
        return bad(l, "The program is not 32-bit (ELF class %u).", f[4]);
    }
    if (f[5] != DATA_LITTLE) {
        return bad(l, "The program is not little-endian.");
    }
    if (get_le16(f + 18) != MACHINE_386) {
        return bad(l, "The program is not for the i386 (ELF machine %u).",
                   get_le16(f + 18));
    }
    if (get_le16(f + 16) != TYPE_EXEC) {
        return bad(l,
                   "The file is not an executable linked to fixed addresses "
                   "(ELF type %u): link with -static -no-pie, or by iksim-cc.",
                   get_le16(f + 16));
    }
    return IMAGE_OK;
}

static enum image_err check_program_headers(struct loading *l, uint32_t *offset,
                                            uint32_t *count)
{
    const uint8_t *f = l->image->file;
    *offset = get_le32(f + 28);
    *count = get_le16(f + 44);
    if (*count == 0) {
        return bad(l, "The program has no segments.");
    }
    if (get_le16(f + 42) != PHDR_BYTES) {
        return bad(l, "The program headers have %u bytes each instead of %d.",
                   get_le16(f + 42), PHDR_BYTES);
    }
    uint64_t end = (uint64_t)*offset + (uint64_t)*count * PHDR_BYTES;
    if (end > l->image->file_bytes) {
        return bad(l,
                   "The program headers lie outside the file: they end at "
                   "byte %llu of %zu.",
                   (unsigned long long)end, l->image->file_bytes);
    }
    return IMAGE_OK;
}

static enum image_err check_range(struct loading *l,
                                  const struct image_segment *s)
{
    uint64_t end = segment_end(s);
    if (end > UINT64_C(0x100000000)) {
        return bad(l,
                   "The segment at %#x runs past the end of the 32-bit "
                   "address space.",
                   s->va);
    }
    if (s->va < ABI_TEXT_BASE ||
        end > (uint64_t)ABI_MEM_BASE + ABI_MEM_MAX_BYTES) {
        return bad(l,
                   "The segment [%#x, %#llx) lies outside a VM's memory, "
                   "[%#x, %#x): " IMAGE_MOVE_FLAGS ".",
                   s->va, (unsigned long long)end, ABI_TEXT_BASE,
                   ABI_MEM_BASE + ABI_MEM_MAX_BYTES);
    }
    return IMAGE_OK;
}

static enum image_err
check_segment(struct loading *l, const struct image_segment *s, uint32_t offset)
{
    if ((uint64_t)offset + s->file_bytes > l->image->file_bytes) {
        return bad(l,
                   "The bytes of the segment at %#x lie outside the file: "
                   "they end at byte %llu of %zu.",
                   s->va, (unsigned long long)offset + s->file_bytes,
                   l->image->file_bytes);
    }
    if (s->memory_bytes < s->file_bytes) {
        return bad(l,
                   "The segment at %#x is smaller in memory (%u bytes) than "
                   "in the file (%u).",
                   s->va, s->memory_bytes, s->file_bytes);
    }
    enum image_err err = check_range(l, s);
    if (err != IMAGE_OK || !s->is_text) {
        return err;
    }
    if (s->is_writable) {
        return bad(l,
                   "The text segment at %#x is writable: link without -N, or "
                   "by iksim-cc.",
                   s->va);
    }
    return IMAGE_OK;
}

/* Keeps segments[] ascending. */
static void insert_segment(struct image *image, const struct image_segment *s)
{
    uint32_t i = image->segment_count;
    while (i > 0 && image->segments[i - 1].va > s->va) {
        image->segments[i] = image->segments[i - 1];
        i--;
    }
    image->segments[i] = *s;
    image->segment_count++;
}

static enum image_err read_segments(struct loading *l)
{
    struct image *image = l->image;
    uint32_t offset = 0;
    uint32_t count = 0;
    enum image_err err = check_program_headers(l, &offset, &count);
    for (uint32_t i = 0; err == IMAGE_OK && i < count; i++) {
        const uint8_t *p = image->file + offset + (size_t)i * PHDR_BYTES;
        uint32_t type = get_le32(p);
        if (type == PT_INTERP || type == PT_DYNAMIC) {
            return bad(l,
                       "The program is dynamically linked: link with -static "
                       "-no-pie, or by iksim-cc.");
        }
        if (type != PT_LOAD ||
            (get_le32(p + 16) == 0 && get_le32(p + 20) == 0)) {
            continue;
        }
        if (image->segment_count == IMAGE_SEGMENT_LIMIT) {
            return bad(l, "The program has more than %d segments.",
                       IMAGE_SEGMENT_LIMIT);
        }
        struct image_segment s = {
            .va = get_le32(p + 8),
            .file_bytes = get_le32(p + 16),
            .memory_bytes = get_le32(p + 20),
            .is_text = (get_le32(p + 24) & PF_X) != 0,
            .is_writable = (get_le32(p + 24) & PF_W) != 0,
        };
        err = check_segment(l, &s, get_le32(p + 4));
        if (err == IMAGE_OK) {
            s.bytes = image->file + get_le32(p + 4);
            insert_segment(image, &s);
        }
    }
    if (err == IMAGE_OK && image->segment_count == 0) {
        return bad(l, "The program has no segments.");
    }
    return err;
}

static enum image_err check_neighbours(struct loading *l)
{
    const struct image *image = l->image;
    for (uint32_t i = 1; i < image->segment_count; i++) {
        const struct image_segment *a = &image->segments[i - 1];
        const struct image_segment *b = &image->segments[i];
        if (segment_end(a) > b->va) {
            return bad(l, "The segments at %#x and %#x overlap.", a->va, b->va);
        }
        /* A page is text, which is shared and immutable, or it is not. */
        if ((a->is_text || b->is_text) &&
            page_of((uint32_t)(segment_end(a) - 1)) == page_of(b->va)) {
            return bad(l,
                       "The segments at %#x and %#x share a page, and one is "
                       "text: link with -Wl,-z,separate-code, or by iksim-cc.",
                       a->va, b->va);
        }
    }
    return IMAGE_OK;
}

static enum image_err make_text(struct loading *l)
{
    struct image *image = l->image;
    uint64_t end = 0;
    for (uint32_t i = 0; i < image->segment_count; i++) {
        const struct image_segment *s = &image->segments[i];
        if (s->is_text) {
            image->text_va = end == 0 ? page_of(s->va) : image->text_va;
            end = segment_end(s);
        }
    }
    if (end == 0) {
        return bad(l, "The program has no text: no segment is executable.");
    }
    end = (end + ABI_PAGE_BYTES - 1) & ~(uint64_t)(ABI_PAGE_BYTES - 1);
    if (end - image->text_va > IMAGE_TEXT_MAX_BYTES) {
        return bad(l,
                   "The program's text is too large: it spans %llu bytes, "
                   "and %u are allowed.",
                   (unsigned long long)(end - image->text_va),
                   IMAGE_TEXT_MAX_BYTES);
    }
    image->text_bytes = (uint32_t)(end - image->text_va);
    uint8_t *text = arena_alloc(l->arena, image->text_bytes, ABI_PAGE_BYTES);
    if (text == NULL) {
        (void)bad(l, "There is no memory left for the program's text.");
        return IMAGE_NO_MEMORY;
    }
    for (uint32_t i = 0; i < image->segment_count; i++) {
        const struct image_segment *s = &image->segments[i];
        if (s->is_text && s->file_bytes > 0) {
            memcpy(text + (s->va - image->text_va), s->bytes, s->file_bytes);
        }
    }
    image->text = text;
    return IMAGE_OK;
}

static enum image_err check_entry(struct loading *l)
{
    struct image *image = l->image;
    uint32_t last = image->segment_count - 1;
    image->entry = get_le32(image->file + 24);
    image->end_va = (uint32_t)segment_end(&image->segments[last]);
    for (uint32_t i = 0; i < image->segment_count; i++) {
        const struct image_segment *s = &image->segments[i];
        if (s->is_text && image->entry >= s->va &&
            image->entry < segment_end(s)) {
            return IMAGE_OK;
        }
    }
    return bad(l, "The entry point %#x lies outside the text.", image->entry);
}

/* image->file is set; the rest follows from it. */
static enum image_err parse(struct loading *l)
{
    enum image_err err = check_header(l);
    if (err == IMAGE_OK) {
        err = read_segments(l);
    }
    if (err == IMAGE_OK) {
        err = check_neighbours(l);
    }
    if (err == IMAGE_OK) {
        err = make_text(l);
    }
    if (err == IMAGE_OK) {
        err = check_entry(l);
    }
    if (err == IMAGE_OK) {
        XXH128_hash_t hash = XXH3_128bits(l->image->file, l->image->file_bytes);
        l->image->hash[0] = hash.low64;
        l->image->hash[1] = hash.high64;
    }
    return err;
}

static enum image_err no_memory(struct loading *l, size_t size_bytes)
{
    (void)bad(l, "There is no memory left for a file of %zu bytes.",
              size_bytes);
    return IMAGE_NO_MEMORY;
}

static enum image_err too_large(struct loading *l)
{
    return bad(l, "The file is too large: more than %u bytes.",
               IMAGE_FILE_MAX_BYTES);
}

enum image_err image_parse(struct image *image, struct arena *arena,
                           const uint8_t *bytes, size_t size_bytes,
                           char message[IMAGE_MESSAGE_BYTES])
{
    struct loading l = { image, arena, message };
    size_t mark = arena->used_bytes;
    memset(image, 0, sizeof(*image));
    message[0] = '\0';
    if (size_bytes > IMAGE_FILE_MAX_BYTES) {
        return too_large(&l);
    }
    uint8_t *copy = arena_alloc(arena, size_bytes + 1, 1);
    if (copy == NULL) {
        return no_memory(&l, size_bytes);
    }
    if (size_bytes > 0) {
        memcpy(copy, bytes, size_bytes);
    }
    image->file = copy;
    image->file_bytes = size_bytes;
    enum image_err err = parse(&l);
    if (err != IMAGE_OK) {
        memset(image, 0, sizeof(*image));
        arena->used_bytes = mark;
    }
    return err;
}

/* A pipe without a writer is not waited for: nothing but a file will do. */
static FILE *open_file(struct loading *l, const char *path)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0) {
        (void)bad(l, "The file cannot be opened.");
    } else if (!S_ISREG(info.st_mode)) {
        (void)bad(l, "It is no regular file.");
    } else {
        FILE *file = fdopen(fd, "rb");
        if (file != NULL) {
            return file;
        }
        (void)bad(l, "The file cannot be opened.");
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    return NULL;
}

/* Reads the whole of `file` into the arena. */
static enum image_err read_file(struct loading *l, FILE *file)
{
    long size = -1;
    if (fseek(file, 0, SEEK_END) == 0) {
        size = ftell(file);
    }
    if (size < 0 || fseek(file, 0, SEEK_SET) != 0) {
        (void)bad(l, "The file cannot be read.");
        return IMAGE_UNREADABLE;
    }
    if ((unsigned long)size > IMAGE_FILE_MAX_BYTES) {
        return too_large(l);
    }
    uint8_t *bytes = arena_alloc(l->arena, (size_t)size + 1, 1);
    if (bytes == NULL) {
        return no_memory(l, (size_t)size);
    }
    if (fread(bytes, 1, (size_t)size, file) != (size_t)size) {
        (void)bad(l, "The file cannot be read.");
        return IMAGE_UNREADABLE;
    }
    l->image->file = bytes;
    l->image->file_bytes = (size_t)size;
    return IMAGE_OK;
}

enum image_err image_load(struct image *image, struct arena *arena,
                          const char *path, char message[IMAGE_MESSAGE_BYTES])
{
    struct loading l = { image, arena, message };
    size_t mark = arena->used_bytes;
    memset(image, 0, sizeof(*image));
    message[0] = '\0';
    FILE *file = open_file(&l, path);
    if (file == NULL) {
        return IMAGE_UNREADABLE;
    }
    enum image_err err = read_file(&l, file);
    (void)fclose(file);
    if (err == IMAGE_OK) {
        err = parse(&l);
    }
    if (err != IMAGE_OK) {
        memset(image, 0, sizeof(*image));
        arena->used_bytes = mark;
    }
    return err;
}

bool image_page_is_text(const struct image *image, uint32_t va)
{
    uint64_t page = page_of(va);
    for (uint32_t i = 0; i < image->segment_count; i++) {
        const struct image_segment *s = &image->segments[i];
        if (s->is_text && page >= page_of(s->va) && page < segment_end(s)) {
            return true;
        }
    }
    return false;
}

bool image_page_has_bytes(const struct image *image, uint32_t va)
{
    uint64_t page = page_of(va);
    for (uint32_t i = 0; i < image->segment_count; i++) {
        const struct image_segment *s = &image->segments[i];
        if (s->va < page + ABI_PAGE_BYTES &&
            (uint64_t)s->va + s->file_bytes > page) {
            return true;
        }
    }
    return false;
}

void image_fill_page(const struct image *image, uint32_t page_va, uint8_t *page)
{
    uint64_t page_end = (uint64_t)page_va + ABI_PAGE_BYTES;
    memset(page, 0, ABI_PAGE_BYTES);
    for (uint32_t i = 0; i < image->segment_count; i++) {
        const struct image_segment *s = &image->segments[i];
        uint64_t start = s->va > page_va ? s->va : page_va;
        uint64_t end = (uint64_t)s->va + s->file_bytes;
        end = end < page_end ? end : page_end;
        if (start < end) {
            memcpy(page + (start - page_va), s->bytes + (start - s->va),
                   end - start);
        }
    }
}

void image_write_hash(const struct image *image, char hex[IMAGE_HASH_CHARS])
{
    snprintf(hex, IMAGE_HASH_CHARS, "%016llx%016llx",
             (unsigned long long)image->hash[1],
             (unsigned long long)image->hash[0]);
}
