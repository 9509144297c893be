/*
 * game.c - a game server: a world (game_world.h) of which all players see the
 * same, over UDP (game_packet.h).
 *
 *   port=PORT     (default 40000)
 *   tick=MS       from one state of the world to the next (default 100)
 *   players=N     that there is room for, 1 to 8 (default 4)
 *   bodies=N      in the world, with the players' own, up to 48 (default 16)
 *   steps=N       that a tick is made of, up to 1000 (default 1): with bodies=,
 *                 how much there is to compute
 *   timeout=SECS  without an update, and a player has left (default 5)
 *
 * A player joins with its first update; its place is then that sender's alone.
 * Updates wait for the next tick. There the newest of each player decides how
 * its body moves, until there is a newer one; an update that was overtaken by
 * one which the world has seen already is ignored. Then the server sends a
 * snapshot to each player. It ignores, and counts, what is no update.
 *
 * It limits itself to a tick each tick=, however many updates come, and does
 * not make up for ticks that it was too late for. Without players the world
 * stands still, no timer is set, and the guest sleeps until a packet.
 */
#include "workloads/guests/game_packet.h"

#include "ilwaco/cmdline.h"
#include "ilwaco/net/net.h"
#include "ilwaco/panic.h"
#include "ilwaco/start.h"
#include "ilwaco/vregs.h"

#include "lwip/udp.h"

#include <string.h>

#define MS_NS     1000000ull
#define SECOND_NS 1000000000ull

struct player {
    bool is_there;
    ip_addr_t address; /* And below, valid while it is. */
    u16_t port;
    uint64_t heard_ns;
    struct game_update newest;
    uint32_t seen;  /* The newest update that the world has seen, or 0. */
    uint32_t older; /* Updates that came: bit n, newest.number - 1 - n. */
};

static struct {
    /* Set at the start, then const. */
    uint64_t tick_ns, timeout_ns;
    struct udp_pcb *pcb;

    struct game_world world;
    struct game_tick_inputs history[GAME_HISTORY]; /* By tick, modulo. */
    struct player players[GAME_PLAYERS_MAX];
    uint32_t ignored; /* Datagrams: no update, no place for it, or stale. */
    struct timer tick;
} game;

/* ---- Updates ------------------------------------------------------------- */

static bool is_from(const struct player *p, const ip_addr_t *address,
                    u16_t port)
{
    return ip_addr_cmp(&p->address, address) && p->port == port;
}

/* NULL: there is no place for it. */
static struct player *player_of(const struct game_update *update,
                                const ip_addr_t *address, u16_t port)
{
    struct player *p = &game.players[update->player];
    if (update->player >= game.world.players ||
        (p->is_there && !is_from(p, address, port))) {
        return NULL;
    }
    return p;
}

static void join(struct player *p, const struct game_update *update,
                 const ip_addr_t *address, u16_t port)
{
    *p = (struct player){
        .is_there = true, .address = *address, .port = port, .newest = *update
    };
    if (!game.tick.is_armed) {
        net_timer_start(&game.tick, vreg_time_ns() + game.tick_ns);
    }
}

/* A newer one. Bits of those that fall out of the window are lost. */
static void take_newer(struct player *p, const struct game_update *update,
                       uint32_t ahead)
{
    uint32_t older = ahead < 32 ? p->older << ahead : 0;
    p->older = ahead <= 32 ? older | 1u << (ahead - 1) : 0;
    p->newest = *update;
}

/* One that a newer has overtaken: it counts if the world has seen neither. */
static void take_older(struct player *p, uint32_t number, uint32_t behind)
{
    uint32_t bit = behind <= 32 ? 1u << (behind - 1) : 0;
    if (number <= p->seen || bit == 0 || (p->older & bit) != 0) {
        game.ignored++;
        return;
    }
    p->older |= bit;
}

static void take_update(const struct game_update *update,
                        const ip_addr_t *address, u16_t port)
{
    struct player *p = player_of(update, address, port);
    if (p == NULL) {
        game.ignored++;
        return;
    }
    uint32_t newest = p->newest.number;
    if (!p->is_there) {
        join(p, update, address, port);
    } else if (update->number > newest) {
        take_newer(p, update, update->number - newest);
    } else if (update->number < newest) {
        take_older(p, update->number, newest - update->number);
    } else {
        game.ignored++;
    }
    p->heard_ns = vreg_time_ns();
}

