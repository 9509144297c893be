/* content.c - see content.h. */
#include "workloads/content.h"

#include <string.h>

static void put_hex(uint8_t *to, uint32_t value, int digits)
{
    for (int i = digits - 1; i >= 0; i--) {
        to[i] = (uint8_t)("0123456789abcdef"[value & 15]);
        value >>= 4;
    }
}

static void make_line(uint32_t vm, uint32_t offset,
                      uint8_t line[DOCUMENT_LINE_BYTES])
{
    put_hex(line, vm, 6);
    line[6] = ' ';
    put_hex(line + 7, offset, 8);
    line[15] = '\n';
}

/* How many of `count` bytes at `offset` are in the line that it is in. */
static size_t line_part(uint32_t offset, size_t count)
{
    size_t left = DOCUMENT_LINE_BYTES - offset % DOCUMENT_LINE_BYTES;
    return count < left ? count : left;
}

void content_fill(uint32_t vm, uint32_t offset, uint8_t *to, size_t count)
{
    uint8_t line[DOCUMENT_LINE_BYTES];

    while (count > 0) {
        uint32_t skip = offset % DOCUMENT_LINE_BYTES;
        size_t part = line_part(offset, count);
        make_line(vm, offset - skip, line);
        memcpy(to, line + skip, part);
        to += part;
        offset += (uint32_t)part;
        count -= part;
    }
}

bool content_is_right(uint32_t vm, uint32_t offset, const uint8_t *bytes,
                      size_t count, uint32_t *wrong)
{
    uint8_t line[DOCUMENT_LINE_BYTES];

    while (count > 0) {
        uint32_t skip = offset % DOCUMENT_LINE_BYTES;
        size_t part = line_part(offset, count);
        make_line(vm, offset - skip, line);
        for (size_t i = 0; i < part; i++) {
            if (bytes[i] != line[skip + i]) {
                *wrong = offset + (uint32_t)i;
                return false;
            }
        }
        bytes += part;
        offset += (uint32_t)part;
        count -= part;
    }
    return true;
}
