/* sections.c - see sections.h. */
#include "isa/sections.h"

#include <string.h>

#include "isa/image.h"
#include "sim/bytes.h"

#define SHDR_BYTES 40 /* By the System V ABI. */

static const struct section none = { NULL, 0, 0 };

static uint32_t section_count(const struct image *image)
{
    return get_le16(image->file + 48);
}

/* The header of section `index`; NULL: it is not in the file. */
static const uint8_t *header_at(const struct image *image, uint32_t index)
{
    const uint8_t *f = image->file;
    uint64_t table = get_le32(f + 32);
    uint32_t count = section_count(image);
    if (get_le16(f + 46) != SHDR_BYTES || index >= count ||
        table + (uint64_t)count * SHDR_BYTES > image->file_bytes) {
        return NULL;
    }
    return f + table + (size_t)index * SHDR_BYTES;
}

struct section section_at(const struct image *image, uint32_t index,
                          enum section_type type)
{
    const uint8_t *h = header_at(image, index);
    if (!h || get_le32(h + 4) != (uint32_t)type) {
        return none;
    }
    uint64_t offset = get_le32(h + 16);
    uint64_t size = get_le32(h + 20);
    if (offset + size > image->file_bytes) {
        return none;
    }
    return (struct section){ image->file + offset, (uint32_t)size,
                             get_le32(h + 24) };
}

struct section section_of_type(const struct image *image,
                               enum section_type type)
{
    struct section found = none;
    uint32_t count = section_count(image);
    for (uint32_t i = 0; !found.bytes && i < count; i++) {
        found = section_at(image, i, type);
    }
    return found;
}

struct section section_named(const struct image *image, const char *name)
{
    struct section names =
        section_at(image, get_le16(image->file + 50), SECTION_STRTAB);
    size_t bytes = strlen(name) + 1;
    uint32_t count = names.bytes ? section_count(image) : 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *h = header_at(image, i);
        uint32_t at = h ? get_le32(h) : names.size_bytes;
        if (at <= names.size_bytes && bytes <= names.size_bytes - at &&
            memcmp(names.bytes + at, name, bytes) == 0) {
            struct section found = section_at(image, i, SECTION_PROGBITS);
            if (found.bytes) {
                return found;
            }
        }
    }
    return none;
}
