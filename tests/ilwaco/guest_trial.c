/*
 * guest_trial.c - Ilwaco from inside: what test_trial.sh compares with what
 * should be printed. `try=N` says what.
 */
#include "ilwaco/cmdline.h"
#include "ilwaco/lock.h"
#include "ilwaco/panic.h"
#include "ilwaco/start.h"
#include "ilwaco/vregs.h"

#include <assert.h>
#include <float.h>
#include <setjmp.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MS      UINT64_C(1000000)
#define WORKERS 3
#define ROUNDS  3

static struct mutex mutex;
static struct condition changed;
static unsigned total;

/* Milliseconds since the last call, to the next one. */
static unsigned passed_ms(void)
{
    static uint64_t last_ns;
    uint64_t now_ns = vreg_time_ns();
    uint64_t passed_ns = now_ns - last_ns;
    last_ns = now_ns;
    return (unsigned)((passed_ns + MS / 2) / MS);
}

/* Worker n holds the lock for n * 10 ms, so that the others must wait. */
static void work(void *number)
{
    unsigned n = *(const unsigned *)number;
    for (int i = 0; i < ROUNDS; i++) {
        mutex_lock(&mutex);
        thread_sleep_until(vreg_time_ns() + n * 10 * MS);
        total += n;
        printf("worker %u after %u ms: %u\n", n, passed_ms(), total);
        condition_signal(&changed);
        mutex_unlock(&mutex);
        thread_yield();
    }
}

static void try_threads(void)
{
    static const unsigned numbers[WORKERS] = { 1, 2, 3 };
    struct thread *threads[WORKERS];
    (void)passed_ms();
    for (size_t i = 0; i < WORKERS; i++) {
        unsigned *number = malloc(sizeof(*number));
        assert(number != NULL);
        *number = numbers[i];
        threads[i] = thread_create("worker", work, number, 4096);
        assert(threads[i] != NULL);
    }
    mutex_lock(&mutex);
    while (total < ROUNDS * (1 + 2 + 3)) {
        (void)condition_wait(&changed, &mutex, ABI_TIME_NEVER);
    }
    mutex_unlock(&mutex);
    for (size_t i = 0; i < WORKERS; i++) {
        thread_join(threads[i]);
    }
    bool came = thread_wait_irq(ABI_IRQ_NET_RX, vreg_time_ns() + 5 * MS) != 0;
    printf("packet: %d after %u ms\n", came, passed_ms());
    struct condition never = { { NULL, NULL } };
    mutex_lock(&mutex);
    came = condition_wait(&never, &mutex, vreg_time_ns() + 7 * MS);
    printf("signal: %d after %u ms\n", came, passed_ms());
}

static void lock_it(void *argument)
{
    (void)argument;
    mutex_lock(&mutex);
}

static void try_deadlock(void)
{
    mutex_lock(&mutex);
    thread_join(thread_create("other", lock_it, NULL, THREAD_STACK_BYTES));
}

static void use_much_stack(void *argument)
{
    (void)argument;
    char much[8000];
    memset(much, 1, sizeof(much));
    thread_yield();
    printf("%d\n", much[4000]);
}

static void try_overflow(void)
{
    void *below = malloc(16384); /* Something to fall on. */
    thread_join(thread_create("deep", use_much_stack, below, 4096));
}

/* gcc knows free() and would leave out what has no effect. */
static void *volatile block;

static void try_heap(void)
{
    block = malloc(100);
    void *stays = malloc(100);
    free(block);
    printf("%d\n", stays != block);
    free(block);
}

static void try_memory(void)
{
    size_t bytes = 0;
    while (malloc(65536) != NULL) {
        bytes += 65536;
    }
    printf("%u of %u KiB\n", bytes / 1024,
           vreg_read(ABI_VR_MEMORY_BYTES) / 1024);
}

static jmp_buf place;

static void climb(int depth)
{
    if (depth == 0) {
        longjmp(place, 0);
    }
    climb(depth - 1);
    printf("not reached from %d\n", depth);
}

/* A jump out of calls gives 1 for 0, and what a function keeps. */
static void try_jump(void)
{
    volatile int jumps = 0;
    int came = setjmp(place);
    jumps = jumps + 1;
    if (came == 0) {
        climb(5);
    } else if (jumps < 4) {
        longjmp(place, came + 1);
    }
    printf("%d after %d\n", came, jumps);
}

/* What <float.h> says holds of numbers that the guest computes. */
static void try_float(void)
{
    volatile double one = 1;
    volatile float single = FLT_MAX;
    printf("%d %d %d\n", one + DBL_EPSILON > one, one + DBL_EPSILON / 2 > one,
           single * 2 > FLT_MAX);
    printf("%lld %d\n", (long long)(one / 3 * 1e18), (int)alignof(long long));
}

#define TRIAL_ARGS(X)                                               \
    X(number, "try", ARGS_COUNT, 0, 6, 0, "", "what is tried")      \
    X(size, "size", ARGS_SIZE, 1024, 8192, 2048, "bytes", "no use") \
    X(wait, "wait", ARGS_TIME, 0, 5000000, 1000, "us", "no use")    \
    X(way, "way", ARGS_CHOICE, 0, 0, 1, "up down", "no use")        \
    X(list, "list", ARGS_LIST, 1, 9, 0, "", "no use")
ARGS_PROGRAM("tries Ilwaco from inside", TRIAL_ARGS)

int main(void)
{
    struct args_value args[ARG_COUNT];
    static void (*const tries[])(
        void) = { try_threads, try_deadlock, try_overflow, try_heap,
                  try_memory,  try_jump,     try_float };
    cmdline_read(args_rules, args);
    tries[args[ARG_number].number]();
    return 0;
}
