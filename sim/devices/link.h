/*
 * link.h - the wire between the machine's NIC and the clients, full duplex.
 *
 * Each direction sends one frame after another at the link's rate (padded to
 * 60 bytes, and with preamble, FCS and gap counted: 24 bytes) and delivers it
 * `latency` later.
 * Seeded loss, reordering and duplication, if asked for, happen on the wire.
 */
#ifndef SIM_LINK_H
#define SIM_LINK_H

#include "sim/devices/packet.h"
#include "sim/random.h"
#include "sim/vocabulary/words.h"

enum link_end { LINK_MACHINE, LINK_CLIENTS, LINK_END_COUNT };

struct trace;

struct link_config {
    uint64_t cpu_hz; /* Cycles a second: the unit of time. */
    uint64_t bits_per_second;
    uint64_t latency_cycles; /* >= 1 */
    /* Per million frames, each direction; 0 to 1,000,000. */
    uint32_t loss_ppm;
    uint32_t reorder_ppm; /* Held back by up to 8 frames' time + latency. */
    uint32_t duplicate_ppm;
    struct trace *trace; /* Borrowed; NULL: nobody is told of the trouble. */
};

/* Takes the packet. Called at its arrival; events.now is that time. */
typedef void link_receive_fn(void *ctx, struct packet *p);

struct link_direction {
    uint64_t busy_until; /* Cycles. */
    struct rng rng;
    link_receive_fn *receive;
    void *ctx;
    uint64_t frames, bytes, lost, reordered, duplicated;
};

struct link {
    struct link_config config;
    struct event_queue *events;               /* Borrowed. */
    struct packet_pool *pool;                 /* Borrowed. */
    struct link_direction to[LINK_END_COUNT]; /* By receiving end. */
};

void link_init(struct link *l, const struct link_config *config,
               struct event_queue *events, struct packet_pool *pool,
               uint64_t seed);

/* How long a frame of so many bytes keeps the wire busy. */
uint64_t link_frame_cycles(const struct link_config *config, uint32_t bytes);

/* Attaches the function that takes packets which arrive at `end`. */
void link_attach(struct link *l, enum link_end end, link_receive_fn *fn,
                 void *ctx);

/*
 * Sends from `from` at cycle `at` (>= every earlier `at` of that end). Takes
 * the packet. Returns when its last bit has left.
 */
uint64_t link_send(struct link *l, enum link_end from, uint64_t at,
                   struct packet *p);

/* Emits an event that the frame is lost. */
void link_tell_loss(const struct link *l, const struct packet *p,
                    enum link_loss why);

#endif /* SIM_LINK_H */
