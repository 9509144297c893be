/* game_client.c - see game_client.h. */
#include "workloads/udp/game_client.h"

#include "isa/abi.h"
#include "sim/arena.h"
#include "sim/devices/machine.h"
#include "sim/trace/trace.h"
#include "workloads/udp/game_check.h"
#include "workloads/wire.h"

/* The port of the first players; all have it until addresses run out. */
#define FIRST_PORT 40001

struct player {
    struct sim_timer next; /* Its next update. */
    uint32_t number;       /* The number of its last update; 0: none. */
    uint32_t newest_tick;  /* The newest tick of its snapshots. */
    uint32_t first_open;   /* Record of its first open update, or SLAB_NONE. */
    uint32_t last_open;    /* Valid unless first_open is SLAB_NONE. */
};

/* An update on its way, or seen by no snapshot yet. */
struct update {
    struct slab_head head;
    uint32_t source, player; /* The player's number within its source. */
    uint32_t next;           /* The player's next open one, or SLAB_NONE. */
    uint32_t number;         /* The update's number for the server. */
    uint64_t request;        /* The update's number in the trace. */
    uint64_t due;            /* Cycles. */
    struct sim_timer timeout;
};

/* The game of one source: the players of its first VM, of its second... */
struct game {
    struct player *players;
    struct game_mirror *mirrors; /* By VM of the group. */
    uint32_t first_player;       /* Among those of all sources. */
    uint64_t period;             /* Cycles. */
};

const size_t game_update_record_bytes = sizeof(struct update);

/* ---- Who is who ---------------------------------------------------------- */

static uint32_t player_count(const struct source *s)
{
    return s->vm_count * s->config->players;
}

static uint32_t vm_of(const struct source *s, uint32_t player)
{
    return s->first_vm + player / s->config->players;
}

static uint32_t address_of(const struct source *s, uint32_t player)
{
    return ABI_CLIENT_NET + 1 +
           (s->game->first_player + player) % TCP_ADDRESSES;
}

static uint16_t port_of(const struct source *s, uint32_t player)
{
    return (uint16_t)(FIRST_PORT +
                      (s->game->first_player + player) / TCP_ADDRESSES);
}

/* The source and the player that a datagram is for; NULL: there is none. */
static struct source *find_player(const struct load *l,
                                  const struct datagram *d, uint32_t *player)
{
    uint64_t number =
        (uint64_t)(uint16_t)(d->target_port - FIRST_PORT) * TCP_ADDRESSES +
        (d->target - ABI_CLIENT_NET - 1);
    for (uint32_t i = 0; i < l->config.scenario->load_count; i++) {
        struct source *s = &l->sources[i];
        if (s->game && number >= s->game->first_player &&
            number - s->game->first_player < player_count(s)) {
            *player = (uint32_t)(number - s->game->first_player);
            return s;
        }
    }
    return NULL;
}

/* ---- The end of an update ------------------------------------------------ */

static void emit(struct load *l, struct trace_event event)
{
    trace_emit(l->config.trace, l->config.events->now, event);
}

static void forget(struct load *l, struct update *u)
{
    timer_cancel(l->config.events, &u->timeout);
    slab_put(&l->updates, u);
}

/* Counts it and forgets it; it is in no list any more. */
static void end(struct load *l, struct update *u, enum outcome outcome)
{
    struct source *s = &l->sources[u->source];
    uint32_t vm = vm_of(s, u->player);
    if (outcome == OUTCOME_COMPLETED) {
        emit(l, TRACE_EVENT(reply, vm, .request = u->request,
                            .latency = l->config.events->now - u->due));
    } else {
        emit(l,
             TRACE_EVENT(give_up, vm, .request = u->request, .why = outcome));
    }
    load_count_ended(s, vm, u->due, outcome, 0);
    forget(l, u);
}

static void add_open(struct load *l, struct player *p, struct update *u)
{
    u->next = SLAB_NONE;
    if (p->first_open == SLAB_NONE) {
        p->first_open = u->head.number;
    } else {
        struct update *last = slab_at(&l->updates, p->last_open);
        last->next = u->head.number;
    }
    p->last_open = u->head.number;
}

