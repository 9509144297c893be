/*
 * bench.h - a policy without a machine, and made-up VMs and frames that it has
 * to do with. For conform.c.
 */
#ifndef CLI_PLUGIN_BENCH_H
#define CLI_PLUGIN_BENCH_H

#include "cli/plugin/plugin.h"

#define BENCH_VMS     32
#define BENCH_FRAMES  256
#define BENCH_QUANTUM 100000 /* Cycles. */

struct bench {
    struct arena arena;
    struct plugin plugin;
    struct policy_host host;
    struct sched *sched; /* One of these, by plugin.kind. */
    struct gate *gate;
    struct replace *replace;
    bool has_shares; /* Of 100, 200, 300 ...; else of 100 each. */
    struct rng rng;  /* Of the history. */
    uint64_t now;    /* Cycles. */
    uint64_t wake;   /* Asked for by wake_at; 0: none. */
    char said[1024]; /* Why the run would end; "". */
    uint64_t hash;   /* Of all choices. */
    uint64_t calls;
    bool is_here[BENCH_FRAMES]; /* Ready, waiting, or entered: by number. */

    /* Of bench_compute. */
    uint64_t rests;        /* Nobody was chosen though VMs were ready. */
    uint64_t longest_wait; /* Cycles that others ran. */
    uint32_t starved;      /* VMs that never ran. */
    uint64_t used[BENCH_VMS];
};

/* Loads the policy, of whatever kind it is. False: `message` says why not;
   bench_close is allowed either way. */
SIM_MUST_USE bool bench_open(struct bench *b,
                             const struct plugin_source *source,
                             char message[PLUGIN_MESSAGE_BYTES]);
void bench_close(struct bench *b);

/* A random history, until it is over or the policy has said something. */
void bench_history(struct bench *b, uint32_t steps);

/* So many VMs are always ready; with `games`, VM 0 idles just before each
   quantum ends. */
void bench_compute(struct bench *b, uint32_t vms, uint32_t turns, bool games);

#endif /* CLI_PLUGIN_BENCH_H */
