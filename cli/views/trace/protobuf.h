/*
 * protobuf.h - builds small messages in memory, in the wire format of protocol
 * buffers, as far as Perfetto's traces need it.
 */
#ifndef CLI_VIEWS_TRACE_PROTOBUF_H
#define CLI_VIEWS_TRACE_PROTOBUF_H

#include <stdio.h>

#include "sim/base.h"

#define PROTOBUF_BYTES 1024

/* All zero: an empty message. A message that does not fit is a bug. */
struct protobuf {
    uint8_t bytes[PROTOBUF_BYTES];
    size_t count;
};

void protobuf_put_uint(struct protobuf *m, uint32_t field, uint64_t value);
void protobuf_put_fixed64(struct protobuf *m, uint32_t field, uint64_t value);
void protobuf_put_text(struct protobuf *m, uint32_t field, const char *text);
void protobuf_put_message(struct protobuf *m, uint32_t field,
                          const struct protobuf *inner);

/* Writes the message as field `field` of the message that the file is. */
void protobuf_write(const struct protobuf *m, uint32_t field, FILE *out);

#endif /* CLI_VIEWS_TRACE_PROTOBUF_H */
