/*
 * clients.c - what a packet costs the simulated clients when many of their
 * connections are stalled: a request is out, nothing is acknowledged, and
 * both its timers run.
 *
 * Two costs, host time a packet received, each with 100 and with 10,000
 * connections: `beside`, of a connection that is served while the others
 * stall, and `among`, of the stalled ones themselves, each in turn, so that
 * no connection is in the processor's nearest cache. Included are the
 * checksums, the lookup, the ACK of every second packet and its way over the
 * link; not included is the making of the packets received.
 */
#include "isa/abi.h"
#include "sim/arena.h"
#include "sim/devices/machine.h"
#include "workloads/net.h"
#include "workloads/tcp/tcp.h"
#include "workloads/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define HZ            1700000000u
#define BATCH         1000
#define BATCHES       200
#define ROUNDS        7
#define PAYLOAD_BYTES 200
#define REQUEST_BYTES 80
#define MEMORY_BYTES  ((size_t)256 << 20)

struct peer { /* Of one connection. */
    uint32_t client_ip, iss, sent;
    uint16_t client_port;
    struct sim_timer timeout;
};

struct bench {
    void *memory;
    struct arena arena;
    struct event_queue events;
    struct packet_pool pool;
    struct link link;
    struct net net;
    struct tcp *tcp;
    struct peer *peers;
    uint32_t count;               /* Of connections. */
    uint32_t opened;              /* SYNs seen. */
    uint64_t delivered, expected; /* Bytes. */
};

static void user_read(void *ctx, uint32_t owner, uint32_t offset, uint8_t *to,
                      uint32_t count)
{
    (void)ctx;
    (void)owner;
    (void)offset;
    for (uint32_t i = 0; i < count; i++) {
        to[i] = 'x';
    }
}

static void user_deliver(void *ctx, uint32_t owner, const uint8_t *bytes,
                         uint32_t count)
{
    struct bench *b = ctx;
    (void)owner;
    (void)bytes;
    b->delivered += count;
}

static void user_peer_closed(void *ctx, uint32_t owner)
{
    (void)ctx;
    (void)owner;
}

static void user_ended(void *ctx, uint32_t owner, enum tcp_end why)
{
    (void)ctx;
    (void)owner;
    (void)why;
}

static void user_retransmits(void *ctx, uint32_t owner, uint32_t connection,
                             uint32_t seq, uint32_t remote_ip)
{
    (void)ctx;
    (void)owner;
    (void)connection;
    (void)seq;
    (void)remote_ip;
}

static const struct tcp_ops user = {
    .read = user_read,
    .deliver = user_deliver,
    .peer_closed = user_peer_closed,
    .ended = user_ended,
    .retransmits = user_retransmits,
};

/* The machine's end: remembers who opened, and swallows everything. */
static void machine_receive(void *ctx, struct packet *p)
{
    struct bench *b = ctx;
    union wire_content content;

    if (b->opened < b->count &&
        wire_read(p->bytes, p->length_bytes, &content) == WIRE_TCP &&
        content.tcp.flags == WIRE_SYN) {
        struct peer *peer = &b->peers[b->opened++];
        peer->client_ip = content.tcp.source;
        peer->client_port = content.tcp.source_port;
        peer->iss = content.tcp.seq;
    }
    packet_put(&b->pool, p);
}

static void never_fires(void *ctx, struct sim_timer *timer)
{
    (void)ctx;
    (void)timer;
}

static void run_events(struct bench *b, uint64_t ns)
{
    uint64_t until = b->events.now + cycles_from_ns(ns, HZ);
    while (events_fire_next(&b->events, until)) {
    }
    b->events.now = until;
}

static struct packet *make(struct bench *b, uint32_t i, uint8_t flags,
                           uint16_t count)
{
    struct peer *peer = &b->peers[i];
    struct packet *p = packet_get(&b->pool);
    SIM_ASSERT(p);
    struct segment s = {
        .source = ABI_VM_NET + 1 + i,
        .target = peer->client_ip,
        .source_port = 80,
        .target_port = peer->client_port,
        .seq = peer->sent,
        .ack = peer->iss + 1,
        .flags = flags,
        .window = 8192,
        .payload_bytes = count,
    };
    wire_write_tcp(p, &s);
    peer->sent += count + (flags & WIRE_SYN ? 1u : 0u);
    return p;
}

