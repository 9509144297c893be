/* machine.c - the profiles, and conversions of time. See machine.h. */
#include "sim/devices/machine.h"

#include <string.h>

#include "sim/devices/disk.h"
#include "sim/events.h"
#include "sim/limits.h"

#include "sim/banned.h"

#define GHZ 1000000000ull
#define GIB (1ull << 30)
#define MB  1000000ull /* As drives are sold. */
#define GB  (1000 * MB)

/*
 * 80 GB, 7200 rpm and the 2 MB buffer are the paper's. The rest are estimates
 * for a desktop drive of 2001: 38 MB/s, between the outer and the inner
 * tracks; 63,000 cylinders, so that one has the four tracks of two platters;
 * seeks and overhead such that 4 KiB anywhere take about 13 ms.
 */
static const struct disk_model diamondmax_80 = {
    .name = "diamondmax-80",
    .capacity_bytes = 80 * GB,
    .rpm = 7200,
    .cylinders = 63000,
    .track_seek_ns = 1000000,
    .average_seek_ns = 9000000,
    .full_seek_ns = 18000000,
    .bytes_per_second = 38 * MB,
    .overhead_ns = 300000,
    .read_ahead_bytes = 2ull << 20,
};

/* Any request takes one cycle. */
static const struct disk_model ideal_disk = {
    .name = "ideal",
    .capacity_bytes = 4000 * GB,
    .cylinders = 1,
};

/*
 * One channel of a solid-state drive: a drive answers in some 80 us but does
 * many requests at once, so it is modelled as eight independent disks. Their
 * sum, 3.84 TB, 2 GB/s, 100,000 requests a second, is an estimate; writes are
 * taken to be as slow as reads, and never wait for an erasure.
 */
static const struct disk_model flash_channel = {
    .name = "flash-channel",
    .capacity_bytes = 480 * GB,
    .cylinders = 1,
    .bytes_per_second = 250 * MB,
    .overhead_ns = 64000,
};

/* The Pentium 4's caches of data, 8 KiB and 256 KiB, in pages of 4 KiB. */
#define P4_CACHE_PAGES ((8 + 256) / 4)

/* The lines of 64 bytes of the first of them, and what one costs from the
   second, 18 cycles, instead of from the first, 2. */
#define P4_L1_LINES (8 * 1024 / 64)
#define P4_L1_MISS  (18 - 2)

/* A core's own caches, 32 KiB and 1 MiB, in pages. */
#define MODERN_CACHE_PAGES ((32 + 1024) / 4)

const struct machine machine_profiles[] = {
    /*
     * The paper's test bed. From its text: 1.7 GHz, 1 GiB, gigabit Ethernet;
     * best-case switch 1.4 us = 2,380 cycles; a programmed I/O 18,381 / 9 and
     * 22,955 / 11, about 2,050 cycles; the receive driver, interrupt included,
     * 43.3 % of about 43,800 cycles for a lone small packet: 18,950, here
     * 12,950 for the interrupt and 6,000 for each packet, a split of ours.
     * After a switch: (15,300 - 2,380) cycles over the pages that fill the
     * caches. By measurements of the processor: all of its first cache is out
     * after an idle, a bound; what the card wrote comes from memory, 108
     * cycles a line. The rest are estimates. docs/experiments/costs.md.
     */
    {
        .name = "denali-2002",
        .summary = "1.7 GHz Pentium 4, 1 GiB, gigabit Ethernet (the paper's)",
        .cpu_hz = 17 * GHZ / 10,
        .ram_bytes = GIB,
        .link_bits_per_second = GHZ,
        .link_latency_ns = 50000,
        .tx_ahead = 2,
        .costs = {
            .trap = 1000,
            .pio = 2050,
            .switch_base = 2380,
            .switch_per_page = 196,
            .switch_page_max = P4_CACHE_PAGES,
            .resume = P4_L1_LINES * P4_L1_MISS,
            .interrupt = 12950,
            .rx_packet = 6000,
            .tx_packet = 6000,
            .copy_to_guest = 108,
            .copy_from_guest = 40,
            .page_fault = 2000,
            .zero_page = 1500,
            .table_page = 1500,
            .disk_request = 5000,
            .deliver = 300,
        },
        .disk_count = 3,
        .disk = &diamondmax_80,
    },
    /* What is left when the kernel is all but free: 1 cycle an entry. */
    {
        .name = "ideal",
        .summary = "1 GHz, 1 GiB, every kernel entry 1 cycle",
        .cpu_hz = GHZ,
        .ram_bytes = GIB,
        .link_bits_per_second = GHZ,
        .link_latency_ns = 50000,
        .tx_ahead = 2,
        .costs = {
            .trap = 1,
            .pio = 1,
            .switch_base = 1,
            .interrupt = 1,
            .page_fault = 1,
        },
        .disk_count = 3,
        .disk = &ideal_disk,
    },
    /* One core of a server twenty years on; all of it estimates. */
    {
        .name = "modern",
        .summary = "3 GHz, 64 GiB, 10-gigabit Ethernet",
        .cpu_hz = 3 * GHZ,
        .ram_bytes = 64 * GIB,
        .link_bits_per_second = 10 * GHZ,
        .link_latency_ns = 20000,
        .tx_ahead = 2,
        .costs = {
            .trap = 400,
            .pio = 1200,
            .switch_base = 1500,
            .switch_per_page = 60,
            .switch_page_max = MODERN_CACHE_PAGES,
            .interrupt = 3000,
            .rx_packet = 1500,
            .tx_packet = 1500,
            .copy_to_guest = 8,
            .copy_from_guest = 8,
            .page_fault = 1200,
            .zero_page = 250,
            .table_page = 250,
            .disk_request = 2000,
            .deliver = 150,
        },
        .disk_count = 8,
        .disk = &flash_channel,
    },
    { .name = NULL },
};

const struct machine *machine_find(const char *name)
{
    for (const struct machine *m = machine_profiles; m->name; m++) {
        if (strcmp(m->name, name) == 0) {
            return m;
        }
    }
    return NULL;
}

/*
 * Whole seconds and the rest are converted apart, so that nothing overflows:
 * a rate below CPU_HZ_LIMIT, 2^32, times a rest below 10^9 (below 2^30) fits in
 * 64 bits.
 */

uint64_t cycles_from_ns(uint64_t ns, uint64_t cpu_hz)
{
    SIM_ASSERT(cpu_hz < CPU_HZ_LIMIT);
    uint64_t seconds = ns / GHZ;
    if (seconds >= TIME_NEVER / cpu_hz - 1) {
        return TIME_NEVER;
    }
    uint64_t rest = (ns % GHZ) * cpu_hz;
    return seconds * cpu_hz + rest / GHZ + (rest % GHZ != 0);
}

uint64_t ns_from_cycles(uint64_t cycles, uint64_t cpu_hz)
{
    SIM_ASSERT(cpu_hz < CPU_HZ_LIMIT);
    return cycles / cpu_hz * GHZ + cycles % cpu_hz * GHZ / cpu_hz;
}
