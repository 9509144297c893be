/*
 * tcp_clock_world.h - lwIP talking to itself over a slow, lossy wire in virtual
 * time, driven by ilwaco/net/tcp_clock.h. One world per process: lwIP's state
 * is the process's.
 */
#ifndef TESTS_ILWACO_TCP_CLOCK_WORLD_H
#define TESTS_ILWACO_TCP_CLOCK_WORLD_H

#include <stddef.h>
#include <stdint.h>

#define WORLD_CLIENTS 6

enum world_mode {
    WORLD_TICKS,    /* Wakes every 250 ms. */
    WORLD_TICKLESS, /* Wakes for packets and deadlines. */
};

struct world_config {
    enum world_mode mode;
    uint32_t seed;
    uint32_t loss_percent;
    uint64_t delay_ns; /* A packet takes up to this. */
};

/* A packet as it was sent. */
struct world_sent {
    uint64_t time_ns;
    uint32_t seq, ack;
    uint16_t from_port, to_port, bytes, flags;
};

/* Open: what a run did. */
struct world_result {
    uint64_t wakes;
    uint64_t end_ns;    /* Nothing was left to wait for. */
    uint32_t completed; /* Clients that have the whole answer and closed. */
    size_t sent_count;
    struct world_sent sent[20000];
};

void world_run(const struct world_config *config, struct world_result *result);

#endif /* TESTS_ILWACO_TCP_CLOCK_WORLD_H */
