/*
 * trace_bytes.h - trace files out of a fuzzer's bytes: with sums that are right,
 * since what is behind a wrong one is never read.
 */
#ifndef TESTS_FUZZ_TRACE_BYTES_H
#define TESTS_FUZZ_TRACE_BYTES_H

#include "tests/fuzz/fuzz.h"

struct trace_bytes {
    uint8_t *bytes; /* Owned. */
    size_t count, room;
};

/*
 * Bytes that begin as a trace does are one, whose heads get right lengths and
 * sums. Others are, in this order:
 *
 *     4, 1, 2, 1   cycles a second, VMs, frames and spindles of the header; with
 *                  255 VMs and spindles it is the largest machine
 *     ... 0        if it is not empty, the header's JSON instead
 *     events       1 the kind, 1 the VM, 2 the time since the one before, 3 the
 *                  word A, 3 the word B; with 128 added to the kind 4, 8, 8, 8;
 *                  the kind 127 is a block of 2 events in 2 bytes, as they are
 */
void trace_bytes_make(struct trace_bytes *t, const uint8_t *data, size_t size);
void trace_bytes_free(struct trace_bytes *t);

#endif /* TESTS_FUZZ_TRACE_BYTES_H */
