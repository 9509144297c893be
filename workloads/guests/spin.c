/*
 * spin.c - a guest that only computes: CRC-32 over a small buffer, again and
 * again, each round from the last one's sum.
 *
 *   iterations=N   rounds, then print the sum and end with code 0;
 *                  0, the default: for ever
 */
#include "ilwaco/cmdline.h"
#include "ilwaco/start.h"

#include <stdbool.h>
#include <stdio.h>

#define BUFFER_BYTES 1024
#define POLYNOMIAL   0xedb88320u /* CRC-32, reflected. */

static uint32_t table[256];
static uint8_t buffer[BUFFER_BYTES];

static void prepare(void)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t rest = i;
        for (int bit = 0; bit < 8; bit++) {
            rest = (rest >> 1) ^ (rest & 1 ? POLYNOMIAL : 0);
        }
        table[i] = rest;
    }
    for (uint32_t i = 0; i < BUFFER_BYTES; i++) {
        buffer[i] = (uint8_t)(i * 167 + 13);
    }
}

static uint32_t sum_of_buffer(uint32_t sum)
{
    for (uint32_t i = 0; i < BUFFER_BYTES; i++) {
        sum = (sum >> 8) ^ table[(sum ^ buffer[i]) & 0xff];
    }
    return sum;
}

int main(void)
{
    static const char *const keys[] = { "iterations" };
    cmdline_accept(keys, 1);
    uint32_t iterations = cmdline_u32("iterations", 0, 0, UINT32_MAX);

    prepare();
    uint32_t sum = 0xffffffff;
    for (uint32_t i = 0; iterations == 0 || i < iterations; i++) {
        sum = sum_of_buffer(sum);
    }
    printf("%u iterations: %08x\n", iterations, sum ^ 0xffffffff);
    return 0;
}
