/*
 * disk.h - spindles: where the arm is, where the platter is, and who waits.
 *
 * A request's service is command overhead, then the seek (a curve over the
 * distance in cylinders), then the wait until its first sector passes under
 * the head (the platter's angle follows virtual time, from angle 0 at cycle
 * 0), then the transfer, with a track-to-track seek where it crosses into the
 * next cylinder. One request at a time; the rest wait in a queue from which
 * the spindle's policy chooses. All in integers.
 *
 * Left out: zones (the rate is the same on all cylinders), bad sectors, and a
 * cache of writes: a write is done when it is on the platter. Of the drive's
 * buffer only this is left: after a read it reads on, so that a read of the
 * very next blocks finds what has passed under the head meanwhile.
 */
#ifndef SIM_DISK_H
#define SIM_DISK_H

#include "sim/events.h"
#include "sim/histogram.h"

#define DISK_BLOCK_BYTES 4096

#define DISK_RPM_MAX       1000000u
#define DISK_CYLINDERS_MIN 8u /* Or 1: no arm. */
#define DISK_CYLINDERS_MAX (1u << 24)
#define DISK_NS_MAX        1000000000u /* Of a seek, or of overhead. */

/*
 * A kind of drive. Blocks of a cylinder follow each other on its tracks, of
 * which bytes_per_second * 60 / rpm bytes make one; changing heads is free.
 * Cylinders are skewed by a track seek, so nothing is lost between them. One
 * with no arm (cylinders 1, seeks 0) and no rotation (rpm 0) is flash memory.
 * Seeks do not grow shorter with distance: track <= average <= full.
 */
struct disk_model {
    const char *name;
    uint64_t capacity_bytes;
    uint32_t rpm; /* 0: the next sector is always there. */
    uint32_t cylinders;
    uint64_t track_seek_ns;    /* To the next cylinder, settling included. */
    uint64_t average_seek_ns;  /* Over a third of the cylinders. */
    uint64_t full_seek_ns;     /* Over all of them. */
    uint64_t bytes_per_second; /* Off the platter; 0, if rpm is: at once. */
    uint64_t overhead_ns;      /* A command's. */
    uint64_t read_ahead_bytes; /* How far it reads on; 0: it does not. */
};

struct disk_request;
typedef void disk_done_fn(void *ctx, struct disk_request *r);

/* A request, embedded in the struct that waits for it. */
struct disk_request {
    uint64_t block; /* First, of DISK_BLOCK_BYTES; below the disk's count. */
    uint32_t count; /* Blocks; > 0, all on the disk. */
    bool is_write;
    uint32_t owner;     /* Who causes it: a VM, or a number that is none. */
    disk_done_fn *done; /* Called by an event when the request is served. */
    void *ctx;
    /* Used by the disk while the request is queued or being served. */
    uint64_t issued;  /* Cycles. */
    uint64_t arrived; /* By the policy's own clock, if it has one. */
    struct disk_request *next;
    struct disk_request *prev;
};

struct disk;
struct arena;
struct disk_shares;

/* How the queue is served. Tables are const. */
struct disk_policy {
    const char *name;
    const char *summary;
    /* What the policy knows of owners [0, owners), for one spindle; NULL when
       the arena is full. NULL: it keeps nothing, and so the next two are. */
    struct disk_shares *(*create)(struct arena *arena, uint32_t owners);
    /* The request has come, and is not in the queue yet. */
    void (*arrived)(struct disk *d, struct disk_request *r);
    /* Serving the request begins, and will take so many cycles. */
    void (*begun)(struct disk *d, struct disk_request *r, uint64_t cycles);
    /* Returns the request of a queue that is not empty to serve next; the
       request stays in the queue. */
    struct disk_request *(*choose)(struct disk *d);
};

/* What a service is made of, in cycles; the sum is at least 1. */
struct disk_service {
    uint64_t overhead;
    uint64_t seek; /* To the first cylinder, and on to the next ones. */
    uint64_t rotation;
    uint64_t transfer;
    uint64_t ahead; /* Saved by read-ahead; not part of the sum. */
};

