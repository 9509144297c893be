/* game_server.c - see game_server.h. */
#include "tests/workloads/game_server.h"

#include "isa/abi.h"
#include "sim/devices/machine.h"

#include <string.h>

static void take_number(struct seat *seat, const struct game_update *u)
{
    if (u->number > seat->newest) {
        uint32_t ahead = u->number - seat->newest;
        uint64_t older = ((uint64_t)seat->older << 1 | 1) << (ahead & 63) >> 1;
        seat->older = seat->newest == 0 || ahead > 32 ? 0 : (uint32_t)older;
        seat->newest = u->number;
        seat->move = u->move;
    } else if (u->number > seat->seen && u->number < seat->newest &&
               seat->newest - u->number <= 32) {
        seat->older |= 1u << (seat->newest - u->number - 1);
    }
}

static void receive(void *ctx, struct packet *p)
{
    struct servers *s = ctx;
    union wire_content content;
    struct game_update u;
    enum wire_kind kind = wire_read(p->bytes, p->length_bytes, &content);
    const struct datagram *d = &content.udp;
    uint32_t number = kind == WIRE_UDP ? d->target - ABI_VM_NET - 1 : 0;
    if (kind != WIRE_UDP || number >= s->count || d->target_port != GAME_PORT ||
        !game_update_read(&u, d->payload, d->payload_bytes) || u.player >= 4) {
        s->bad++;
        packet_put(&s->w->pool, p);
        return;
    }
    s->updates++;
    struct server *server = &s->of[number];
    struct seat *seat = &server->seats[u.player];
    /* Each has an address of its own. */
    SIM_ASSERT(seat->address == 0 ||
               (seat->address == d->source && seat->port == d->source_port));
    seat->address = d->source;
    seat->port = d->source_port;
    take_number(seat, &u);
    if (!timer_is_set(&server->tick)) {
        timer_set(&s->w->events, &server->tick,
                  s->w->events.now + world_seconds(0.1));
    }
    packet_put(&s->w->pool, p);
}

static void send(struct server *server, struct game_snapshot *snapshot,
                 uint8_t player)
{
    struct servers *s = server->all;
    const struct seat *seat = &server->seats[player];
    uint8_t bytes[GAME_SNAPSHOT_BYTES + 1] = { 0 };
    snapshot->player = player;
    snapshot->newest = seat->seen;
    snapshot->older = seat->older;
    if (s->spoil && server->world.tick >= s->spoil_from) {
        s->spoil(snapshot);
    }
    uint32_t count = game_snapshot_write(snapshot, bytes);
    if (s->spoil_bytes && server->world.tick >= s->spoil_from) {
        count = s->spoil_bytes(bytes, count);
    }
    struct packet *p = packet_get(&s->w->pool);
    if (!p) {
        return; /* A test with little memory. */
    }
    memcpy(wire_udp_payload(p), bytes, count);
    wire_write_udp(p,
                   &(struct datagram){ .source = ABI_VM_NET + server->number +
                                                 1 + s->source_offset,
                                       .target = seat->address,
                                       .source_port = s->source_port,
                                       .target_port = seat->port,
                                       .payload_bytes = (uint16_t)count });
    (void)link_send(&s->w->link, LINK_MACHINE, s->w->events.now, p);
}

static void tick(void *ctx, struct sim_timer *timer)
{
    struct server *server = ctx;
    struct world *w = server->all->w;
    struct game_move moves[GAME_PLAYERS_MAX] = { 0 };
    struct game_tick_inputs inputs = { 0 };
    for (uint32_t p = 0; p < server->world.players; p++) {
        struct seat *seat = &server->seats[p];
        seat->seen = seat->newest;
        moves[p] = seat->move;
        inputs.of[p] = (struct game_input){ seat->seen, seat->move };
    }
    game_world_tick(&server->world, moves);
    memmove(&server->history[1], &server->history[0],
            (GAME_HISTORY - 1) * sizeof *server->history);
    server->history[0] = inputs;
    for (uint8_t p = 0; p < server->world.players; p++) {
        uint32_t now = server->world.tick;
        struct game_snapshot snapshot = {
            .server = server->number,
            .history = (uint8_t)(now < GAME_HISTORY ? now : GAME_HISTORY),
            .world = server->world,
        };
        memcpy(snapshot.inputs, server->history, sizeof server->history);
        if (server->seats[p].address != 0) {
            send(server, &snapshot, p);
        }
    }
    timer_set(&w->events, timer, w->events.now + world_seconds(0.1));
}

void servers_init(struct servers *s, struct world *w, uint32_t count)
{
    SIM_ASSERT(count <= SERVERS_MAX);
    memset(s, 0, sizeof *s);
    s->w = w;
    s->count = count;
    s->source_port = GAME_PORT;
    for (uint32_t i = 0; i < count; i++) {
        struct server *server = &s->of[i];
        server->all = s;
        server->number = i;
        server->world.steps = 2;
        server->world.players = 4;
        server->world.bodies = 12;
        game_world_init(&server->world, i);
        timer_init(&server->tick, tick, server);
    }
    link_attach(&w->link, LINK_MACHINE, receive, s);
}

void servers_stop(struct servers *s)
{
    for (uint32_t i = 0; i < s->count; i++) {
        timer_cancel(&s->w->events, &s->of[i].tick);
    }
}