/* Which of a player's open updates end. */
typedef bool select_fn(const struct update *u, const void *ctx);

static void end_open(struct load *l, struct player *p, select_fn *select,
                     const void *ctx, enum outcome outcome)
{
    uint32_t next = p->first_open;
    p->first_open = SLAB_NONE;
    while (next != SLAB_NONE) {
        struct update *u = slab_at(&l->updates, next);
        next = u->next;
        if (select(u, ctx)) {
            end(l, u, outcome);
        } else {
            add_open(l, p, u);
        }
    }
}

static bool is_seen(const struct update *u, const void *snapshot)
{
    return game_snapshot_has(snapshot, u->number);
}

static bool is_any(const struct update *u, const void *ctx)
{
    (void)u;
    (void)ctx;
    return true;
}

static bool is_this(const struct update *u, const void *update)
{
    return u == update;
}

static void timeout_fires(void *ctx, struct sim_timer *timer)
{
    struct load *l = ctx;
    struct update *u = CONTAINER_OF(timer, struct update, timeout);
    struct player *p = &l->sources[u->source].game->players[u->player];
    end_open(l, p, is_this, u, OUTCOME_TIMED_OUT);
}

/* ---- Snapshots ----------------------------------------------------------- */

static void count_snapshot(struct source *s, struct player *p, uint32_t tick)
{
    struct stats *stats = s->load->config.stats;
    uint64_t now = s->load->config.events->now;
    if (tick <= p->newest_tick) {
        return;
    }
    p->newest_tick = tick;
    if (now >= stats->window_start && now < stats->window_end) {
        stats->load.snapshots++;
    }
}

static enum game_verdict judge(struct source *s, uint32_t player,
                               const struct game_snapshot *snapshot)
{
    uint32_t sent[GAME_PLAYERS_MAX] = { 0 };
    uint32_t players = s->config->players;
    uint32_t first = player - player % players; /* Of those on this VM. */
    struct game_mirror *mirror = &s->game->mirrors[first / players];
    for (uint32_t i = 0; i < players; i++) {
        sent[i] = s->game->players[first + i].number;
    }
    return snapshot->player == player - first
               ? game_mirror_take(mirror, snapshot, sent)
               : GAME_WRONG;
}

static void take_snapshot(struct source *s, uint32_t player,
                          const struct datagram *d)
{
    struct player *p = &s->game->players[player];
    struct game_snapshot snapshot = { 0 };
    enum game_verdict verdict = GAME_WRONG;
    if (game_snapshot_read(&snapshot, d->payload, d->payload_bytes)) {
        verdict = judge(s, player, &snapshot);
    }
    switch (verdict) {
    case GAME_RIGHT:
        count_snapshot(s, p, snapshot.world.tick);
        end_open(s->load, p, is_seen, &snapshot, OUTCOME_COMPLETED);
        break;
    case GAME_LATE:
        break;
    case GAME_WRONG:
        end_open(s->load, p, is_any, NULL, OUTCOME_FAILED);
        break;
    }
}

void game_receive(void *ctx, const struct datagram *d)
{
    struct load *l = ctx;
    uint32_t player = 0;
    struct source *s = find_player(l, d, &player);
    if (s && d->source == ABI_VM_NET + vm_of(s, player) + 1 &&
        d->source_port == s->server.port) {
        take_snapshot(s, player, d);
    } else {
        l->net.counts.not_ours++;
    }
}

/* ---- Updates ------------------------------------------------------------- */

/* False: there is no memory for a packet. */
static bool send_update(struct source *s, uint32_t player, uint32_t number)
{
    struct load *l = s->load;
    uint32_t vm = vm_of(s, player);
    struct packet *packet = net_get_packet(&l->net);
    if (!packet) {
        return false;
    }
    struct game_update update = {
        .number = number,
        .player = (uint8_t)(player % s->config->players),
        .move = game_move_of(l->config.scenario->seed, vm,
                             player % s->config->players, number),
    };
    game_update_write(&update, wire_udp_payload(packet));
    struct datagram d = { .source = address_of(s, player),
                          .target = ABI_VM_NET + vm + 1,
                          .source_port = port_of(s, player),
                          .target_port = s->server.port,
                          .ip_id = (uint16_t)number,
                          .payload_bytes = GAME_UPDATE_BYTES };
    wire_write_udp(packet, &d);
    net_send(&l->net, packet, vm, NET_NO_CONNECTION);
    return true;
}

