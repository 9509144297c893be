/* disk.c - see disk.h. */
#include "ilwaco/disk.h"

#include "ilwaco/irq.h"
#include "ilwaco/panic.h"
#include "ilwaco/thread.h"
#include "ilwaco/vi.h"
#include "ilwaco/vregs.h"

#include <stddef.h>
#include <stdlib.h>

struct list {
    struct disk_request *first, *last;
};

static struct {
    struct disk_request *issued[ABI_DISK_RING]; /* By tag; NULL: free. */
    uint32_t issued_count;
    struct list waiting;         /* For the device to have room. */
    struct list refused;         /* By the device; done at the next poll. */
    struct thread_queue waiters; /* In disk_wait(), but for the one */
    bool has_server;             /* that waits for ABI_IRQ_DISK. */
} disk;

static void list_add(struct list *list, struct disk_request *request)
{
    request->next = NULL;
    if (list->last != NULL) {
        list->last->next = request;
    } else {
        list->first = request;
    }
    list->last = request;
}

static struct disk_request *list_take(struct list *list)
{
    struct disk_request *first = list->first;
    if (first != NULL) {
        list->first = first->next;
        if (list->first == NULL) {
            list->last = NULL;
        }
    }
    return first;
}

uint32_t disk_count(void)
{
    return vreg_read(ABI_VR_DISK_COUNT);
}

uint32_t disk_blocks(uint32_t number)
{
    if (number >= disk_count() || number >= ABI_DISK_LIMIT) {
        return 0;
    }
    return vreg_read(ABI_VR_DISK_BLOCKS + 4 * number);
}

/* ---- To the device ------------------------------------------------------- */

static uint32_t free_tag(void)
{
    uint32_t tag = 0;
    while (tag < ABI_DISK_RING && disk.issued[tag] != NULL) {
        tag++;
    }
    return tag;
}

static int32_t tell_device(const struct disk_request *request, uint32_t tag)
{
    return request->is_write ? vi_disk_write(request->disk, request->block,
                                             request->buffer, tag)
                             : vi_disk_read(request->disk, request->block,
                                            request->buffer, tag);
}

/* False: the device has no room; the request stays the caller's. */
static bool issue(struct disk_request *request)
{
    uint32_t tag = free_tag();
    if (tag == ABI_DISK_RING) {
        return false;
    }
    int32_t result = tell_device(request, tag);
    if (result == ABI_EAGAIN) {
        if (disk.issued_count == 0) {
            panic("the disk is busy, but with nothing of ours");
        }
        return false;
    }
    if (result != 0) {
        request->result = result;
        list_add(&disk.refused, request);
        irq_raise(ABI_IRQ_DISK);
        return true;
    }
    disk.issued[tag] = request;
    disk.issued_count++;
    return true;
}

static void issue_waiting(void)
{
    while (disk.waiting.first != NULL) {
        struct disk_request *request = disk.waiting.first;
        struct disk_request *next = request->next;
        if (!issue(request)) {
            return;
        }
        disk.waiting.first = next;
        if (next == NULL) {
            disk.waiting.last = NULL;
        }
    }
}

void disk_submit(struct disk_request *request)
{
    request->is_done = false;
    list_add(&disk.waiting, request);
    issue_waiting();
}

/* ---- From the device ----------------------------------------------------- */

static void finish(struct disk_request *request)
{
    request->is_done = true;
    if (request->done != NULL) {
        request->done(request);
    }
}

/* Takes the next completion out of the ring; NULL when there is none. */
static struct disk_request *take_completion(void)
{
    uint32_t taken = vreg_read(ABI_VR_DISK_TAKEN);
    if (taken == vreg_read(ABI_VR_DISK_DONE)) {
        return NULL;
    }
    uint32_t entry = ABI_VR_DISK_RING + taken % ABI_DISK_RING * 8;
    uint32_t tag = vreg_read(entry);
    struct disk_request *request =
        tag < ABI_DISK_RING ? disk.issued[tag] : NULL;
    if (request == NULL) {
        panic("the disk completes tag %u, which it was not given", tag);
    }
    request->result = (int32_t)vreg_read(entry + 4);
    vreg_write(ABI_VR_DISK_TAKEN, taken + 1);
    disk.issued[tag] = NULL;
    disk.issued_count--;
    return request;
}

void disk_poll(void)
{
    for (struct disk_request *r = take_completion(); r != NULL;
         r = take_completion()) {
        finish(r);
    }
    for (struct disk_request *r = list_take(&disk.refused); r != NULL;
         r = list_take(&disk.refused)) {
        finish(r);
    }
    issue_waiting();
    while (thread_wake_first(&disk.waiters) != NULL) {
    }
}

/* ---- Waiting ------------------------------------------------------------- */

/*
 * One of the waiting threads takes the completions of all and wakes the others
 * each time, so that one of them can follow it.
 */
int32_t disk_wait(struct disk_request *request)
{
    while (!request->is_done) {
        if (disk.has_server) {
            (void)thread_wait(&disk.waiters, ABI_TIME_NEVER);
            continue;
        }
        disk_poll(); /* It may be done already: no need to idle. */
        if (!request->is_done) {
            disk.has_server = true;
            (void)thread_wait_irq(ABI_IRQ_DISK, ABI_TIME_NEVER);
            disk.has_server = false;
        }
    }
    return request->result;
}

int32_t disk_transfer(struct disk_request *request)
{
    disk_submit(request);
    return disk_wait(request);
}

void disk_serve(void)
{
    if (disk.has_server) {
        panic("a thread waits for the disk already");
    }
    disk.has_server = true;
}

void *disk_buffers(uint32_t count)
{
    const uintptr_t mask = ABI_BLOCK_BYTES - 1;
    if (count >= UINT32_MAX / ABI_BLOCK_BYTES) {
        return NULL;
    }
    char *memory = malloc(((size_t)count + 1) * ABI_BLOCK_BYTES);
    if (memory == NULL) {
        return NULL;
    }
    return memory + (-(uintptr_t)memory & mask);
}
