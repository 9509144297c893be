/*
 * game_check.h - whether what a game server says is right.
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
    uint64_t seed;   /* Of the moves; likewise. */
    bool has_been_wrong;
    bool is_known;           /* There has been a snapshot. The rest is valid. */
    struct game_world world; /* At the latest tick seen. */
    uint32_t oldest;         /* The first tick of those below. */
    uint64_t digests[GAME_HISTORY]; /* Of bodies and moves, by tick, modulo. */
};

enum game_verdict {
    GAME_RIGHT,
    GAME_LATE, /* Of a tick too long ago to be judged. */
    GAME_WRONG
};

void game_mirror_init(struct game_mirror *m, uint32_t server, uint64_t seed);

/*
 * Judges a snapshot and, if it is right, follows it. sent[p] is the number of
 * the last update of player p; 0: none, or there is no such player.
 */
enum game_verdict game_mirror_take(struct game_mirror *m,
                                   const struct game_snapshot *s,
                                   const uint32_t sent[GAME_PLAYERS_MAX]);

/* What player `player` does in its update `number`: the recorded game. */
struct game_move game_move_of(uint64_t seed, uint32_t server, uint32_t player,
                              uint32_t number);

/* The snapshot says that the world has seen this update of its player. */
bool game_snapshot_has(const struct game_snapshot *s, uint32_t number);

#endif /* WORKLOADS_GAME_CHECK_H */