static void receive(void *argument, struct udp_pcb *pcb, struct pbuf *datagram,
                    const ip_addr_t *address, u16_t port)
{
    (void)argument;
    (void)pcb;
    uint8_t bytes[GAME_UPDATE_BYTES];
    struct game_update update;
    u16_t count = pbuf_copy_partial(datagram, bytes, sizeof(bytes), 0);
    if (datagram->tot_len == count && game_update_read(&update, bytes, count)) {
        take_update(&update, address, port);
    } else {
        game.ignored++;
    }
    pbuf_free(datagram);
}

/* ---- Ticks --------------------------------------------------------------- */

static struct game_tick_inputs *inputs_of(uint32_t tick)
{
    return &game.history[tick % GAME_HISTORY];
}

static void advance(uint64_t now_ns)
{
    struct game_move moves[GAME_PLAYERS_MAX];
    struct game_tick_inputs *inputs = inputs_of(game.world.tick + 1);
    memset(inputs, 0, sizeof(*inputs));
    memset(moves, 0, sizeof(moves));
    for (uint32_t i = 0; i < game.world.players; i++) {
        struct player *p = &game.players[i];
        p->is_there = p->is_there && now_ns - p->heard_ns < game.timeout_ns;
        if (p->is_there) {
            p->seen = p->newest.number;
            moves[i] = p->newest.move;
            inputs->of[i] = (struct game_input){ p->seen, moves[i] };
        }
    }
    game_world_tick(&game.world, moves);
}

static void fill_snapshot(struct game_snapshot *snapshot)
{
    uint32_t tick = game.world.tick;
    snapshot->server = vreg_read(ABI_VR_VM_NUMBER);
    snapshot->ignored = game.ignored;
    snapshot->history = (uint8_t)(tick < GAME_HISTORY ? tick : GAME_HISTORY);
    snapshot->world = game.world;
    for (uint32_t i = 0; i < snapshot->history; i++) {
        snapshot->inputs[i] = *inputs_of(tick - i);
    }
}

/* When there is no memory, or no room at the device, it is lost: UDP. */
static void send_snapshot(struct game_snapshot *snapshot, uint8_t player)
{
    const struct player *p = &game.players[player];
    uint8_t bytes[GAME_SNAPSHOT_BYTES];
    snapshot->player = player;
    snapshot->newest = p->seen;
    snapshot->older = p->older;
    uint16_t count = (uint16_t)game_snapshot_write(snapshot, bytes);
    struct pbuf *datagram = pbuf_alloc(PBUF_TRANSPORT, count, PBUF_RAM);
    if (datagram != NULL) {
        (void)pbuf_take(datagram, bytes, count);
        (void)udp_sendto(game.pcb, datagram, &p->address, p->port);
        pbuf_free(datagram);
    }
}

static void tick(void *argument)
{
    (void)argument;
    static struct game_snapshot snapshot;
    uint64_t now_ns = vreg_time_ns();
    uint64_t next_ns = game.tick.deadline_ns + game.tick_ns;
    bool has_players = false;

    advance(now_ns);
    fill_snapshot(&snapshot);
    for (uint8_t i = 0; i < game.world.players; i++) {
        if (game.players[i].is_there) {
            send_snapshot(&snapshot, i);
            has_players = true;
        }
    }
    if (has_players) {
        net_timer_start(&game.tick,
                        next_ns > now_ns ? next_ns : now_ns + game.tick_ns);
    }
}

/* ---- The start ----------------------------------------------------------- */

static void make_world(void)
{
    game.world.players =
        (uint8_t)cmdline_u32("players", GAME_PLAYERS, 1, GAME_PLAYERS_MAX);
    game.world.bodies =
        (uint8_t)cmdline_u32("bodies", 16, game.world.players, GAME_BODIES_MAX);
    game.world.steps = cmdline_u32("steps", 1, 1, GAME_STEPS_MAX);
    game_world_init(&game.world, vreg_read(ABI_VR_VM_NUMBER));
}

static void listen_on(uint16_t port)
{
    game.pcb = udp_new();
    if (game.pcb == NULL || udp_bind(game.pcb, IP_ADDR_ANY, port) != ERR_OK) {
        panic("cannot bind port %u", port);
    }
    udp_recv(game.pcb, receive, NULL);
}

int main(void)
{
    static const char *const keys[] = { "port",   "tick",  "players",
                                        "bodies", "steps", "timeout" };
    cmdline_accept(keys, sizeof(keys) / sizeof(keys[0]));
    game.tick_ns = cmdline_u32("tick", 100, 1, 60000) * MS_NS;
    game.timeout_ns = cmdline_u32("timeout", 5, 1, 3600) * SECOND_NS;
    game.tick.fire = tick;
    make_world();
    net_init();
    listen_on((uint16_t)cmdline_u32("port", GAME_PORT, 1, 65535));
    net_serve();
}
