/*
 * fuzz_client.c - bytes as what the simulated clients hear: answers of HTTP, in
 * any pieces; segments to their TCP, with any calls of its user between them;
 * and whatever VMs answer to web clients, players and senders of datagrams, in
 * well-formed segments and datagrams or as raw frames.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "isa/abi.h"
#include "tests/workloads/any_peer.h"
#include "workloads/http.h"
#include "workloads/load.h"
#include "workloads/wire.h"

/* ---- HTTP ---------------------------------------------------------------- */

static enum http_result read_bytes(struct http_response *r,
                                   const struct fuzz_input *in)
{
    enum http_result result = HTTP_MORE;
    for (size_t i = 0; i < in->count && result == HTTP_MORE; i++) {
        result = http_response_read(r, in->at + i, 1);
    }
    return result;
}

/* Pieces of any length say what single bytes say. */
static void try_http(struct fuzz_input *in)
{
    struct http_response one;
    struct http_response other;
    uint32_t vm = fuzz_below(in, 256);
    uint32_t expected = fuzz_below(in, 65536);
    uint32_t piece = 1 + fuzz_below(in, 256);
    http_response_init(&one, vm, expected);
    http_response_init(&other, vm, expected);
    enum http_result said = read_bytes(&one, in);
    enum http_result got = HTTP_MORE;
    while (in->count > 0 && got == HTTP_MORE) {
        uint32_t count = (uint32_t)(in->count < piece ? in->count : piece);
        got = http_response_read(&other, in->at, count);
        in->at += count;
        in->count -= count;
    }
    /* One that is done, and goes on, was done before. */
    SIM_ASSERT(got == said || (said == HTTP_DONE && got == HTTP_MALFORMED));
}

/* ---- TCP ----------------------------------------------------------------- */

#define STEPS 400

static void try_tcp(struct fuzz_input *in)
{
    struct script s;
    struct draws d = { .at = in->at, .count = in->count };
    uint32_t iss = draw(&d, UINT32_MAX);
    script_init(&s, iss, draw(&d, UINT32_MAX));
    s.connection = TCP_NONE;
    s.latest = TCP_NONE;
    for (int step = 0; step < STEPS && d.count > 0; step++) {
        uint32_t what = draw(&d, 8);
        if (what == 0) {
            world_run(&s.world,
                      s.world.events.now + world_seconds(draw(&d, 256) / 32.0));
        } else if (what < 3 || s.latest == TCP_NONE) {
            any_use(&s, &d);
        } else {
            any_say(&s, &d);
        }
        if (s.heard_count > SCRIPT_FRAMES / 2) {
            s.heard_count = 0;
            s.taken_count = 0;
        }
        SIM_ASSERT(s.got_count < SCRIPT_BYTES / 2);
        for (uint32_t i = 0; i < s.got_count; i++) {
            SIM_ASSERT(s.got[i] == script_byte(i));
        }
    }
    script_release(&s);
}

/* ---- Clients of all kinds ------------------------------------------------ */

#define VMS        3
#define MS_NS      1000000u
#define SECONDS    2
#define FRAMES_MAX 2000

struct answers {
    struct world *w;
    struct fuzz_input *in;
    uint32_t frames;
};

static uint32_t fill(struct answers *a, uint8_t *to, uint32_t most)
{
    uint32_t count = fuzz_below(a->in, most + 1);
    count = count < a->in->count ? count : (uint32_t)a->in->count;
    if (count > 0) {
        memcpy(to, a->in->at, count);
        a->in->at += count;
        a->in->count -= count;
    }
    return count;
}

static void answer_tcp(struct answers *a, struct packet *p,
                       const struct segment *asked)
{
    struct segment s = { .source = asked->target,
                         .target = asked->source,
                         .source_port = asked->target_port,
                         .target_port = asked->source_port,
                         .seq = asked->ack,
                         .ack = asked->seq + segment_length(asked),
                         .window = 8192 };
    uint32_t what = fuzz_below(a->in, 256);
    bool opens = (asked->flags & WIRE_SYN) && (what & 3) != 3;
    s.flags = opens ? WIRE_SYN | WIRE_ACK : WIRE_ACK;
    if (!opens && (what & 3) == 3) {
        s.flags = (uint8_t)fuzz_take(a->in, 1);
        s.seq += (uint32_t)fuzz_take(a->in, 2) - 0x8000;
        s.ack += (uint32_t)fuzz_take(a->in, 2) - 0x8000;
        s.window = (uint16_t)fuzz_take(a->in, 2);
    } else if (what & 4) {
        s.flags |= WIRE_FIN;
    }
    if (!opens) {
        s.payload_bytes = (uint16_t)fill(a, wire_payload(p, false), WIRE_MSS);
    }
    wire_write_tcp(p, &s);
}

