/*
 * shadow.h - what a run's report should say, counted from its trace alone by
 * the definitions of docs/report.md.
 *
 * The shadow keeps as little as possible of what the kernel keeps, and nothing
 * in the same way: a distribution is all its values, a wait is the difference
 * of two events' times, and whatever is counted "in the window" is counted
 * between two `phase` events. What is in frames it takes from the run's pcap. It
 * reads a trace twice, since some figures ask
 * for what comes later: the window's ends, and how many pages a disk read
 * brings.
 */
#ifndef TESTS_SHADOW_SHADOW_H
#define TESTS_SHADOW_SHADOW_H

#include "sim/devices/machine.h"
#include "tests/shadow/fact.h"
#include "tests/shadow/frames.h"
#include "tests/shadow/sample.h"

#define SHADOW_INTERRUPTS 32

enum shadow_state {
    SHADOW_CREATED,
    SHADOW_WAITING,
    SHADOW_READY,
    SHADOW_RUNNING,
    SHADOW_PAGING,
    SHADOW_IDLE,
    SHADOW_DEAD,
};

struct shadow_vm {
    bool exists; /* It was created, whatever became of it. */
    enum shadow_state state;
    uint64_t arrived; /* Cycles: at the gate; valid while WAITING. */
    uint32_t pending; /* Mask of interrupts. */
    uint64_t raised[SHADOW_INTERRUPTS]; /* Cycles: first, of those pending. */
    uint64_t rx;                        /* Packets in its receive queue. */
    uint64_t resident, tables;          /* Frames. */
    uint64_t coming; /* Frames at most, for pages on their way in. */
    size_t reading;  /* In the first reading: the disk read that ended last,
                        plus 1; 0: none since the VM was READY. */
    uint64_t instructions;
    uint64_t cpu[CPU_CATEGORY_COUNT]; /* Cycles, whole run. */
    uint64_t cpu_before;              /* All of them, before the window. */
    uint64_t cpu_window;              /* All of them, in the window. */
    bool is_whole;                    /* Lives through the window. */
    uint64_t sent, completed;         /* Requests due in the window. */
    uint64_t latency;                 /* Cycles, of those completed together. */
};

enum shadow_sample { /* Distributions; all of times in cycles but BATCH. */
                     SHADOW_WAIT,
                     SHADOW_BATCH, /* Packets. */
                     SHADOW_DELAY,
                     SHADOW_LATENCY,
                     SHADOW_CLIENT_SRTT,
                     SHADOW_RTO,
                     SHADOW_GUEST_SRTT,
                     SHADOW_SILENCE,
                     SHADOW_SAMPLES
};

struct shadow_group { /* Whole run. */
    uint64_t faults, requests, replies, lost;
    struct sample latency;
};

struct shadow_request {
    uint64_t due;
    uint32_t vm;
    bool is_open, is_counted;
};

/* A read or write that a disk has not been heard of yet. */
struct shadow_io {
    size_t read; /* Which read of the run; of a write nothing. */
    bool is_read;
    uint32_t vm, disk, blocks;
    uint64_t block;
};

struct shadow_disk {
    uint32_t outstanding;
    uint64_t since; /* Cycles: requests are outstanding since. */
};

struct shadow_load { /* Of the scenario. */
    uint32_t group;
    bool is_game;
    uint64_t datagram_bytes; /* Of payload; 0: of another kind. */
    bool is_finite; /* All that is due after the window's start counts. */
};

struct shadow_count { /* By name as in the report. */
    uint64_t created, terminated, vms_failed, faulted, refused;
    uint64_t switches, preemptions, wake_preemptions, idles, boosts, summons;
    uint64_t admissions, max_waiting;
    uint64_t faults, zero_fills, page_ins, page_outs;
    uint64_t raised, coalesced, deliveries;
    uint64_t rx_packets, rx_drops, tx_packets, tx_drops, local_packets;
    uint64_t rx_bytes, tx_bytes, interrupts;
    uint64_t vm_full, pool_full, no_vm, overrun;
    uint64_t reads, writes;
    uint64_t sent, completed, timed_out, failed, unanswered, bytes;
    uint64_t offered, answered, open_before, open;
    uint64_t snapshots, retransmits;
    uint64_t client_retransmits, client_spurious, timeouts;
    uint64_t guest_retransmits, guest_spurious;
};

/* What was so from a moment on, or happened at it. */
struct shadow_moment {
    uint64_t time, value; /* Cycles. */
};

struct shadow_moments {
    struct shadow_moment *items; /* Owned. */
    size_t count, room;
};

struct shadow_interval { /* Of a percentile. */
    enum interval_state state;
    uint64_t low, high; /* Cycles. */
    double takes;
};

struct shadow_tcp; /* A connection: of shadow_tcp.c alone. */

struct shadow {
    const struct trace_info *info; /* Borrowed. */
    struct shadow_load *loads;
    uint32_t load_count;
    bool has_trouble;       /* The link loses, reorders or duplicates. */
    bool has_drain;         /* The window was whole: the first reading knows. */
    bool in_window;         /* The event at hand is. */
    bool sent_in_window;    /* The last TX was. */
    uint64_t servers;       /* Game servers that are played on. */
    uint64_t kernel_frames; /* The kernel's own, without those of VMs. */
    const struct machine_costs *costs; /* Of the profile. */