/* An update of `player` is due now. */
static void ask(struct source *s, uint32_t player)
{
    struct load *l = s->load;
    struct player *p = &s->game->players[player];
    uint64_t now = l->config.events->now;
    uint64_t request = l->next_number++;
    uint32_t vm = vm_of(s, player);

    load_count_begun(s, vm, now);
    emit(l, TRACE_EVENT(request, vm, .request = request));
    p->number++;
    struct update *u = slab_get(&l->updates, s->index);
    if (!u || !send_update(s, player, p->number)) {
        if (u) {
            slab_put(&l->updates, u);
        }
        emit(l, TRACE_EVENT(give_up, vm, .request = request,
                            .why = OUTCOME_FAILED));
        load_count_ended(s, vm, now, OUTCOME_FAILED, 0);
        return;
    }
    u->source = s->index;
    u->player = player;
    u->number = p->number;
    u->request = request;
    u->due = now;
    timer_init(&u->timeout, timeout_fires, l);
    timer_set(l->config.events, &u->timeout, now + s->timeout);
    add_open(l, p, u);
}

static void next_fires(void *ctx, struct sim_timer *timer)
{
    struct source *s = ctx;
    const struct player *p = CONTAINER_OF(timer, struct player, next);
    uint64_t period = s->game->period;
    uint64_t gap = period / 2 + rng_below(&s->timing, period);
    timer_set(s->load->config.events, timer, s->load->config.events->now + gap);
    ask(s, (uint32_t)(p - s->game->players));
}

/* ---- As arrivals --------------------------------------------------------- */

static bool game_create(struct source *s, struct arena *arena)
{
    uint64_t seed = s->load->config.scenario->seed;
    uint32_t count = player_count(s);
    s->game = arena_alloc(arena, sizeof *s->game, alignof(struct game));
    if (!s->game) {
        return false;
    }
    s->game->period =
        cycles_from_ns(s->config->period_ns, s->load->config.cpu_hz);
    s->game->players = arena_alloc(arena, count * sizeof *s->game->players,
                                   alignof(struct player));
    s->game->mirrors =
        arena_alloc(arena, s->vm_count * sizeof *s->game->mirrors,
                    alignof(struct game_mirror));
    if (!s->game->players || !s->game->mirrors) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        timer_init(&s->game->players[i].next, next_fires, s);
        s->game->players[i].first_open = SLAB_NONE;
    }
    for (uint32_t i = 0; i < s->vm_count; i++) {
        game_mirror_init(&s->game->mirrors[i], s->first_vm + i, seed);
    }
    return true;
}

/* Players are numbered now, when no load will change any more. */
static void game_start(struct source *s, uint64_t start)
{
    struct load *l = s->load;
    s->game->first_player = l->player_count;
    l->player_count += player_count(s);
    l->config.stats->load.servers += s->vm_count;
    for (uint32_t i = 0; i < player_count(s); i++) {
        timer_set(l->config.events, &s->game->players[i].next,
                  start + rng_below(&s->timing, s->game->period));
    }
}

static void game_stop(struct source *s)
{
    for (uint32_t i = 0; i < player_count(s); i++) {
        timer_cancel(s->load->config.events, &s->game->players[i].next);
    }
}

const struct arrivals game_arrivals = {
    .name = "game",
    .create = game_create,
    .start = game_start,
    .stop = game_stop,
};

static void abandon_source(struct source *s)
{
    struct load *l = s->load;
    for (uint32_t i = 0; i < player_count(s); i++) {
        struct player *p = &s->game->players[i];
        while (p->first_open != SLAB_NONE) {
            struct update *u = slab_at(&l->updates, p->first_open);
            p->first_open = u->next;
            forget(l, u);
        }
    }
}

void game_abandon(struct load *l)
{
    for (uint32_t i = 0; i < l->config.scenario->load_count; i++) {
        if (l->sources[i].game) {
            abandon_source(&l->sources[i]);
        }
    }
}
