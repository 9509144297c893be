/*
 * game_check.h - checks what a game server says.
 *
 * The simulated clients have the server's own physics
 * (workloads/guests/game_world.h) and hold a world of their own for each
 * server, its mirror: from the moves that a snapshot says were made follows
 * the world that it must show, bit by bit, and the moves must be those that
 * the players have sent. Only when more ticks in a row were lost than
 * a snapshot has history is the server's world taken over as it is; and not
 * from a server that has been wrong.
 */
#ifndef WORKLOADS_GAME_CHECK_H
#define WORKLOADS_GAME_CHECK_H

#include "sim/base.h"
#include "workloads/guests/game_packet.h"

struct game_mirror {
    uint32_t server; /* Set at init, then const. */
    uint64_t seed;   /* The seed of the moves; set at init, then const. */
    bool has_been_wrong;
    bool is_known; /* There has been a snapshot: the members below are valid. */
    struct game_world world;        /* The world at the latest tick seen. */
    uint32_t oldest;                /* The first tick that has a digest. */
    uint64_t digests[GAME_HISTORY]; /* Of bodies and moves, by tick modulo
                                       GAME_HISTORY. */
};

enum game_verdict {
    GAME_RIGHT,
    GAME_LATE, /* The snapshot's tick is too long ago to be judged. */
    GAME_WRONG
};

void game_mirror_init(struct game_mirror *m, uint32_t server, uint64_t seed);

/*
 * Judges a snapshot and, if it is right, moves the mirror to its tick. sent[p]
 * is the number of the last update of player p; 0: none, or there is no such
 * player.
 */
enum game_verdict game_mirror_take(struct game_mirror *m,
                                   const struct game_snapshot *s,
                                   const uint32_t sent[GAME_PLAYERS_MAX]);

/* Returns what player `player` does in its update `number`. */
struct game_move game_move_of(uint64_t seed, uint32_t server, uint32_t player,
                              uint32_t number);

/* True: the snapshot's world has seen this update of the snapshot's player. */
bool game_snapshot_has(const struct game_snapshot *s, uint32_t number);

#endif /* WORKLOADS_GAME_CHECK_H */
