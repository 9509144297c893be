/*
 * checksum.c - the Internet checksum (RFC 1071) of one piece of memory: the
 * hot loop of a server, a word at a time with the carries kept above.
 */
#include "arch/cc.h"

typedef uint32_t __attribute__((may_alias, aligned(1))) any_word;

uint16_t checksum_bytes(const void *data, int bytes)
{
    const uint8_t *at = data;
    uint64_t sum = 0;
    for (; bytes >= 16; bytes -= 16, at += 16) {
        const any_word *words = (const any_word *)(const void *)at;
        sum += words[0];
        sum += words[1];
        sum += words[2];
        sum += words[3];
    }
    for (; bytes >= 2; bytes -= 2, at += 2) {
        sum += (uint32_t)at[0] | (uint32_t)at[1] << 8;
    }
    if (bytes > 0) {
        sum += at[0];
    }
    uint32_t low = (uint32_t)sum;
    uint32_t folded = (low >> 16) + (low & 0xffff) + (uint32_t)(sum >> 32);
    folded = (folded >> 16) + (folded & 0xffff);
    return (uint16_t)((folded >> 16) + folded);
}
