/* game_check.c - see game_check.h. */
#include "workloads/udp/game_check.h"

#include "sim/trace/trace.h"
#include "workloads/slab.h"

#include <string.h>

#define OLDER_BITS 32

void game_mirror_init(struct game_mirror *m, uint32_t server, uint64_t seed)
{
    memset(m, 0, sizeof *m);
    m->server = server;
    m->seed = seed;
}

struct game_move game_move_of(uint64_t seed, uint32_t server, uint32_t player,
                              uint32_t number)
{
    uint32_t hash = slab_hash((uint32_t)seed ^ (uint32_t)(seed >> 32),
                              server * GAME_PLAYERS_MAX + player, number);
    /* An eighth of a unit a step, at most: as much as a body may have. */
    return (struct game_move){ (int16_t)((int32_t)(hash & 0x3fff) - 0x2000),
                               (int16_t)((int32_t)(hash >> 18) - 0x2000) };
}

bool game_snapshot_has(const struct game_snapshot *s, uint32_t number)
{
    uint32_t behind = s->newest - number;
    return behind == 0 ||
           (behind <= OLDER_BITS && (s->older >> (behind - 1) & 1) != 0);
}

/* ---- What the players have done ------------------------------------------ */

/* True: the move of one player in one tick is one that the player sent, given
   the move of the tick before (NULL: not known). */
static bool is_input_right(const struct game_mirror *m, uint32_t player,
                           const struct game_input *input,
                           const struct game_input *before, uint32_t sent)
{
    struct game_move move = { 0, 0 };
    if (input->number != 0) {
        move = game_move_of(m->seed, m->server, player, input->number);
    }
    return input->number <= sent && input->move.x == move.x &&
           input->move.y == move.y &&
           (!before || input->number == 0 || input->number >= before->number);
}

static bool are_inputs_right(const struct game_mirror *m,
                             const struct game_snapshot *s,
                             const uint32_t *sent)
{
    for (uint32_t i = 0; i < s->history; i++) {
        const struct game_tick_inputs *before =
            i + 1 < s->history ? &s->inputs[i + 1] : NULL;
        for (uint32_t p = 0; p < s->world.players; p++) {
            if (!is_input_right(m, p, &s->inputs[i].of[p],
                                before ? &before->of[p] : NULL, sent[p])) {
                return false;
            }
        }
    }
    return true;
}

/* True: the newest update that the snapshot names is the player's last move. */
static bool is_seen_right(const struct game_snapshot *s)
{
    uint32_t before = s->newest - 1;
    return s->newest != 0 && s->newest == s->inputs[0].of[s->player].number &&
           (before >= OLDER_BITS || s->older >> before == 0);
}

/* ---- The world ----------------------------------------------------------- */

static bool is_same_game(const struct game_world *a, const struct game_world *b)
{
    return a->players == b->players && a->bodies == b->bodies &&
           a->steps == b->steps;
}

static uint64_t digest(const struct game_world *world,
                       const struct game_tick_inputs *inputs)
{
    uint64_t parts[2] = {
        trace_hash(world->body, world->bodies * sizeof *world->body),
        trace_hash(inputs->of, world->players * sizeof *inputs->of),
    };
    return trace_hash(parts, sizeof parts);
}

static void keep_digest(struct game_mirror *m, uint64_t value)
{
    uint32_t tick = m->world.tick;
    m->digests[tick % GAME_HISTORY] = value;
    if (tick - m->oldest >= GAME_HISTORY) {
        m->oldest = tick - GAME_HISTORY + 1;
    }
}

/* The world's next ticks, up to the snapshot's. */
static void follow(struct game_mirror *m, const struct game_snapshot *s)
{
    while (m->world.tick < s->world.tick) {
        const struct game_tick_inputs *inputs =
            &s->inputs[s->world.tick - m->world.tick - 1];
        struct game_move moves[GAME_PLAYERS_MAX];
        for (uint32_t p = 0; p < m->world.players; p++) {
            moves[p] = inputs->of[p].move;
        }
        game_world_tick(&m->world, moves);
        keep_digest(m, digest(&m->world, inputs));
    }
}

/* A tick after the latest that was seen. */
static enum game_verdict take_next(struct game_mirror *m,
                                   const struct game_snapshot *s)
{
    struct game_mirror next = *m;
    uint64_t said = digest(&s->world, &s->inputs[0]);
    if (s->world.tick - m->world.tick > s->history) {
        if (m->has_been_wrong) {
            return GAME_WRONG;
        }
        next.world = s->world;
        next.oldest = s->world.tick;
        keep_digest(&next, said);
    } else {
        follow(&next, s);
    }
    if (next.digests[s->world.tick % GAME_HISTORY] != said) {
        return GAME_WRONG;
    }
    *m = next;
    return GAME_RIGHT;
}

static void begin(struct game_mirror *m, const struct game_snapshot *s)
{
    m->world.steps = s->world.steps;
    m->world.players = s->world.players;
    m->world.bodies = s->world.bodies;
    game_world_init(&m->world, m->server);
    m->oldest = 1;
    m->is_known = true;
}

static enum game_verdict judge(struct game_mirror *m,
                               const struct game_snapshot *s,
                               const uint32_t *sent)
{
    if (s->server != m->server || !is_seen_right(s) ||
        !are_inputs_right(m, s, sent)) {
        return GAME_WRONG;
    }
    if (!m->is_known) {
        begin(m, s);
    }
    if (!is_same_game(&m->world, &s->world)) {
        return GAME_WRONG;
    }
    if (s->world.tick > m->world.tick) {
        return take_next(m, s);
    }
    if (s->world.tick < m->oldest) {
        return GAME_LATE;
    }
    uint64_t said = digest(&s->world, &s->inputs[0]);
    return m->digests[s->world.tick % GAME_HISTORY] == said ? GAME_RIGHT
                                                            : GAME_WRONG;
}

enum game_verdict game_mirror_take(struct game_mirror *m,
                                   const struct game_snapshot *s,
                                   const uint32_t sent[GAME_PLAYERS_MAX])
{
    enum game_verdict verdict = judge(m, s, sent);
    m->has_been_wrong = m->has_been_wrong || verdict == GAME_WRONG;
    return verdict;
}
