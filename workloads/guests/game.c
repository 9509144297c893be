/*
 * game.c - a game server: a world (game_world.h) of which all players see the
 * same, over UDP (game_packet.h).
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

#define GAME_ARGS(X)                                                        \
    X(port, "port", ARGS_COUNT, 1, 65535, GAME_PORT, "UDP port",            \
      "on which it listens")                                                \
    X(tick, "tick", ARGS_TIME, 1000000, 60000000000, 100000000, "ms",       \
      "the time from one state of the world to the next")                   \
    X(players, "players", ARGS_COUNT, 1, GAME_PLAYERS_MAX, GAME_PLAYERS,    \
      "players", "that there is room for")                                  \
    X(bodies, "bodies", ARGS_COUNT, 1, GAME_BODIES_MAX, 16, "bodies",       \
      "in the world, each player's own among them")                         \
    X(steps, "steps", ARGS_COUNT, 1, GAME_STEPS_MAX, 1, "steps",            \
      "of a tick: with bodies=, how much there is to compute")              \
    X(timeout, "timeout", ARGS_TIME, 1000000000, 3600000000000, 5000000000, \
      "s", "how long a player may send nothing before it has left")
ARGS_PROGRAM("a game server: a world of which all players see the same",
             GAME_ARGS)

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

static void make_world(const struct args_value args[ARG_COUNT])
{
    game.world.players = (uint8_t)args[ARG_players].number;
    game.world.bodies = (uint8_t)args[ARG_bodies].number;
    game.world.steps = (uint32_t)args[ARG_steps].number;
    if (game.world.bodies < game.world.players) {
        panic("bodies=%u are fewer than the players, %u", game.world.bodies,
              game.world.players);
    }
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
    struct args_value args[ARG_COUNT];
    cmdline_read(args_rules, args);
    game.tick_ns = args[ARG_tick].number;
    game.timeout_ns = args[ARG_timeout].number;
    game.tick.fire = tick;
    make_world(args);
    net_init();
    listen_on((uint16_t)args[ARG_port].number);
    net_serve();
}
