/*
 * spin.c - a guest that only computes: CRC-32 over a small buffer, again and
 * again, each round from the last one's sum.
 *
 * With a burst a little shorter than the quantum, a VM that is preferred for
 * having idled games the scheduler.
 */
#include "ilwaco/cmdline.h"
#include "ilwaco/start.h"
#include "ilwaco/thread.h"
#include "ilwaco/vregs.h"

#include <stdbool.h>
#include <stdio.h>

#define BUFFER_BYTES 1024
#define POLYNOMIAL   0xedb88320u /* CRC-32, reflected. */

#define SPIN_ARGS(X)                                                    \
    X(iterations, "iterations", ARGS_COUNT, 0, UINT32_MAX, 0, "rounds", \
      "after which it prints the sum and ends with code 0; 0: never")   \
    X(burst, "burst", ARGS_COUNT, 0, UINT32_MAX, 0, "rounds",           \
      "after each of which it naps; 0: it never naps")                  \
    X(nap, "nap", ARGS_TIME, 1000, 1000000000, 1000, "us",              \
      "how long a nap lasts")
ARGS_PROGRAM("only computes: CRC-32 over a small buffer, again and again",
             SPIN_ARGS)

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

/* The register holds when the VM was dispatched: a sleep that is over at once
   brings it up to date, and the next one counts from now. */
static void nap_for(uint64_t nap_ns)
{
    thread_sleep_until(vreg_time_ns() + 1);
    thread_sleep_until(vreg_time_ns() + nap_ns);
}

int main(void)
{
    struct args_value args[ARG_COUNT];
    cmdline_read(args_rules, args);
    uint32_t iterations = (uint32_t)args[ARG_iterations].number;
    uint32_t burst = (uint32_t)args[ARG_burst].number;

    prepare();
    uint32_t sum = 0xffffffff;
    for (uint32_t i = 0; iterations == 0 || i < iterations; i++) {
        sum = sum_of_buffer(sum);
        if (burst > 0 && (i + 1) % burst == 0) {
            nap_for(args[ARG_nap].number);
        }
    }
    printf("%u iterations: %08x\n", iterations, sum ^ 0xffffffff);
    return 0;
}
