/*
 * guest_disk.c - the disk driver from inside, on a disk of BLOCKS blocks: what
 * test_disk.sh compares with what should be printed. `try=N` says what.
 */
#include "ilwaco/cmdline.h"
#include "ilwaco/disk.h"
#include "ilwaco/panic.h"
#include "ilwaco/start.h"
#include "ilwaco/thread.h"
#include "isa/abi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCKS  64
#define THREADS 3
/* Far more than the device takes at a time. */
#define REQUESTS (5 * ABI_DISK_RING)

static uint8_t *buffers;

static uint8_t *buffer_of(uint32_t number)
{
    return buffers + number * ABI_BLOCK_BYTES;
}

static int32_t do_one(bool is_write, uint32_t disk, uint32_t block,
                      void *buffer)
{
    struct disk_request request = {
        .disk = disk, .block = block, .buffer = buffer, .is_write = is_write
    };
    return disk_transfer(&request);
}

/* Each error is that of its request, and the next one is none the worse. */
static void try_errors(void)
{
    void *outside = (void *)(uintptr_t)(ABI_MEM_BASE - ABI_BLOCK_BYTES);
    void *text = (void *)(uintptr_t)ABI_TEXT_BASE;
    printf("disks: %u, blocks: %u, %u\n", disk_count(), disk_blocks(0),
           disk_blocks(1));
    for (int is_write = 0; is_write < 2; is_write++) {
        printf("disk %d, ", (int)do_one(is_write, 1, 0, buffers));
        printf("block %d, ", (int)do_one(is_write, 0, BLOCKS, buffers));
        printf("buffer %d, ", (int)do_one(is_write, 0, 0, outside));
        printf("text %d, ", (int)do_one(is_write, 0, 0, text));
        printf("good %d\n", (int)do_one(is_write, 0, BLOCKS - 1, buffers));
    }
}

static uint32_t done_count;

static void count_done(struct disk_request *request)
{
    if (request->result != 0 || request->owner != request) {
        panic("block %u: %d", request->block, (int)request->result);
    }
    done_count++;
}

/* All at once; every third of them names a block that is not there. */
static void submit_all(struct disk_request *requests, bool is_write)
{
    for (uint32_t i = 0; i < REQUESTS; i++) {
        bool is_bad = i % 3 == 1;
        requests[i] = (struct disk_request){ .block = is_bad ? BLOCKS : i,
                                             .buffer = buffer_of(i),
                                             .is_write = is_write,
                                             .done = is_bad ? NULL : count_done,
                                             .owner = &requests[i] };
        disk_submit(&requests[i]);
        if (requests[i].is_done) {
            panic("done within disk_submit()");
        }
    }
    uint32_t refused = 0;
    for (uint32_t i = 0; i < REQUESTS; i++) {
        refused += disk_wait(&requests[i]) == ABI_EINVAL;
    }
    printf("%u done, %u refused\n", done_count, refused);
}

static void try_many(void)
{
    static struct disk_request requests[REQUESTS];
    for (uint32_t i = 0; i < REQUESTS; i++) {
        memset(buffer_of(i), (int)i + 1, ABI_BLOCK_BYTES);
    }
    submit_all(requests, true);
    memset(buffers, 0, REQUESTS * ABI_BLOCK_BYTES);
    submit_all(requests, false);
    for (uint32_t i = 0; i < REQUESTS; i++) {
        uint8_t expected = i % 3 == 1 ? 0 : (uint8_t)(i + 1);
        if (buffer_of(i)[0] != expected ||
            buffer_of(i)[ABI_BLOCK_BYTES - 1] != expected) {
            panic("block %u holds %u", i, buffer_of(i)[0]);
        }
    }
    printf("all blocks as written\n");
}

/* Thread n writes and reads its own blocks, to and from odd addresses. */
static void work(void *number)
{
    uint32_t n = *(const uint32_t *)number;
    uint8_t *buffer = malloc(ABI_BLOCK_BYTES + 1);
    for (uint32_t i = 0; i < 20; i++) {
        uint32_t block = n + THREADS * i;
        memset(buffer + 1, (int)block, ABI_BLOCK_BYTES);
        int32_t written = do_one(true, 0, block, buffer + 1);
        memset(buffer + 1, 0xff, ABI_BLOCK_BYTES);
        int32_t read = do_one(false, 0, block, buffer + 1);
        if (written != 0 || read != 0 || buffer[1] != block ||
            buffer[ABI_BLOCK_BYTES] != block) {
            panic("thread %u, block %u: %d, %d, holds %u", n, block,
                  (int)written, (int)read, buffer[1]);
        }
    }
}

static void try_threads(void)
{
    static uint32_t numbers[THREADS];
    struct thread *threads[THREADS];
    for (uint32_t i = 0; i < THREADS; i++) {
        numbers[i] = i;
        threads[i] =
            thread_create("worker", work, &numbers[i], THREAD_STACK_BYTES);
    }
    for (uint32_t i = 0; i < THREADS; i++) {
        thread_join(threads[i]);
    }
    printf("all threads are done\n");
}

/* One who has said to take completions must: the others only wait. */
static void try_two_servers(void)
{
    disk_serve();
    disk_serve();
}

#define DISK_ARGS(X) X(number, "try", ARGS_COUNT, 0, 3, 0, "", "what is tried")
ARGS_PROGRAM("tries Ilwaco's disk from inside", DISK_ARGS)

int main(void)
{
    struct args_value args[ARG_COUNT];
    static void (*const tries[])(void) = { try_errors, try_many, try_threads,
                                           try_two_servers };
    cmdline_read(args_rules, args);
    buffers = disk_buffers(REQUESTS);
    if (buffers == NULL || (uintptr_t)buffers % ABI_PAGE_BYTES != 0) {
        panic("buffers at %p", (void *)buffers);
    }
    tries[args[ARG_number].number]();
    return 0;
}
