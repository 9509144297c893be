/*
 * batch.c - a batch job: it computes, checks what it has computed, says so and
 * ends. It never waits for anything.
 *
 * A unit is the product of two matrices of 32 by 32 words, modulo 2^32: about
 * 280,000 instructions. It is checked in Freivalds' way: for a product C
 * of A and B and any vector r, C r is A (B r), which costs little beside the
 * product; with r of random bits a wrong product passes one time in two, so
 * it is done with words, all of them random.
 *
 * At each tenth of the work it says how far it is, and at the end
 *
 *     batch: N units in T us, result XXXXXXXX
 *
 * with the time that passed since its start, and a digest of all products. It
 * ends with code 0; after a wrong product with code 1, at once.
 */
#include "workloads/guests/working_set.h"

#include "ilwaco/cmdline.h"
#include "ilwaco/start.h"
#include "ilwaco/vi.h"
#include "ilwaco/vregs.h"

#include <stdbool.h>
#include <stdio.h>

#define SIDE  32
#define PRIME 0x01000193u /* FNV-1's. */

#define BATCH_ARGS(X)                                                          \
    X(units, "units", ARGS_COUNT, 0, UINT32_MAX, 1000, "units",                \
      "of work; 0: it works for ever, and says nothing")                       \
    X(spoil, "spoil", ARGS_COUNT, 0, UINT32_MAX, 0, "number of a unit",        \
      "of whose product a word is made wrong, to show that the check "         \
      "sees it; 0: none")                                                      \
    X(working_set, "working-set", ARGS_SIZE, 0, ABI_MEM_MAX_BYTES, 0, "bytes", \
      "in whole pages, that each unit touches besides")
ARGS_PROGRAM("a batch job: multiplies matrices, checks them and ends",
             BATCH_ARGS)

typedef uint32_t matrix[SIDE][SIDE];
typedef uint32_t vector[SIDE];

static matrix a, b, c;
static uint32_t random_state = 1;

/* xorshift32 (Marsaglia). */
static uint32_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state;
}

static void fill(matrix m)
{
    for (int i = 0; i < SIDE; i++) {
        for (int k = 0; k < SIDE; k++) {
            m[i][k] = next_random();
        }
    }
}

/* c = a b */
static void multiply(void)
{
    for (int i = 0; i < SIDE; i++) {
        for (int k = 0; k < SIDE; k++) {
            uint32_t sum = 0;
            for (int n = 0; n < SIDE; n++) {
                sum += a[i][n] * b[n][k];
            }
            c[i][k] = sum;
        }
    }
}

static void apply(matrix m, const uint32_t *from, uint32_t *to)
{
    for (int i = 0; i < SIDE; i++) {
        to[i] = 0;
        for (int k = 0; k < SIDE; k++) {
            to[i] += m[i][k] * from[k];
        }
    }
}

static bool is_product(void)
{
    vector r, left, right, between;
    for (int i = 0; i < SIDE; i++) {
        r[i] = next_random() | 1; /* Odd: one wrong word is always seen. */
    }
    apply(b, r, between);
    apply(a, between, right);
    apply(c, r, left);
    for (int i = 0; i < SIDE; i++) {
        if (left[i] != right[i]) {
            return false;
        }
    }
    return true;
}

static uint32_t digest(uint32_t sum)
{
    for (int i = 0; i < SIDE; i++) {
        for (int k = 0; k < SIDE; k++) {
            sum = (sum ^ c[i][k]) * PRIME;
        }
    }
    return sum;
}

static void say_progress(uint32_t done, uint32_t units)
{
    uint32_t tenth = units / 10;
    if (tenth > 0 && done % tenth == 0 && done < units) {
        printf("batch: %u of %u units\n", done, units);
    }
}

/* A virtual instruction sets the clock; else it is that of the dispatch. */
static uint64_t time_now_ns(void)
{
    (void)vi_alarm(ABI_TIME_NEVER);
    return vreg_time_ns();
}

int main(void)
{
    struct args_value args[ARG_COUNT];
    cmdline_read(args_rules, args);
    uint32_t units = (uint32_t)args[ARG_units].number;
    uint32_t spoilt = (uint32_t)args[ARG_spoil].number;
    working_set_make((uint32_t)args[ARG_working_set].number);

    uint64_t start_ns = time_now_ns();
    uint32_t result = 0;
    fill(b);
    for (uint32_t unit = 1; units == 0 || unit <= units; unit++) {
        fill(a);
        multiply();
        if (unit == spoilt) {
            c[unit % SIDE][SIDE - 1] ^= 0x80000000;
        }
        if (!is_product()) {
            printf("batch: unit %u is computed wrongly\n", unit);
            return 1;
        }
        result = digest(result);
        working_set_touch();
        say_progress(unit, units);
    }
    printf("batch: %u units in %llu us, result %08x\n", units,
           (time_now_ns() - start_ns) / 1000, result);
    return 0;
}