    /* The first reading. */
    uint64_t window_start, window_end; /* Cycles; UINT64_MAX: none. */
    uint64_t load_began;               /* Cycles; UINT64_MAX: it has not. */
    uint64_t last;                     /* Cycles: of all events. */
    uint32_t *fills;                   /* By disk read: pages it brought. */
    size_t read_count, read_room;

    /* The second reading. */
    uint64_t phase_start, phase_stop; /* Cycles: of the window's events. */
    uint64_t now;                     /* Of the event at hand. */
    uint64_t ran;       /* Cycles: when a guest, or nobody, last had the CPU. */
    struct fact before; /* The event before. */
    uint64_t sent_packet;  /* Serial number of the last TX; 0: none. */
    struct shadow_vm *vms; /* info->vm_limit. */
    struct shadow_group *groups;
    struct shadow_io *ios;
    size_t io_count, io_room, reads_seen;
    struct shadow_disk *disks;      /* info->disks. */
    uint64_t busy_least, busy_most; /* Cycles, in the window. */
    uint64_t waiting;               /* VMs at the gate. */
    uint64_t living;
    uint64_t tables; /* Frames; */
    uint64_t table_peak;
    uint64_t used_least, used_most;  /* Frames of pages, tables, and pages on
                                       their way, without the kernel's own. */
    uint64_t peak_least, peak_most;  /* With the kernel's own. */
    struct shadow_request *requests; /* By number. */
    size_t request_count;
    uint64_t *connections; /* By number: the request asked last, plus 1. */
    size_t connection_count;

    /* For steady.c. */
    uint64_t latest;                   /* Cycles: of what changes a level. */
    uint64_t asked_now;                /* Requests that are open. */
    struct shadow_moments asked, gate; /* Levels: open requests, waiting VMs. */
    struct shadow_moments faulted;     /* Page faults. */
    struct shadow_moments answers;     /* Latencies, by when due; */
    struct shadow_moments counted;     /* those that the window counts. */

    struct frames frames;   /* Without a pcap there is none, and no TCP. */
    struct shadow_tcp *tcp; /* By connection. */
    size_t tcp_count;
    uint64_t left; /* Cycles: of that event. */

    struct shadow_count count;
    uint64_t cpu[CPU_CATEGORY_COUNT];       /* Cycles, in the window. */
    uint64_t cpu_whole[CPU_CATEGORY_COUNT]; /* Cycles. */
    uint64_t instructions;
    struct sample samples[SHADOW_SAMPLES];

    char odd[256]; /* The first event that does not fit those before. */
};

/* False: the trace's scenario is not one that the shadow understands. */
SIM_MUST_USE bool shadow_init(struct shadow *s, const struct trace_info *info);
void shadow_release(struct shadow *s);

/* Each event in its order, first all of one reading, then of the other. */
void shadow_foresee(struct shadow *s, const struct fact *f);
void shadow_take(struct shadow *s, const struct fact *f);

/* After the last event of either reading. */
void shadow_foreseen(struct shadow *s);
void shadow_finish(struct shadow *s);

uint64_t shadow_virtual_cycles(const struct shadow *s);
uint64_t shadow_warmup_cycles(const struct shadow *s);
uint32_t shadow_group_count(const struct shadow *s);
const char *shadow_group_name(const struct shadow *s, uint32_t group);
uint32_t shadow_group_of(const struct shadow *s, uint32_t vm);

/* A number of the scenario, which writes values as texts; 0: it is not there. */
double shadow_number(const json_t *object, const char *key);

/* Item of a list of the scenario: "vms" or "load". */
const json_t *shadow_item(const struct shadow *s, const char *list, size_t i);

/* Keeps the sentence, unless there is one. */
__attribute__((format(printf, 2, 3))) void
shadow_wonder(struct shadow *s, const char *format, ...);

/* What becomes of the VM's figures by an event about it; by kind, NULL: nothing. */
typedef void shadow_taker(struct shadow *s, struct shadow_vm *vm,
                          const struct fact *f);
void shadow_tell(struct shadow *s, shadow_taker *const table[TRACE_KIND_COUNT],
                 const struct fact *f);

/* Parts of shadow_take and the like, by what they are about. */
void shadow_memory(struct shadow *s, const struct fact *f);
void shadow_use(struct shadow *s, int64_t least, int64_t most); /* Frames. */
void shadow_net(struct shadow *s, const struct fact *f);
void shadow_disk(struct shadow *s, const struct fact *f);
void shadow_disk_foresee(struct shadow *s, const struct fact *f);
void shadow_disk_finish(struct shadow *s);
void shadow_load(struct shadow *s, const struct fact *f);
void shadow_tcp(struct shadow *s, const struct fact *f);
void shadow_tcp_foresee(struct shadow *s, const struct fact *f);
void shadow_steady(struct shadow *s, const struct fact *f);
void shadow_steady_release(struct shadow *s);
void shadow_note(struct shadow_moments *m, uint64_t time, uint64_t value);
bool shadow_load_init(struct shadow *s);
bool shadow_memory_init(struct shadow *s);
bool shadow_net_init(struct shadow *s);

/* The body's length that the group's servers answer with. */
uint64_t shadow_body_bytes(const struct shadow *s, uint32_t group);

#endif /* TESTS_SHADOW_SHADOW_H */
