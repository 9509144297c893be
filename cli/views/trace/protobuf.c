/* protobuf.c - see protobuf.h. */
#include "cli/views/trace/protobuf.h"

#include <string.h>

enum { TYPE_VARINT = 0, TYPE_FIXED64 = 1, TYPE_BYTES = 2 };

static void put_varint(struct protobuf *m, uint64_t value)
{
    do {
        SIM_ASSERT(m->count < PROTOBUF_BYTES);
        uint8_t more = value > 0x7f ? 0x80 : 0;
        m->bytes[m->count++] = (uint8_t)((value & 0x7f) | more);
        value >>= 7;
    } while (value > 0);
}

static void put_key(struct protobuf *m, uint32_t field, uint32_t type)
{
    put_varint(m, (uint64_t)field << 3 | type);
}

static void put_bytes(struct protobuf *m, uint32_t field, const void *bytes,
                      size_t count)
{
    put_key(m, field, TYPE_BYTES);
    put_varint(m, count);
    SIM_ASSERT(count <= PROTOBUF_BYTES - m->count);
    memcpy(m->bytes + m->count, bytes, count);
    m->count += count;
}

void protobuf_put_uint(struct protobuf *m, uint32_t field, uint64_t value)
{
    put_key(m, field, TYPE_VARINT);
    put_varint(m, value);
}

void protobuf_put_fixed64(struct protobuf *m, uint32_t field, uint64_t value)
{
    put_key(m, field, TYPE_FIXED64);
    SIM_ASSERT(PROTOBUF_BYTES - m->count >= 8);
    for (int i = 0; i < 8; i++) {
        m->bytes[m->count++] = (uint8_t)(value >> 8 * i);
    }
}

void protobuf_put_text(struct protobuf *m, uint32_t field, const char *text)
{
    put_bytes(m, field, text, strlen(text));
}

void protobuf_put_message(struct protobuf *m, uint32_t field,
                          const struct protobuf *inner)
{
    put_bytes(m, field, inner->bytes, inner->count);
}

void protobuf_write(const struct protobuf *m, uint32_t field, FILE *out)
{
    struct protobuf head = { .count = 0 };
    put_key(&head, field, TYPE_BYTES);
    put_varint(&head, m->count);
    fwrite(head.bytes, 1, head.count, out);
    fwrite(m->bytes, 1, m->count, out);
}
