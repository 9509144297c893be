/*
 * world.h - what stands round the clients in a test: time, a link, memory,
 * and on each end of the link a gate through which every frame passes.
 */
#ifndef TESTS_WORKLOADS_WORLD_H
#define TESTS_WORKLOADS_WORLD_H

#include "sim/arena.h"
#include "sim/devices/link.h"
#include "sim/scenario.h"
#include "sim/stats.h"
#include "sim/trace/trace.h"

#include <stdio.h>

#define WORLD_HZ 1700000000u

struct load;
struct load_server;
struct world;

/* What becomes of frame `number` (from 0) towards `end`. */
enum fate { FATE_PASS, FATE_LOSE, FATE_DOUBLE, FATE_HOLD };
typedef enum fate gate_fn(void *ctx, enum link_end end, uint64_t number,
                          struct packet *p);

struct gate {
    struct world *world;
    enum link_end end;
    link_receive_fn *receive; /* Behind the gate. */
    void *ctx;
    uint64_t count;
    uint64_t resets;     /* Frames that passed with a TCP RST. */
    struct packet *held; /* Overtaken by the next one. */
};

struct world {
    void *memory;
    struct arena arena;
    struct event_queue events;
    struct packet_pool pool;
    struct link link;
    struct trace *trace;
    struct stats *stats;
    struct gate gates[LINK_END_COUNT];
    gate_fn *gate; /* NULL: everything passes. */
    void *gate_ctx;
    FILE *pcap; /* NULL: nothing is written. */
};

#define WORLD_MIB(n) ((size_t)(n) << 20)

void world_init(struct world *w, size_t memory_bytes,
                const struct scenario_link *link);

/* The scenario's clients, with a clock of WORLD_HZ; NULL: no memory is left. Of
   the servers see struct load_config. */
struct load *world_load(struct world *w, const struct scenario *scenario,
                        const struct load_server *servers);

/* After both ends have attached themselves. */
void world_close_gates(struct world *w);

/* Every frame that passes is written, with its time. */
void world_record(struct world *w, const char *path);

void world_release(struct world *w);

/* Fires all events until `cycles`, or all there are with TIME_NEVER. */
void world_run(struct world *w, uint64_t cycles);
uint64_t world_seconds(double seconds);

#endif /* TESTS_WORKLOADS_WORLD_H */
