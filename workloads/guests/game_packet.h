/*
 * game_packet.h - what a game server and its clients say to each other, in
 * UDP datagrams; both compile this file.
 *
 * A client sends an update, 16 bytes, most significant byte first:
 *
 *      0  4  "IKGU"
 *      4  4  its number: 1, 2, 3... of this player
 *      8  1  which player, from 0
 *      9  3  zero
 *     12  4  the move: x and y, two's complement
 *
 * After each tick the server sends a snapshot to each player that is there:
 *
 *      0  4  "IKGS"
 *      4  4  the server's number among all VMs, and of its world
 *      8  4  the tick
 *     12  4  the newest update of this player that the world has seen
 *     16  4  which older ones it has seen: bit n, number newest - 1 - n
 *     20  1  which player this is for
 *     21  1  P, the players that there is room for
 *     22  1  B, the bodies
 *     23  1  H, the ticks of history: GAME_HISTORY, or all if fewer
 *     24  2  steps of a tick
 *     26  2  zero
 *     28  4  datagrams that the server has ignored, from whomever
 *     32     history: H times P entries, the latest tick first, of 8 bytes:
 *            the update that a player's move is of (0: it is not there, and
 *            does not move), and the move
 *            then B bodies of 16 bytes: x, y, vx, vy
 *
 * With its history a snapshot says how the world came from what it was
 * GAME_HISTORY ticks ago, so a client can check it though some were lost.
 */
#ifndef WORKLOADS_GUESTS_GAME_PACKET_H
#define WORKLOADS_GUESTS_GAME_PACKET_H

#include "workloads/guests/game_world.h"

#include <stdbool.h>

#define GAME_PORT         40000 /* Of a server, unless it is told another. */
#define GAME_HISTORY      8
#define GAME_UPDATE_BYTES 16
#define GAME_HEAD_BYTES   32
#define GAME_INPUT_BYTES  8
#define GAME_BODY_BYTES   16
#define GAME_SNAPSHOT_BYTES                                                 \
    (GAME_HEAD_BYTES + GAME_HISTORY * GAME_PLAYERS_MAX * GAME_INPUT_BYTES + \
     GAME_BODIES_MAX * GAME_BODY_BYTES)

struct game_update {
    uint32_t number; /* >= 1 */
    uint8_t player;  /* < GAME_PLAYERS_MAX */
    struct game_move move;
};

/* The update that a player's move in a tick is of. */
struct game_input {
    uint32_t number; /* 0: the player is not there; the move is 0, 0. */
    struct game_move move;
};

struct game_tick_inputs {
    struct game_input of[GAME_PLAYERS_MAX];
};

struct game_snapshot {
    uint32_t server;
    uint32_t newest, older; /* Updates of the player, see above. */
    uint32_t ignored;       /* Datagrams, ever. */
    uint8_t player;         /* < world.players */
    uint8_t history;        /* <= GAME_HISTORY */
    struct game_tick_inputs inputs[GAME_HISTORY]; /* The latest first. */
    struct game_world world;                      /* After tick world.tick. */
};

void game_update_write(const struct game_update *update,
                       uint8_t bytes[GAME_UPDATE_BYTES]);
/* False: it is none. */
bool game_update_read(struct game_update *update, const uint8_t *bytes,
                      uint32_t count);

/* Returns how many bytes it is. */
uint32_t game_snapshot_write(const struct game_snapshot *snapshot,
                             uint8_t bytes[GAME_SNAPSHOT_BYTES]);
/* False: it is none. What is not in it is left as it was. */
bool game_snapshot_read(struct game_snapshot *snapshot, const uint8_t *bytes,
                        uint32_t count);

#endif /* WORKLOADS_GUESTS_GAME_PACKET_H */