static void answer_udp(struct answers *a, struct packet *p,
                       const struct datagram *asked)
{
    struct datagram d = { .source = asked->target,
                          .target = asked->source,
                          .source_port = asked->target_port,
                          .target_port = asked->source_port };
    d.payload_bytes = (uint16_t)fill(a, wire_udp_payload(p), 1400);
    wire_write_udp(p, &d);
}

/* What a VM hears it answers once or more, or never. */
static void hear(void *ctx, struct packet *p)
{
    struct answers *a = ctx;
    union wire_content content;
    enum wire_kind kind = wire_read(p->bytes, p->length_bytes, &content);
    uint32_t count = fuzz_is_over(a->in) ? 0 : fuzz_below(a->in, 3);
    for (; count > 0 && a->frames < FRAMES_MAX; count--) {
        struct packet *answer = packet_get(&a->w->pool);
        SIM_ASSERT(answer);
        a->frames++;
        if (fuzz_below(a->in, 16) == 0) {
            memcpy(answer->bytes, p->bytes, p->length_bytes);
            uint32_t bytes = fill(a, answer->bytes, PACKET_MAX_BYTES);
            answer->length_bytes = (uint16_t)(bytes < 14 ? 14 : bytes);
        } else if (kind == WIRE_TCP) {
            answer_tcp(a, answer, &content.tcp);
        } else if (kind == WIRE_UDP) {
            answer_udp(a, answer, &content.udp);
        } else {
            packet_put(&a->w->pool, answer);
            continue;
        }
        link_send(&a->w->link, LINK_MACHINE, a->w->events.now, answer);
    }
    packet_put(&a->w->pool, p);
}

static struct scenario_load draw_load(struct fuzz_input *in)
{
    uint32_t what = fuzz_below(in, 256);
    struct scenario_load load = { .path = "/", .timeout_ns = 200 * MS_NS };
    switch (what % 4) {
    case 0:
        load.rate = 50;
        break;
    case 1:
        load.clients = 2;
        load.think_ns = MS_NS;
        load.keep_alive = what & 4;
        break;
    case 2:
        load.kind = LOAD_GAME;
        load.players = 1 + what / 64;
        load.period_ns = 100 * MS_NS;
        break;
    default:
        load.kind = LOAD_DATAGRAM;
        load.rate = 50;
        load.size = 100;
        break;
    }
    return load;
}

static void try_load(struct fuzz_input *in)
{
    struct world w;
    struct scenario_load load = draw_load(in);
    struct scenario_vms vms = { .name = "a", .count = VMS };
    const struct scenario scenario = { .vms = &vms,
                                       .group_count = 1,
                                       .vm_count = VMS,
                                       .loads = &load,
                                       .load_count = 1,
                                       .seed = 1 };
    const struct load_server server = { .body_bytes = fuzz_below(in, 2000) };
    world_init(&w, WORLD_MIB(16), NULL);
    struct answers answers = { .w = &w, .in = in };
    w.stats->window_end = world_seconds(SECONDS);
    struct load *clients = world_load(&w, &scenario, &server);
    SIM_ASSERT(clients);
    link_attach(&w.link, LINK_MACHINE, hear, &answers);
    load_start(clients, 0);
    world_run(&w, world_seconds(SECONDS));
    load_stop(clients);
    world_run(&w, world_seconds(SECONDS + 1));
    load_abandon(clients);
    world_run(&w, TIME_NEVER);
    const struct load_stats *counts = &w.stats->load;
    SIM_ASSERT(w.pool.in_use == 0 && w.events.count == 0);
    SIM_ASSERT(counts->sent == counts->completed + counts->timed_out +
                                   counts->failed + counts->unanswered);
    world_release(&w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = { data, size };
    switch (fuzz_below(&in, 3)) {
    case 0:
        try_http(&in);
        break;
    case 1:
        try_tcp(&in);
        break;
    default:
        try_load(&in);
        break;
    }
    return 0;
}
