/*
 * transfer.h - what is on its way between RAM and the disks: the records of
 * page-ins, page-outs and the requests of virtual disks, and their queues.
 *
 * A write copies its data when it is issued, so its frames are free at once;
 * what waits to be written is bounded. A read keeps its frames until it is
 * done, even when its VM ends meanwhile: the hardware still writes to them.
 */
#ifndef IK_TRANSFER_H
#define IK_TRANSFER_H

#include "ik/memory/swap.h"

struct arena;
struct device;

#define TRANSFER_PAGES (PAGING_BLOCK_LIMIT / ABI_PAGE_BYTES) /* At most. */

enum transfer_kind {
    TRANSFER_PAGE_IN,
    TRANSFER_PAGE_OUT,
    TRANSFER_DEVICE_READ, /* For a virtual device. */
    TRANSFER_DEVICE_WRITE,
    TRANSFER_IMAGE, /* The supervisor writes a new VM's image. */
};

struct transfer {
    struct disk_request request;
    struct disk *disk; /* Borrowed. */
    enum transfer_kind kind;
    const struct device *device; /* Whose, if TRANSFER_DEVICE_...; or NULL. */
    vmid_t vm;      /* VM_NONE: it ended, and nobody wants the result. */
    uint32_t page;  /* The first of the VM's, or the block of its disk. */
    uint32_t count; /* Pages. */
    uint32_t frames[TRANSFER_PAGES]; /* Read into; FRAME_NONE: not wanted. */
    uint32_t tag;                    /* Virtual disks: the guest's. */
    uint32_t va;                     /* Virtual disks: the buffer's. */
    uint32_t vdisk;                  /* Virtual disks: which. */
    struct transfer *next;           /* In flight, or free. */
    struct transfer *prev;
    struct transfer *finished_next;
};

/* A transfer that is issued, among an event's fields. */
#define TRANSFER_FIELDS(k, x)                        \
    .disk = (uint32_t)((x)->disk - (k)->swap.disks), \
    .block = (x)->request.block, .blocks = (x)->count

struct transfers {
    struct arena *arena;     /* Borrowed. */
    struct transfer *flying; /* Issued and not served, newest first. */
    struct transfer *free;
    struct transfer *finished_head; /* Done, in order, not yet served. */
    struct transfer *finished_tail;
    uint32_t in_flight;     /* Issued and not served. */
    uint32_t pages_writing; /* Of page-outs in flight. */
};

void transfers_init(struct transfers *t, struct arena *arena);

/* A transfer to be filled in and issued (ik/memory/issue.h); NULL: the arena is
   full. */
struct transfer *transfer_get(struct transfers *t);

/* The transfer is in flight from now on, or no longer. */
void transfer_begin(struct transfers *t, struct transfer *x);
void transfer_end(struct transfers *t, struct transfer *x);

/* The spindle has served the transfer, which waits for the kernel from now on. */
void transfer_finish(struct transfers *t, struct transfer *x);

/* The oldest transfer that is done, no longer in flight; the caller puts it
   back. NULL: there is none. */
struct transfer *transfer_next_finished(struct transfers *t);
void transfer_put(struct transfers *t, struct transfer *x);

#endif /* IK_TRANSFER_H */
