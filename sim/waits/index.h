/*
 * index.h - the stretches, slices and transfers of a whole trace, kept so that
 * any of them can be looked up, and whose work filled a wait.
 */
#ifndef SIM_WAITS_INDEX_H
#define SIM_WAITS_INDEX_H

#include "sim/waits/waits.h"

struct waits_index {
    /* Owned. By VM, then by time; those of VM v are from starts[v] up to, not
       with, starts[v + 1]. */
    struct stretch *stretches;
    size_t *starts;
    struct slice *slices;            /* Owned; by time, without a gap. */
    struct transfer_span *transfers; /* Owned; by `done`. */
    size_t stretch_count, slice_count, transfer_count;
    size_t stretch_room, slice_room, transfer_room;
    uint32_t vm_limit;
    struct waits *waits; /* Owned. */
    bool is_short;       /* Host memory was short. */
};

/* False: out of memory. To be released in any case. */
SIM_MUST_USE bool waits_index_init(struct waits_index *x, uint32_t vm_limit,
                                   uint32_t disks);
void waits_index_release(struct waits_index *x);

/* A sink; ctx is the index. */
void waits_index_event(void *ctx, const struct trace_event *event);

/* After the last event; before it nothing can be looked up. False: host memory
   was short. */
SIM_MUST_USE bool waits_index_finish(struct waits_index *x);

/* Returns the VM's stretch at the cycle. NULL: the VM is not there then. */
const struct stretch *waits_index_at(const struct waits_index *x, uint32_t vm,
                                     uint64_t cycle);

/*
 * Whose work filled a span of time, the greatest share first. The shares sum to
 * the span as far as the processor, or the spindle, was at work in it or idle;
 * idle time is nobody's.
 */
struct antagonist {
    uint32_t vm;                /* TRACE_NO_VM: nobody's. */
    enum cpu_category category; /* Of the processor; CPU_GUEST of a spindle. */
    uint64_t cycles;
};

/*
 * Writes up to `limit` antagonists of the stretch, and returns how many there are.
 * For a wait for the spindle they are those whom the spindle served, for all
 * others those for whom the processor worked. SIZE_MAX: out of memory.
 */
size_t waits_antagonists(const struct waits_index *x, const struct stretch *s,
                         struct antagonist *to, size_t limit);

#endif /* SIM_WAITS_INDEX_H */
