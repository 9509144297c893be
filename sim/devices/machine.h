/*
 * machine.h - profiles of the simulated machine: rates, sizes and the price
 * of each thing the isolation kernel does, in cycles.
 *
 * All integers. Where a number comes from the Denali paper (OSDI 2002), or from
 * measurements of its processor (docs/experiments/costs.md), machine.c says so;
 * the rest are engineering estimates and say that.
 */
#ifndef SIM_MACHINE_H
#define SIM_MACHINE_H

#include "sim/base.h"

/* Cycles; every kernel entry costs at least 1, so each is >= 1 but those
   marked (0). */
struct machine_costs {
    uint32_t trap;            /* Enter and leave the kernel: idle, alarm... */
    uint32_t pio;             /* A programmed I/O: trap and emulation. */
    uint32_t switch_base;     /* To another VM that then touches no memory. */
    uint32_t switch_per_page; /* (0) Per page first touched after a switch; */
    uint32_t switch_page_max; /* (0) for this many pages, and no more. */
    uint32_t resume;          /* (0) To a VM that idled, and is loaded still. */
    uint32_t interrupt;       /* A physical interrupt, its controller too. */
    uint32_t rx_packet;       /* (0) The driver, per packet received. */
    uint32_t tx_packet;       /* (0) The driver, per packet sent. */
    uint32_t copy_to_guest;   /* (0) Per 64 bytes of a packet, or a line. */
    uint32_t copy_from_guest; /* (0) The same. */
    uint32_t page_fault;      /* Trap, legality, table and frame. */
    uint32_t zero_page;       /* (0) Clearing a frame. */
    uint32_t table_page;      /* (0) Allocating a page of page table. */
    uint32_t disk_request;    /* (0) The disk driver, per request. */
    uint32_t deliver;         /* (0) Building a virtual interrupt's frame. */
};

/* Kernel memory pinned for each VM, from the Denali paper, section 4.3.1. */
#define VM_PINNED_BYTES 8472

struct disk_model;

struct machine {
    const char *name;
    const char *summary;
    uint64_t cpu_hz;
    uint64_t ram_bytes; /* Default of `machine.ram`. */
    uint64_t link_bits_per_second;
    uint64_t link_latency_ns;
    uint32_t
        tx_ahead; /* Default of `machine.tx_ahead`, see nic.h; ours. How many
                          descriptors Denali's driver had is not known, and who
                          is next is decided late only if they are few. */
    struct machine_costs costs;
    uint32_t disk_count;
    const struct disk_model *disk; /* All of a kind; see disk.h. */
};

/* All profiles, the default first; ended by a NULL name. */
extern const struct machine machine_profiles[];

/* NULL when there is no such profile. */
const struct machine *machine_find(const char *name);

/* Nanoseconds to cycles, rounded up; TIME_NEVER when out of range. */
uint64_t cycles_from_ns(uint64_t ns, uint64_t cpu_hz);

/* Cycles to nanoseconds, rounded down. */
uint64_t ns_from_cycles(uint64_t cycles, uint64_t cpu_hz);

#endif /* SIM_MACHINE_H */
