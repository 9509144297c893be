/*
 * sha256.h - SHA-256 (FIPS 180-4), of bytes that come in pieces.
 */
#ifndef WORKLOADS_SHA256_H
#define WORKLOADS_SHA256_H

#include "sim/base.h"

#define SHA256_BYTES 32

/* Open, to be embedded. */
struct sha256 {
    uint32_t state[8];
    uint64_t count; /* Bytes so far. */
    uint8_t block[64];
};

void sha256_init(struct sha256 *s);
void sha256_add(struct sha256 *s, const uint8_t *bytes, size_t count);
void sha256_end(struct sha256 *s, uint8_t digest[SHA256_BYTES]);

#endif /* WORKLOADS_SHA256_H */
