/*
 * stats.h - what a run has counted: the report's simulated part.
 *
 * Whoever does a thing counts it here. Fields marked (window) count only in
 * the measured window; the rest cover the whole run. Times are in cycles and
 * become nanoseconds in the report.
 */
#ifndef SIM_STATS_H
#define SIM_STATS_H

#include "sim/histogram.h"
#include "sim/vocabulary/words.h"

struct load_stats { /* (window) requests that were due in it. */
    uint64_t sent, completed, timed_out, failed, open;
    uint64_t bytes; /* Of bodies, completed. */
    uint64_t retransmits;
    uint64_t snapshots;       /* Of game servers, as they arrived in it. */
    uint64_t servers;         /* Game servers that are played on. */
    struct histogram latency; /* Due to last byte; completed ones. */
};

/* From the window's start to the end of the drain: TCP between clients and
   guests; docs/report.md says how each is counted. Times in cycles. */
struct tcp_stats {
    struct {
        struct histogram srtt;
        struct histogram rto; /* That have run out. */
        uint64_t timeouts, retransmits, spurious;
    } clients;
    struct {
        struct histogram srtt;
        struct histogram silence; /* Before a segment is sent again. */
        uint64_t retransmits, spurious;
    } guests;
};

/* (window) What one VM got; for the indices of fairness. */
struct vm_stats {
    uint64_t sent, completed; /* Requests. */
    uint64_t latency;         /* Cycles, of the completed ones together. */
    uint64_t cpu;             /* Cycles charged to it. */
    bool is_whole;            /* Alive from the window's start to its end. */
    bool exists;              /* It was created, whatever became of it. */
};

enum fairness { FAIRNESS_CPU, FAIRNESS_ANSWERED, FAIRNESS_LATENCY };

struct stats {
    bool in_window;
    uint64_t window_start, window_end; /* Cycles. */

    struct { /* Whole run. */
        uint64_t instructions, blocks;
    } guest;
    struct { /* Whole run. */
        uint64_t created, terminated, faulted;
    } vms;
    uint64_t cpu[CPU_CATEGORY_COUNT]; /* (window) */
    uint64_t cpu_whole[CPU_CATEGORY_COUNT];
    struct { /* (window) */
        uint64_t switches, preemptions, idles, boosts;
        uint64_t summons; /* Switches to the target of an interrupt. */
    } sched;
    struct { /* (window) */
        uint64_t admissions, max_waiting;
        struct histogram wait;
    } gate;
    struct { /* Whole run, in frames. */
        uint64_t frames, resident_peak, table_peak;
    } memory;
    struct { /* (window) */
        uint64_t faults, zero_fills, page_ins, page_outs;
    } paging;
    struct { /* (window) */
        uint64_t raised, coalesced, deliveries;
        struct histogram batch; /* Packets waiting at a delivery of NET_RX. */
        struct histogram delay; /* First raise to delivery. */
    } virq;
    struct { /* (window) */
        uint64_t interrupts, rx_packets, rx_bytes, tx_packets, tx_bytes;
        uint64_t local_packets; /* From VM to VM. */
        uint64_t rx_drops, drop_vm_full, drop_pool_full, drop_no_vm,
            drop_overrun, tx_drops;
    } net;
    struct { /* (window) */
        uint64_t reads, writes;
        uint64_t busy; /* Cycles, of all spindles together. */
    } disk;
    struct load_stats load; /* All loads together. */
    struct tcp_stats tcp;

    struct vm_stats *per_vm; /* By VM; borrowed. NULL: not kept. */
    uint32_t per_vm_count;
};

void stats_init(struct stats *s);

/* The VM's figures; NULL: they are not kept. */
struct vm_stats *stats_of_vm(struct stats *s, uint32_t vm);

/*
 * Jain's index over VMs, (sum x)^2 / (n sum x^2): 1 when all have the same, 1/n
 * when one has all. Of the CPU time of VMs that lived through the window; of
 * the share of its requests that a VM completed; of its mean latency. 1 when
 * there is nothing to share.
 */
double stats_fairness(const struct stats *s, enum fairness kind);

#endif /* SIM_STATS_H */
