/*
 * machine.h - a machine that is only its events: any number of VMs that wait,
 * run, page and idle by a seed, without a kernel. What is true of it is that a
 * replay of it has all kinds of everything.
 */
#ifndef TESTS_VIZ_MACHINE_H
#define TESTS_VIZ_MACHINE_H

#include "sim/random.h"
#include "viz/viz.h"

struct machine {
    struct viz_live live;
    struct vm_group group;
    struct trace_info info;
    struct rng rng;
    uint64_t now;
    uint64_t packets, requests;
    uint8_t *states;  /* By VM; enum vm_state. */
    uint32_t *blocks; /* By VM: what it reads, while PAGING. */
    uint32_t running;
    uint32_t steps, step_limit;
    bool is_shy; /* It shows no registers. */
};

void machine_init(struct machine *m, uint32_t vms, uint32_t frames,
                  uint32_t step_limit);
void machine_release(struct machine *m);

#endif /* TESTS_VIZ_MACHINE_H */
