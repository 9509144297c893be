/*
 * disk.h - spindles: where the arm is, where the platter is, and who waits.
 *
 * A request's service is command overhead, then the seek (a curve over the
 * distance in cylinders), then the wait until its first sector passes under
 * the head (the platter's angle follows virtual time, from angle 0 at cycle
 * 0), then the transfer, with a track-to-track seek where it crosses into the
 * next cylinder. One request at a time; the rest wait in a queue from which
 * the spindle's policy chooses. All in integers.
 */
#ifndef SIM_DISK_H
#define SIM_DISK_H

#include "sim/events.h"
#include "sim/histogram.h"

#define DISK_BLOCK_BYTES 4096

/* A kind of drive. Blocks of a cylinder follow each other on its tracks. */
struct disk_model {
    const char *name;
    uint64_t capacity_bytes;
    uint32_t rpm;
    uint32_t cylinders;
    uint64_t track_seek_ns;    /* To the next cylinder, settling included. */
    uint64_t average_seek_ns;  /* Over a third of the cylinders. */
    uint64_t full_seek_ns;     /* Over all of them. */
    uint64_t bytes_per_second; /* Off the platter. */
    uint64_t overhead_ns;      /* A command's. */
};

struct disk_request;
typedef void disk_done_fn(void *ctx, struct disk_request *r);

/* Embedded in whatever waits for it. */
struct disk_request {
    uint64_t block; /* First, of DISK_BLOCK_BYTES; below the disk's count. */
    uint32_t count; /* Blocks; > 0, all on the disk. */
    bool is_write;
    disk_done_fn *done; /* Called when it has been served, by an event. */
    void *ctx;
    /* The disk's, while it is queued or being served. */
    uint64_t issued; /* Cycles. */
    struct disk_request *next;
    struct disk_request *prev;
};

struct disk;

/* How the queue is served. Tables are const. */
struct disk_policy {
    const char *name;
    const char *summary;
    /* Of the queue, not empty: the request to serve next, which stays. */
    struct disk_request *(*choose)(struct disk *d);
};

struct disk_stats { /* Whole run; see disk_mark for a window. */
    uint64_t reads, writes;
    uint64_t blocks_read, blocks_written;
    uint64_t busy;                     /* Cycles. */
    uint64_t seek, rotation, transfer; /* Parts of busy. */
    uint64_t queue_peak;
    struct histogram wait;    /* Issued to served from, cycles. */
    struct histogram service; /* Cycles. */
};

struct disk {
    const struct disk_model *model;
    const struct disk_policy *policy;
    struct event_queue *events; /* Borrowed. */
    uint64_t cpu_hz;
    uint64_t block_count;
    uint32_t cylinder;         /* Where the arm is. */
    bool is_ascending;         /* The elevator's direction. */
    struct disk_request *head; /* The queue, oldest first. */
    struct disk_request *tail;
    uint32_t queued;
    struct disk_request *serving; /* NULL: it stands still. */
    struct sim_timer timer;
    struct disk_stats stats;
};

/* `fcfs` and `elevator`; the default first; ended by NULL. */
extern const struct disk_policy *const disk_policies[];
const struct disk_policy *disk_policy_find(const char *name);

void disk_init(struct disk *d, const struct disk_model *model,
               const struct disk_policy *policy, struct event_queue *events,
               uint64_t cpu_hz);

/* At cycle `now` >= events->now. The request is the disk's until done. */
void disk_submit(struct disk *d, uint64_t now, struct disk_request *r);

/*
 * Takes back a request that is still queued. False: it is being served, will
 * be done, and must stay where it is until then.
 */
bool disk_cancel(struct disk *d, struct disk_request *r);

/* Cycles that serving the request at `now` would take, arm as it is. */
uint64_t disk_service_cycles(const struct disk *d, uint64_t now,
                             const struct disk_request *r);

#endif /* SIM_DISK_H */
