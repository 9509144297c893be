/*
 * replay.h - what the machine looks like, folded from the stream of events: the
 * state that every view shows, live or from a file.
 *
 * It is told each event in order and knows nothing else, so a trace shows
 * exactly what the run showed. Its lists are the kernel's: a test compares them
 * with the kernel's own after every event. VMs that are READY stand in the
 * order in which the scheduler would pick them if nothing came in between
 * (TRACE_READY's key; a lottery draws instead, and has none).
 */
#ifndef SIM_TRACE_REPLAY_H
#define SIM_TRACE_REPLAY_H

#include "sim/stats.h"
#include "sim/trace/file.h"

#define REPLAY_NONE UINT32_MAX

struct replay_vm {
    enum vm_state state;
    bool exists;       /* The VM was created; it may have ended. */
    bool is_preferred; /* READY, before its turn. */
    /* Valid while READY: the place in the run queue, by rank (set aside,
       preferred, others), then by key, then by order of coming. Who was set
       aside last has the least key of those. */
    uint8_t ready_rank;
    uint64_t ready_key, ready_order;
    uint64_t since;    /* Cycles: in this state since. */
    uint32_t pending;  /* Mask of virtual interrupts. */
    uint32_t resident; /* Frames that hold its pages. */
    uint32_t tables;   /* Frames that hold its page tables. */
    uint32_t rx, tx;   /* Packets in its queues. */
    uint32_t batch;    /* rx when NET_RX was last delivered. */
    uint64_t deadline; /* IDLE: when it wakes by itself; UINT64_MAX: never. */
    uint64_t insns;
    uint64_t cpu[CPU_CATEGORY_COUNT]; /* Cycles charged to it. */
    uint32_t prev, next; /* In the list of its state; REPLAY_NONE: ends. */
    bool has_reason;     /* A policy has given a reason for it. */
    struct trace_reason reason; /* The last reason; valid if has_reason. */
};

/* VMs of one state in order of coming; READY: by key. */
struct replay_list {
    uint32_t head, tail; /* REPLAY_NONE: empty. */
    uint32_t count;
};

enum {
    REPLAY_FRAME_USED = 1,
    REPLAY_FRAME_DIRTY = 2,
    REPLAY_FRAME_TOUCHED = 4, /* Since the hand last stood at it. */
    REPLAY_FRAME_TABLE = 8,   /* A page table. */
};

struct replay_frame {
    uint64_t touched; /* Cycles: when last; valid once it was. */
    /* The VM, and its page or the number of its page table; valid with
       REPLAY_FRAME_USED. All of a frame that is free or the kernel's is zero,
       and of one whose page is on its way in, so that memory is taken for frames
       that events name only, whatever a header says. */
    uint32_t owner;
    uint32_t page;
    uint8_t flags;
};

/* A request to a spindle, from being queued to done. */
struct replay_io {
    uint64_t block;
    uint64_t since;
    uint32_t vm, blocks;
    bool is_write;
};

#define REPLAY_IO_LIMIT 512 /* Shown of one spindle; counted beyond. */

struct replay_disk {
    uint32_t depth; /* Requests. */
    uint32_t shown; /* Those of them that io[] holds, by coming. */
    struct replay_io io[REPLAY_IO_LIMIT];
    uint64_t reads, writes;
};

#define REPLAY_FLIGHT_LIMIT 4096

enum replay_place {
    REPLAY_TO_MACHINE, /* On the wire, or in the card. */
    REPLAY_IN_RX,      /* In the VM's receive queue. */
    REPLAY_IN_TX,      /* In the VM's transmit queue. */
    REPLAY_TO_CLIENTS, /* Sent by the VM; or to another VM, for a moment. */
};

/* A frame between the clients and the machine, or in a VM's queue. */
struct replay_packet {
    uint64_t since;  /* Cycles: where it is since. */
    uint64_t packet; /* Serial number. */
    uint32_t vm;     /* REPLAY_NONE: no VM. */
    uint16_t bytes;
    bool is_reply; /* From a VM. */
    enum replay_place place;
};

/* A sample: the counts of one span of virtual time; see replay_options. */
struct replay_sample {
    uint64_t cpu[CPU_CATEGORY_COUNT];      /* Cycles. */
    uint32_t requests, replies, lost;      /* lost: timed out or failed. */
    uint64_t latency_sum, latency_max;     /* Cycles; of the replies. */
    uint32_t waiting, ready, paging, idle; /* VMs, at its end. */
    uint32_t resident;                     /* Frames, at its end. */
    uint32_t faults, evictions, disk_depth;
    uint64_t rx_packets, tx_packets, switches, deliveries;
};

struct replay_options {
    uint64_t sample_cycles; /* Span of a sample at first; 0 counts as 1. */
    size_t sample_limit;    /* At least 2; 0: REPLAY_SAMPLE_LIMIT. When there
                               would be more, two and two become one. */
};

#define REPLAY_SAMPLE_LIMIT 65536

struct replay {
    struct trace_info info; /* Borrowed. */
    uint64_t now;           /* The time of the last event. */
    uint64_t events;        /* The number of events so far. */
    uint32_t phase;         /* The number in TRACE_PHASE. */
    struct replay_vm *vms;  /* info.vm_limit. */
    struct replay_list lists[VM_STATE_COUNT];
    uint32_t running;            /* VM; REPLAY_NONE: none. */
    uint32_t set_aside;          /* VM that a target took the processor from
                                    last; REPLAY_NONE: there is none. */
    uint32_t aside_count;        /* Of those who are set aside. */
    uint64_t granted, used;      /* The running VM's quantum, in cycles. */
    struct replay_frame *frames; /* info.frames. */
    uint32_t frames_used, frames_dirty, hand;
    struct replay_disk *disks; /* info.disks. */
    struct replay_packet flight[REPLAY_FLIGHT_LIMIT];
    uint32_t flight_count;            /* In no order; beyond the limit they are
                                         not kept. */
    uint64_t cpu[CPU_CATEGORY_COUNT]; /* Cycles since the start. */
    uint64_t requests, replies, lost;

    /* Sample i covers the cycles from i * sample_cycles. The samples count all
       events that were ever folded, not only those that lead to this state: see
       replay_restore. */
    uint64_t sample_cycles;
    struct replay_sample *samples; /* Owned; the last one is not complete. */
    size_t sample_count, sample_limit;

    struct replay_own *own; /* Used by sim/trace/replay_*.c alone. */
};

/* NULL: the host is out of memory, or the machine is larger than any. */
struct replay *replay_create(const struct trace_info *info,
                             const struct replay_options *options);
void replay_free(struct replay *r); /* NULL is allowed. */

/* A sink; ctx is the replay. Events come in their order. What makes no sense,
   as in a damaged file, is ignored; no event that is sound can do harm. */
void replay_event(void *ctx, const struct trace_event *event);

/* The last sample says what holds now, where others say what held at their
   end. To be called before it is looked at. */
void replay_settle(struct replay *r);

/*
 * A copy of all but the samples, to go back to: seeking keeps one now and then.
 * NULL: the host is out of memory. A mark is of the replay that it was saved
 * from. replay_restore leaves the samples alone, and events that they have
 * counted once they do not count again.
 */
struct replay_mark;
struct replay_mark *replay_save(const struct replay *r);
void replay_restore(struct replay *r, const struct replay_mark *mark);
void replay_mark_free(struct replay_mark *mark);

#endif /* SIM_TRACE_REPLAY_H */
