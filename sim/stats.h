/*
 * stats.h - what a run has counted: the report's simulated part.
 *
 * The code that does a thing counts it here. The rows of sim/report/list.h say
 * which figures there are, and what each covers; other members are what figures
 * are computed from. Times are in cycles and become nanoseconds in the report.
 */
#ifndef SIM_STATS_H
#define SIM_STATS_H

#include "sim/histogram.h"
#include "sim/report/list.h"
#include "sim/steady/interval.h"
#include "sim/vocabulary/words.h"

struct load_stats {
    FIGURE_MEMBERS(LOAD_FIGURES)
    uint64_t offered;  /* Requests that became due in the window. */
    uint64_t answered; /* Right answers that arrived in it. */
    uint64_t servers;  /* Game servers that are played on. */
    struct histogram
        batches[INTERVAL_BATCHES]; /* Of `latency`, by when requests
                                                   were due. */
};

/* TCP between clients and guests. */
struct tcp_stats {
    struct {
        FIGURE_MEMBERS(TCP_CLIENTS_FIGURES)
    } clients;
    struct {
        FIGURE_MEMBERS(TCP_GUESTS_FIGURES)
    } guests;
};

/* What one VM got in the window; for the indices of fairness. */
struct vm_stats {
    uint64_t sent, completed; /* Requests. */
    uint64_t latency;         /* Cycles; the sum over completed requests. */
    uint64_t cpu;             /* Cycles charged to it. */
    bool is_whole;            /* Alive from the window's start to its end. */
    bool exists;              /* The VM was created; it may have ended. */
};

enum fairness { FAIRNESS_CPU, FAIRNESS_ANSWERED, FAIRNESS_LATENCY };

struct stats {
    bool in_window;
    uint64_t window_start, window_end; /* Cycles. */
    uint64_t warmup;                   /* Cycles of it, when the run is over. */

    struct {
        FIGURE_MEMBERS(GUEST_FIGURES)
    } guest;
    struct {
        FIGURE_MEMBERS(VMS_FIGURES)
    } vms;
    uint64_t cpu[CPU_CATEGORY_COUNT]; /* (window) */
    uint64_t cpu_whole[CPU_CATEGORY_COUNT];
    struct {
        FIGURE_MEMBERS(SCHED_FIGURES)
    } sched;
    struct {
        FIGURE_MEMBERS(GATE_FIGURES)
    } gate;
    struct {
        FIGURE_MEMBERS(MEMORY_FIGURES)
    } memory;
    struct {
        FIGURE_MEMBERS(VIRQ_FIGURES)
    } virq;
    struct {
        FIGURE_MEMBERS(NET_FIGURES)
        struct {
            FIGURE_MEMBERS(NET_DROPS_FIGURES)
        } rx_drops_by_cause;
    } net;
    struct {
        FIGURE_MEMBERS(DISK_FIGURES)
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
 * Returns Jain's index over VMs, (sum x)^2 / (n sum x^2): 1 when all have the
 * same, 1/n when one has all, and 1 when there is nothing to share. x is the
 * CPU time of VMs that lived through the window, the share of its requests that
 * a VM completed, or its mean latency.
 */
double stats_fairness(const struct stats *s, enum fairness kind);

#endif /* SIM_STATS_H */
