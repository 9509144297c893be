/* world.c - see world.h. */
#include "tests/workloads/world.h"

#include "sim/devices/machine.h"
#include "workloads/load.h"

#include <stdlib.h>
#include <string.h>

/* The trace has room of its own: tests give the rest as little as nothing. */
#define TRACE_BYTES (1u << 16)

void world_init(struct world *w, size_t memory_bytes,
                const struct scenario_link *link)
{
    size_t all_bytes = memory_bytes + TRACE_BYTES;
    *w = (struct world){ .memory = malloc(all_bytes),
                         .stats = malloc(sizeof *w->stats) };
    SIM_ASSERT(w->memory);
    SIM_ASSERT(w->stats);
    arena_init(&w->arena, w->memory, all_bytes);
    w->trace = trace_create(&w->arena);
    SIM_ASSERT(w->trace);
    w->arena.cap_bytes = w->arena.used_bytes + memory_bytes;
    events_init(&w->events);
    packet_pool_init(&w->pool, &w->arena);
    stats_init(w->stats);
    struct link_config config = {
        .cpu_hz = WORLD_HZ,
        .bits_per_second = 1000000000u,
        .latency_cycles = cycles_from_ns(50000, WORLD_HZ),
    };
    if (link) {
        config.loss_ppm = link->loss_ppm;
        config.reorder_ppm = link->reorder_ppm;
        config.duplicate_ppm = link->duplicate_ppm;
    }
    link_init(&w->link, &config, &w->events, &w->pool, 1);
}

struct load *world_load(struct world *w, const struct scenario *scenario,
                        const struct load_server *servers)
{
    struct load_config config = { .scenario = scenario,
                                  .events = &w->events,
                                  .link = &w->link,
                                  .pool = &w->pool,
                                  .trace = w->trace,
                                  .stats = w->stats,
                                  .servers = servers,
                                  .cpu_hz = WORLD_HZ };
    return load_create(&w->arena, &config);
}

/* pcap with nanoseconds, in the host's byte order. */
static void write_words(FILE *f, const uint32_t *words, size_t count)
{
    size_t written = fwrite(words, sizeof *words, count, f);
    SIM_ASSERT(written == count);
}

static void write_pcap(struct world *w, const struct packet *p)
{
    uint64_t ns = ns_from_cycles(w->events.now, WORLD_HZ);
    uint32_t header[] = { (uint32_t)(ns / 1000000000u),
                          (uint32_t)(ns % 1000000000u), p->length_bytes,
                          p->length_bytes };
    write_words(w->pcap, header, 4);
    size_t written = fwrite(p->bytes, p->length_bytes, 1, w->pcap);
    SIM_ASSERT(written == 1);
}

static void pass(struct gate *g, struct packet *p)
{
    if (g->world->pcap) {
        write_pcap(g->world, p);
    }
    if (p->length_bytes >= 54 && p->bytes[12] == 8 && p->bytes[47] & 4) {
        g->resets++;
    }
    g->receive(g->ctx, p);
}

static void arrive(void *ctx, struct packet *p)
{
    struct gate *g = ctx;
    struct world *w = g->world;
    enum fate fate = FATE_PASS;
    if (w->gate) {
        fate = w->gate(w->gate_ctx, g->end, g->count, p);
    }
    g->count++;
    if (fate == FATE_LOSE) {
        packet_put(&w->pool, p);
        return;
    }
    if (fate == FATE_HOLD && !g->held) {
        g->held = p;
        return;
    }
    if (fate == FATE_DOUBLE) {
        struct packet *copy = packet_get(&w->pool);
        SIM_ASSERT(copy);
        copy->length_bytes = p->length_bytes;
        memcpy(copy->bytes, p->bytes, p->length_bytes);
        pass(g, copy);
    }
    pass(g, p);
    if (g->held) {
        struct packet *held = g->held;
        g->held = NULL;
        pass(g, held);
    }
}

void world_close_gates(struct world *w)
{
    for (int end = 0; end < LINK_END_COUNT; end++) {
        struct link_direction *d = &w->link.to[end];
        w->gates[end] = (struct gate){ .world = w,
                                       .end = (enum link_end)end,
                                       .receive = d->receive,
                                       .ctx = d->ctx };
        link_attach(&w->link, (enum link_end)end, arrive, &w->gates[end]);
    }
}

void world_record(struct world *w, const char *path)
{
    static const uint32_t header[] = { 0xa1b23c4d, 4u << 16 | 2, 0, 0, 65535,
                                       1 /* Ethernet */ };
    w->pcap = fopen(path, "wb");
    SIM_ASSERT(w->pcap);
    write_words(w->pcap, header, 6);
}

void world_release(struct world *w)
{
    for (int end = 0; end < LINK_END_COUNT; end++) {
        if (w->gates[end].held) {
            packet_put(&w->pool, w->gates[end].held);
        }
    }
    if (w->pcap) {
        int err = fclose(w->pcap);
        SIM_ASSERT(!err);
    }
    trace_release(w->trace);
    events_release(&w->events);
    free(w->stats);
    free(w->memory);
}

void world_run(struct world *w, uint64_t cycles)
{
    while (events_fire_next(&w->events, cycles)) {
    }
    if (cycles != TIME_NEVER && w->events.now < cycles) {
        w->events.now = cycles;
    }
}

uint64_t world_seconds(double seconds)
{
    return (uint64_t)(seconds * WORLD_HZ);
}
