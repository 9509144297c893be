/*
 * game_world.h - the world of the game: bodies in a square box that move, are
 * slowed down, and bounce off the walls and off each other.
 *
 * Both the server and the simulated clients compile this file, and must come
 * to the same world bit by bit: so it is integers only, 16.16 fixed point, no
 * shift of a negative number, and no state but what it is given. A world
 * follows from its number and from the moves of each tick, and from nothing
 * else.
 */
#ifndef WORKLOADS_GUESTS_GAME_WORLD_H
#define WORKLOADS_GUESTS_GAME_WORLD_H

#include <stdint.h>

#define GAME_PLAYERS     4 /* Unless it is told another number. */
#define GAME_PLAYERS_MAX 8
#define GAME_BODIES_MAX  48
#define GAME_STEPS_MAX   1000

#define GAME_ONE    65536            /* 1, in 16.16. */
#define GAME_SIDE   (256 * GAME_ONE) /* Of the box. */
#define GAME_RADIUS (2 * GAME_ONE)   /* Of a body. */
/* Of each component of a velocity, when a body moves: less than a diameter a
   step, or bodies would pass through each other. */
#define GAME_SPEED_MAX (3 * GAME_ONE)

/* Where it is, and how far it goes in a step. */
struct game_body {
    int32_t x, y;
    int32_t vx, vy;
};

/* What a player does to the velocity of its body, in each step of a tick. */
struct game_move {
    int16_t x, y;
};

/* Bodies [0, players) are the players'; the others only roll. */
struct game_world {
    uint32_t tick;  /* So many have passed. */
    uint32_t steps; /* Of each tick; 1 to GAME_STEPS_MAX. */
    uint8_t players;
    uint8_t bodies; /* players <= bodies <= GAME_BODIES_MAX */
    struct game_body body[GAME_BODIES_MAX];
};

/*
 * World `number` at tick 0. `world` has its steps, players and bodies set; no
 * two bodies touch.
 */
void game_world_init(struct game_world *world, uint32_t number);

/* The next tick, with the moves of the players. */
void game_world_tick(struct game_world *world, const struct game_move *moves);

#endif /* WORKLOADS_GUESTS_GAME_WORLD_H */
