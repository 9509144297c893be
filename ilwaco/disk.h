/*
 * disk.h - the driver of the virtual disks: fixed numbers of blocks of
 * ABI_BLOCK_BYTES, read and written asynchronously.
 *
 * A request is the caller's memory from disk_submit() until it is done, and it
 * is done exactly once: with 0 or an error (ABI_E...) in `result`, and never
 * from within disk_submit(). The device takes ABI_DISK_RING requests at a time;
 * more of them wait here, in order. Those the device has may be done in any
 * order.
 *
 * Someone must take the completions. A program with threads just waits for its
 * requests: disk_wait(). One that lives by events, such as a server on
 * net_serve(), calls disk_poll() at each ABI_IRQ_DISK, having said so with
 * disk_serve(), and goes on in the requests' `done`.
 */
#ifndef ILWACO_DISK_H
#define ILWACO_DISK_H

#include "isa/abi.h"

#include <stdbool.h>
#include <stdint.h>

struct disk_request {
    /* The caller's, const until it is done. */
    uint32_t disk;
    uint32_t block;
    /* One block. What is read lies there when it is done and not before; what
       is written may change once it is done. Best aligned to a page: then only
       one has to stay in core. */
    void *buffer;
    bool is_write;
    void (*done)(struct disk_request *request); /* Or NULL. */
    void *owner;                                /* For `done`. */
    /* The driver's. */
    bool is_done;
    int32_t result;            /* Valid when it is done. */
    struct disk_request *next; /* In the list it is in. */
};

/* Disks of this VM, and the blocks of one; 0: there is no such disk. */
uint32_t disk_count(void);
uint32_t disk_blocks(uint32_t disk);

void disk_submit(struct disk_request *request);

/* Wait for a submitted request; returns its result. */
int32_t disk_wait(struct disk_request *request);

/* The same, from disk_submit() on. */
int32_t disk_transfer(struct disk_request *request);

/* From now on the caller calls disk_poll() whenever ABI_IRQ_DISK was taken. A
   panic if a thread waits in disk_wait(). */
void disk_serve(void);

/* Take what is completed, call its `done`, issue what waits. */
void disk_poll(void);

/* Buffers of a block each, one after the other, page-aligned; they are never
   freed. NULL when memory is out. */
void *disk_buffers(uint32_t count);

#endif /* ILWACO_DISK_H */
