/*
 * image.h - a guest program, as loaded from an ELF32 file.
 *
 * An image is immutable once loaded and shared by every VM that runs it: a
 * list of segments by page, of which exactly the executable ones are text.
 * Text is the only memory a VM can execute, and no VM can write it.
 */
#ifndef ISA_IMAGE_H
#define ISA_IMAGE_H

#include "sim/base.h"

#define IMAGE_SEGMENT_LIMIT  16
#define IMAGE_TEXT_MAX_BYTES (16u << 20)
#define IMAGE_FILE_MAX_BYTES (64u << 20)

struct arena;

enum image_err {
    IMAGE_OK = 0,
    IMAGE_UNREADABLE = -1, /* No such file, or the read failed. */
    IMAGE_NOT_ELF = -2,
    IMAGE_BAD = -3, /* An ELF file, but not one we can run. */
    IMAGE_NO_MEMORY = -4,
};

struct image_segment {
    uint32_t va;           /* First byte. */
    uint32_t memory_bytes; /* >= file_bytes; what is beyond them is zero. */
    uint32_t file_bytes;
    const uint8_t *bytes; /* Borrowed from the image; file_bytes of them. */
    bool is_text;
    bool is_writable;
};

/* Open, and const after image_load. */
struct image {
    const char *name; /* As the scenario names it; borrowed. */
    const uint8_t *file;
    size_t file_bytes;
    uint32_t entry;  /* In text. */
    uint32_t end_va; /* Past the last byte of any segment. */
    uint32_t segment_count;
    struct image_segment segments[IMAGE_SEGMENT_LIMIT]; /* Ascending by va. */
    /*
     * The page-aligned span that holds all text: [text_va, text_va +
     * text_bytes). `text` is text_bytes long, page aligned, zero where no
     * text segment lies; it is what the processor executes.
     */
    uint32_t text_va;
    uint32_t text_bytes;
    const uint8_t *text;
    uint64_t hash[2]; /* XXH3-128 of the file: low, high. */
};

#define IMAGE_HASH_CHARS 33

/* The hash in hexadecimal, as `xxhsum -H2` prints it. */
void image_write_hash(const struct image *image, char hex[IMAGE_HASH_CHARS]);

#define IMAGE_MESSAGE_BYTES 320

/* For sentences: what puts an image to where a VM's memory begins. */
#define IMAGE_MOVE_FLAGS                              \
    "link with -Wl,-Ttext-segment=0x401000 (ld.lld: " \
    "-Wl,--image-base=0x401000), or by iksim-cc"

/*
 * Reads and checks the file at `path`. On failure returns an error, leaves
 * *image zeroed and writes one sentence, without the path, to `message`.
 * The arena owns what it allocates.
 */
SIM_MUST_USE enum image_err image_load(struct image *image, struct arena *arena,
                                       const char *path,
                                       char message[IMAGE_MESSAGE_BYTES]);

/* The same for bytes in memory, which it copies. */
SIM_MUST_USE enum image_err image_parse(struct image *image,
                                        struct arena *arena,
                                        const uint8_t *bytes, size_t size_bytes,
                                        char message[IMAGE_MESSAGE_BYTES]);

/* The page that holds `va` lies in a text segment. */
bool image_page_is_text(const struct image *image, uint32_t va);

/* Some segment with file bytes meets the page of `va`: it is not all zero. */
bool image_page_has_bytes(const struct image *image, uint32_t va);

/* Writes the initial contents of the page at `page_va` (4,096 bytes). */
void image_fill_page(const struct image *image, uint32_t page_va,
                     uint8_t *page);

#endif /* ISA_IMAGE_H */
