/* game_packet.c - see game_packet.h. */
#include "workloads/guests/game_packet.h"

#define UPDATE_MAGIC   0x494b4755u /* "IKGU" */
#define SNAPSHOT_MAGIC 0x494b4753u /* "IKGS" */

/* ---- Numbers ------------------------------------------------------------- */

static uint8_t *put16(uint8_t *to, uint32_t value)
{
    to[0] = (uint8_t)(value >> 8);
    to[1] = (uint8_t)value;
    return to + 2;
}

static uint8_t *put32(uint8_t *to, uint32_t value)
{
    return put16(put16(to, value >> 16), value);
}

static uint32_t get16(const uint8_t *from)
{
    return (uint32_t)from[0] << 8 | from[1];
}

static uint32_t get32(const uint8_t *from)
{
    return get16(from) << 16 | get16(from + 2);
}

static int16_t get_signed16(const uint8_t *from)
{
    int32_t value = (int32_t)get16(from);
    return (int16_t)(value < 0x8000 ? value : value - 0x10000);
}

static int32_t get_signed32(const uint8_t *from)
{
    int64_t value = get32(from);
    return (int32_t)(value < 0x80000000 ? value : value - 0x100000000);
}

static uint8_t *put_move(uint8_t *to, struct game_move move)
{
    return put16(put16(to, (uint16_t)move.x), (uint16_t)move.y);
}

static struct game_move get_move(const uint8_t *from)
{
    return (struct game_move){ get_signed16(from), get_signed16(from + 2) };
}

/* ---- Updates ------------------------------------------------------------- */

void game_update_write(const struct game_update *update,
                       uint8_t bytes[GAME_UPDATE_BYTES])
{
    uint8_t *to = put32(put32(bytes, UPDATE_MAGIC), update->number);
    put_move(put32(to, (uint32_t)update->player << 24), update->move);
}

bool game_update_read(struct game_update *update, const uint8_t *bytes,
                      uint32_t count)
{
    if (count != GAME_UPDATE_BYTES || get32(bytes) != UPDATE_MAGIC ||
        bytes[8] >= GAME_PLAYERS_MAX || bytes[9] != 0 ||
        get16(bytes + 10) != 0) {
        return false;
    }
    *update = (struct game_update){
        .number = get32(bytes + 4),
        .player = bytes[8],
        .move = get_move(bytes + 12),
    };
    return update->number != 0;
}

/* ---- Snapshots ----------------------------------------------------------- */

static uint32_t snapshot_bytes(uint32_t history, uint32_t players,
                               uint32_t bodies)
{
    return GAME_HEAD_BYTES + history * players * GAME_INPUT_BYTES +
           bodies * GAME_BODY_BYTES;
}

static void write_bodies(const struct game_world *world, uint8_t *to)
{
    for (uint32_t i = 0; i < world->bodies; i++) {
        const struct game_body *b = &world->body[i];
        to = put32(put32(to, (uint32_t)b->x), (uint32_t)b->y);
        to = put32(put32(to, (uint32_t)b->vx), (uint32_t)b->vy);
    }
}

uint32_t game_snapshot_write(const struct game_snapshot *snapshot,
                             uint8_t bytes[GAME_SNAPSHOT_BYTES])
{
    const struct game_world *world = &snapshot->world;
    uint8_t *to = put32(put32(bytes, SNAPSHOT_MAGIC), snapshot->server);
    to = put32(put32(to, world->tick), snapshot->newest);
    to = put32(to, snapshot->older);
    *to++ = snapshot->player;
    *to++ = world->players;
    *to++ = world->bodies;
    *to++ = snapshot->history;
    to = put32(put16(put16(to, world->steps), 0), snapshot->ignored);
    for (uint32_t i = 0; i < snapshot->history; i++) {
        for (uint32_t p = 0; p < world->players; p++) {
            const struct game_input *input = &snapshot->inputs[i].of[p];
            to = put_move(put32(to, input->number), input->move);
        }
    }
    write_bodies(world, to);
    return snapshot_bytes(snapshot->history, world->players, world->bodies);
}

/* False when a field is one that no server could have sent. */
static bool read_head(struct game_snapshot *s, const uint8_t *bytes)
{
    s->server = get32(bytes + 4);
    s->world.tick = get32(bytes + 8);
    s->newest = get32(bytes + 12);
    s->older = get32(bytes + 16);
    s->player = bytes[20];
    s->world.players = bytes[21];
    s->world.bodies = bytes[22];
    s->history = bytes[23];
    s->world.steps = get16(bytes + 24);
    s->ignored = get32(bytes + 28);
    uint32_t tick = s->world.tick;
    return get32(bytes) == SNAPSHOT_MAGIC && get16(bytes + 26) == 0 &&
           s->player < s->world.players &&
           s->world.players <= GAME_PLAYERS_MAX &&
           s->world.players <= s->world.bodies &&
           s->world.bodies <= GAME_BODIES_MAX && s->world.steps >= 1 &&
           s->world.steps <= GAME_STEPS_MAX && tick > 0 &&
           s->history == (tick < GAME_HISTORY ? tick : GAME_HISTORY);
}

static void read_bodies(struct game_world *world, const uint8_t *from)
{
    for (uint32_t i = 0; i < world->bodies; i++) {
        world->body[i] = (struct game_body){
            .x = get_signed32(from),
            .y = get_signed32(from + 4),
            .vx = get_signed32(from + 8),
            .vy = get_signed32(from + 12),
        };
        from += GAME_BODY_BYTES;
    }
}

bool game_snapshot_read(struct game_snapshot *snapshot, const uint8_t *bytes,
                        uint32_t count)
{
    if (count < GAME_HEAD_BYTES || !read_head(snapshot, bytes)) {
        return false;
    }
    struct game_world *world = &snapshot->world;
    if (count !=
        snapshot_bytes(snapshot->history, world->players, world->bodies)) {
        return false;
    }
    const uint8_t *from = bytes + GAME_HEAD_BYTES;
    for (uint32_t i = 0; i < snapshot->history; i++) {
        for (uint32_t p = 0; p < world->players; p++) {
            snapshot->inputs[i].of[p] =
                (struct game_input){ get32(from), get_move(from + 4) };
            from += GAME_INPUT_BYTES;
        }
    }
    read_bodies(world, from);
    return true;
}
