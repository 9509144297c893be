/* game_world.c - see game_world.h. */
#include "workloads/guests/game_world.h"

#define DIAMETER (2 * GAME_RADIUS)
/* A body loses this part of its velocity in a step. */
#define FRICTION 128
/* At first each is in a square of its own, this many in a row. */
#define ROW  7
#define CELL (GAME_SIDE / ROW)

/* ---- The beginning ------------------------------------------------------- */

/* xorshift32 (Marsaglia); never 0. */
static uint32_t next_random(uint32_t *state)
{
    uint32_t x = *state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    *state = x;
    return x;
}

/* One of [low, low + span). */
static int32_t draw(uint32_t *state, int32_t low, int32_t span)
{
    return low + (int32_t)(next_random(state) % (uint32_t)span);
}

void game_world_init(struct game_world *world, uint32_t number)
{
    uint32_t state = (number + 1) * 0x9e3779b1u;
    state = state != 0 ? state : 1;
    world->tick = 0;
    for (int32_t i = 0; i < world->bodies; i++) {
        struct game_body *b = &world->body[i];
        b->x = draw(&state, i % ROW * CELL + DIAMETER, CELL - 2 * DIAMETER);
        b->y = draw(&state, i / ROW * CELL + DIAMETER, CELL - 2 * DIAMETER);
        b->vx = draw(&state, -GAME_ONE, 2 * GAME_ONE);
        b->vy = draw(&state, -GAME_ONE, 2 * GAME_ONE);
    }
}

/* ---- A step -------------------------------------------------------------- */

static int32_t clamp_speed(int32_t speed)
{
    return speed > GAME_SPEED_MAX    ? GAME_SPEED_MAX
           : speed < -GAME_SPEED_MAX ? -GAME_SPEED_MAX
                                     : speed;
}

/* Velocities after collisions are some diameters at most: no overflow. */
static int32_t change_speed(int32_t speed, int16_t move)
{
    return clamp_speed(speed + move - speed / FRICTION);
}

/* One axis: a step on, or back from a wall. */
static void move_axis(int32_t *place, int32_t *speed)
{
    const int32_t low = GAME_RADIUS, high = GAME_SIDE - GAME_RADIUS;
    *place += *speed;
    if (*place < low) {
        *place = 2 * low - *place;
        *speed = -*speed;
    } else if (*place > high) {
        *place = 2 * high - *place;
        *speed = -*speed;
    }
}

static void move(struct game_body *b, struct game_move by)
{
    b->vx = change_speed(b->vx, by.x);
    b->vy = change_speed(b->vy, by.y);
    move_axis(&b->x, &b->vx);
    move_axis(&b->y, &b->vy);
}

/*
 * Two that touch and come nearer exchange their velocities along the line
 * between them, as equal masses do. The one gets just what the other loses, so
 * that rounding makes no momentum. |dx| <= d, so the quotients are no more
 * than the velocities are.
 */
static void collide(struct game_body *a, struct game_body *b)
{
    int64_t dx = b->x - a->x, dy = b->y - a->y;
    if (dx >= DIAMETER || dx <= -DIAMETER || dy >= DIAMETER ||
        dy <= -DIAMETER) {
        return;
    }
    int64_t square = dx * dx + dy * dy;
    int64_t nearing = (b->vx - a->vx) * dx + (b->vy - a->vy) * dy;
    if (square >= (int64_t)DIAMETER * DIAMETER || nearing >= 0) {
        return;
    }
    int32_t x = (int32_t)(nearing * dx / square);
    int32_t y = (int32_t)(nearing * dy / square);
    a->vx += x;
    a->vy += y;
    b->vx -= x;
    b->vy -= y;
}

static void step(struct game_world *world, const struct game_move *moves)
{
    static const struct game_move none = { 0, 0 };
    for (int i = 0; i < world->bodies; i++) {
        move(&world->body[i], i < world->players ? moves[i] : none);
    }
    for (int i = 0; i < world->bodies; i++) {
        for (int k = i + 1; k < world->bodies; k++) {
            collide(&world->body[i], &world->body[k]);
        }
    }
}

void game_world_tick(struct game_world *world, const struct game_move *moves)
{
    for (uint32_t i = 0; i < world->steps; i++) {
        step(world, moves);
    }
    world->tick++;
}
