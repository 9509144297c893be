/*
 * waits.h - what each VM did, or waited for, and who ended the wait; folded from
 * the events of a trace, which are the only input.
 *
 * Three streams come out, each in the order in which its items end:
 *
 *   stretches  of a VM: they follow one another without a gap, from its creation
 *              to the end of the trace, and each has one state and one cause;
 *   slices     of the processor: the same, of what it did, for whom;
 *   transfers  of the spindles: queued, begun, done.
 *
 * A stretch says who ended it. Who kept the VM waiting meanwhile is said by the
 * slices and the transfers in it: antagonists.h.
 */
#ifndef SIM_WAITS_WAITS_H
#define SIM_WAITS_WAITS_H

#include "sim/trace/event.h"

#define WAITS_NO_DISK UINT32_MAX

struct stretch {
    uint64_t from, to; /* Cycles; from <= to. */
    uint32_t vm;
    enum vm_state state;
    enum wait_cause cause; /* CAUSE_NONE: the VM did not wait. */
    /*
     * Who ended the wait, by the cause. TRACE_NO_VM: no VM, or it is not known.
     * CAUSE_PROCESSOR: who left the processor last; CAUSE_GATE: who left room
     * behind the gate; CAUSE_FRAME: whose frame became free; CAUSE_SPINDLE: whose
     * transfer was the last before; CAUSE_PACKET: the VM that sent the packet
     * (TRACE_NO_VM: a client).
     */
    uint32_t by;
    uint32_t disk;   /* CAUSE_SPINDLE, CAUSE_TRANSFER; else WAITS_NO_DISK. */
    uint64_t detail; /* CAUSE_PACKET: its number; CAUSE_SPINDLE and
                        CAUSE_TRANSFER: the first block; else 0. */
    bool is_open;    /* The trace ends within it. */
};

struct slice {
    uint64_t from, to; /* Cycles; from < to. */
    uint32_t vm;       /* For whom; TRACE_NO_VM: for nobody. */
    enum cpu_category category;
};

/* A request to a spindle. It was begun when the spindle was done with what came
   before, or at once. */
struct transfer_span {
    uint64_t queued, begun, done; /* Cycles, in this order. */
    uint64_t block;
    uint32_t blocks;
    uint32_t disk, vm;
    enum disk_op op;
};

/* NULL: the caller does not want those. */
struct waits_sink {
    void *ctx; /* Borrowed. */
    void (*stretch)(void *ctx, const struct stretch *s);
    void (*slice)(void *ctx, const struct slice *s);
    void (*transfer)(void *ctx, const struct transfer_span *t);
};

struct waits; /* Opaque. */

/* A trace with VMs below vm_limit and so many spindles. NULL: out of memory. */
struct waits *waits_create(uint32_t vm_limit, uint32_t disks,
                           const struct waits_sink *sink);
void waits_free(struct waits *w); /* NULL is allowed. */

/* A sink; ctx is the waits. Events come in their order, from the first on; what
   makes no sense, as in a damaged trace, does no harm. */
void waits_event(void *ctx, const struct trace_event *event);

/* After the last event: gives out what is open. False: host memory was short,
   and some transfers are missing. */
SIM_MUST_USE bool waits_finish(struct waits *w);

#endif /* SIM_WAITS_WAITS_H */
