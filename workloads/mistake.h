/*
 * mistake.h - what a client expected of an answer that is not right, and what it
 * saw instead.
 */
#ifndef WORKLOADS_MISTAKE_H
#define WORKLOADS_MISTAKE_H

#include "sim/base.h"
#include "sim/vocabulary/words.h"

/*
 * By `what`: STATUS: statuses; LENGTH: bytes of the body; BYTE: bytes, the first
 * that differ; DIGEST: the first 32 bits; FORM: `seen` is the byte that is wrong;
 * CLOSED, RESET, LATE: bytes that were to come, and that came. Bytes that are not
 * known are MISTAKE_UNKNOWN.
 */
struct mistake_found {
    enum mistake what;
    uint32_t at; /* BYTE, FORM, EXTRA: so many bytes were right. */
    uint32_t expected, seen;
};

#define MISTAKE_UNKNOWN UINT32_MAX

#endif /* WORKLOADS_MISTAKE_H */
