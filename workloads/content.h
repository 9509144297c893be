/*
 * content.h - what every server answers: bytes that say where they belong.
 *
 * A body is lines of 16 bytes, "%06x %08x\n" of the VM's number and of the
 * line's offset in the body, the last one cut to the body's size. So an
 * answer from the wrong VM, or a byte at the wrong place, is always seen.
 */
#ifndef WORKLOADS_CONTENT_H
#define WORKLOADS_CONTENT_H

#include "sim/base.h"
#include "workloads/guests/document.h"

/* Writes bytes [offset, offset + count) of VM `vm`'s body. */
void content_fill(uint32_t vm, uint32_t offset, uint8_t *to, size_t count);

/* Whether `bytes` are bytes [offset, offset + count) of VM `vm`'s body. If not,
   *wrong is the place in the body of the first that is not. */
bool content_is_right(uint32_t vm, uint32_t offset, const uint8_t *bytes,
                      size_t count, uint32_t *wrong);

#endif /* WORKLOADS_CONTENT_H */