/*
 * Whole run; a request counts when it is done, so a window's figures are
 * differences. busy = overhead + seek + rotation + transfer.
 */
struct disk_stats {
    uint64_t reads, writes;
    uint64_t blocks_read, blocks_written;
    uint64_t busy;                               /* Cycles; see disk_busy. */
    uint64_t overhead, seek, rotation, transfer; /* Parts of busy. */
    uint64_t queue_peak;      /* The one being served not counted. */
    struct histogram wait;    /* Issued to served from, cycles. */
    struct histogram service; /* Cycles. */
};

/* The model in cycles. An angle is a fraction of `turn`, whatever the clock. */
struct disk_layout {
    uint64_t blocks_per_cylinder;
    uint64_t block_cycles; /* To transfer one. */
    uint64_t overhead_cycles;
    uint64_t track_seek_cycles;
    uint64_t ahead_cycles;  /* How long it reads on. */
    uint64_t turn;          /* 60 cpu_hz: each cycle turns it by rpm. */
    uint64_t block_turn;    /* From a block's angle to the next one's. */
    uint64_t cylinder_turn; /* From a cylinder's to the next one's. */
};

struct disk {
    const struct disk_model *model;
    const struct disk_policy *policy;
    struct disk_shares *shares; /* The policy's; NULL: it keeps nothing. */
    struct event_queue *events; /* Borrowed. */
    uint64_t cpu_hz;
    uint64_t block_count;
    struct disk_layout layout;
    uint32_t cylinder;         /* The arm's position. */
    bool is_ascending;         /* The elevator's direction. */
    uint64_t sweep_issued;     /* The youngest request of its sweep. */
    struct disk_request *head; /* The queue, by time of issue. */
    struct disk_request *tail;
    uint32_t queued;
    struct disk_request *serving; /* NULL: the disk is idle. */
    uint64_t serving_from;        /* Cycles; valid while serving. */
    struct disk_service service;  /* Valid while serving. */
    uint64_t ahead_block; /* Read-ahead began here; block_count: none. */
    uint64_t ahead_from;  /* The cycle at which read-ahead began. */
    struct sim_timer timer;
    struct disk_stats stats;
};

/* `elevator`, `fcfs` and `fair`; the default first; ended by NULL. */
extern const struct disk_policy disk_fair;
extern const struct disk_policy *const disk_policies[];
const struct disk_policy *disk_policy_find(const char *name);

void disk_init(struct disk *d, const struct disk_model *model,
               const struct disk_policy *policy, struct event_queue *events,
               uint64_t cpu_hz);

/* Comes before the first request, if the policy has create(). False when the
   arena is full. */
SIM_MUST_USE bool disk_share(struct disk *d, struct arena *arena,
                             uint32_t owners);

/*
 * Submits a request at cycle `now` >= events->now. The disk keeps the request
 * until done() is called, when the next one is already being served.
 */
void disk_submit(struct disk *d, uint64_t now, struct disk_request *r);

/*
 * Takes back a request that is still queued. False: it is being served, will
 * be done, and must stay where it is until then.
 */
bool disk_cancel(struct disk *d, struct disk_request *r);

/* Returns the cycles that serving the request from `now` on would take. */
uint64_t disk_service_cycles(const struct disk *d, uint64_t now,
                             const struct disk_request *r);

/* Returns the cylinder of a block below block_count. */
uint32_t disk_cylinder(const struct disk *d, uint64_t block);

/* Returns the seek time over a distance in cylinders; it does not fall with the
   distance, and is 0 for 0. */
uint64_t disk_seek_ns(const struct disk_model *m, uint32_t distance);

/* Returns the cycles that the disk was busy up to `now`, an unfinished service
   included. */
uint64_t disk_busy(const struct disk *d, uint64_t now);

#endif /* SIM_DISK_H */