static void receive(struct bench *b, struct packet *p)
{
    struct link_direction *d = &b->link.to[LINK_CLIENTS];
    d->receive(d->ctx, p);
}

static void init(struct bench *b, uint32_t count)
{
    *b = (struct bench){ .memory = malloc(MEMORY_BYTES),
                         .peers = calloc(count, sizeof *b->peers),
                         .count = count };
    SIM_ASSERT(b->memory);
    SIM_ASSERT(b->peers);
    arena_init(&b->arena, b->memory, MEMORY_BYTES);
    events_init(&b->events);
    packet_pool_init(&b->pool, &b->arena);
    struct link_config link = { .cpu_hz = HZ,
                                .bits_per_second = 1000000000u,
                                .latency_cycles = 1 };
    link_init(&b->link, &link, &b->events, &b->pool, 1);
    link_attach(&b->link, LINK_MACHINE, machine_receive, b);
    net_init(&b->net, &b->events, &b->link, &b->pool);
    b->tcp = tcp_create(&b->arena, &(struct tcp_config){
                                       .events = &b->events,
                                       .net = &b->net,
                                       .ops = &user,
                                       .ctx = b,
                                       .cpu_hz = HZ,
                                       .seed = 1,
                                   });
    SIM_ASSERT(b->tcp);
    b->net.tcp = b->tcp;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t c =
            tcp_connect(b->tcp, 0, ABI_VM_NET + 1 + i, 80, i, TCP_WINDOW);
        SIM_ASSERT(c != TCP_NONE);
        tcp_send(b->tcp, c, REQUEST_BYTES);
        timer_init(&b->peers[i].timeout, never_fires, b);
        timer_set(&b->events, &b->peers[i].timeout,
                  cycles_from_ns(60000000000u + i, HZ));
        run_events(b, 3000);
    }
    run_events(b, 1000000);
    SIM_ASSERT(b->opened == count);
    for (uint32_t i = 0; i < count; i++) {
        receive(b, make(b, i, WIRE_SYN | WIRE_ACK, 0));
        run_events(b, 3000);
    }
    run_events(b, 1000000);
}

static void release(struct bench *b)
{
    tcp_silence(b->tcp);
    events_release(&b->events);
    free(b->memory);
    free(b->peers);
}

static double now_ns(void)
{
    struct timespec t;
    (void)timespec_get(&t, TIME_UTC);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* By a stride that visits all of them, far from the last ones. */
static uint32_t next_connection(const struct bench *b, uint32_t i)
{
    return (i + 7919) % b->count;
}

/* Host nanoseconds a packet, in the best of all batches: what the others took
   longer was the host's doing. */
static double measure(struct bench *b, bool is_among)
{
    static struct packet *packets[BATCH];
    double best = 1e18;
    uint32_t at = 0;

    for (int batch = 0; batch < BATCHES; batch++) {
        for (int i = 0; i < BATCH; i++) {
            at = is_among ? next_connection(b, at) : 0;
            packets[i] = make(b, at, WIRE_ACK, PAYLOAD_BYTES);
        }
        double start = now_ns();
        for (int i = 0; i < BATCH; i++) {
            receive(b, packets[i]);
        }
        run_events(b, 1000000);
        double ns = (now_ns() - start) / BATCH;
        best = ns < best ? ns : best;
    }
    b->expected += (uint64_t)BATCHES * BATCH * PAYLOAD_BYTES;
    SIM_ASSERT(b->delivered == b->expected);
    return best;
}

int main(void)
{
    static const uint32_t counts[2] = { 100, 10000 };
    double ns[2][2] = { { 1e18, 1e18 }, { 1e18, 1e18 } };

    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < 2; i++) {
            struct bench b;
            init(&b, counts[i]);
            for (int is_among = 0; is_among < 2; is_among++) {
                double cost = measure(&b, is_among);
                ns[is_among][i] =
                    cost < ns[is_among][i] ? cost : ns[is_among][i];
            }
            release(&b);
        }
    }
    puts("host ns a packet     100 stalled   10,000 stalled   ratio");
    for (int is_among = 0; is_among < 2; is_among++) {
        printf("%-18s %13.1f %16.1f %7.2f\n",
               is_among ? "among the stalled" : "beside the stalled",
               ns[is_among][0], ns[is_among][1],
               ns[is_among][1] / ns[is_among][0]);
    }
    return 0;
}
