/*
 * game_server.h - game servers in a test, on the machine's end of the link: by
 * the rules of workloads/guests/game.c, until they are told to do wrong.
 */
#ifndef TESTS_WORKLOADS_GAME_SERVER_H
#define TESTS_WORKLOADS_GAME_SERVER_H

#include "tests/workloads/world.h"
#include "workloads/guests/game_packet.h"
#include "workloads/wire.h"

#define SERVERS_MAX 12

struct servers;

/* May change a snapshot, or its bytes; returns how many of them to send. */
typedef void spoil_fn(struct game_snapshot *s);
typedef uint32_t spoil_bytes_fn(uint8_t *bytes, uint32_t count);

struct seat {
    uint32_t address; /* 0: nobody has come. */
    uint16_t port;
    uint32_t newest, older, seen;
    struct game_move move;
};

struct server {
    struct servers *all;
    uint32_t number; /* Of the VM. */
    struct game_world world;
    struct game_tick_inputs history[GAME_HISTORY];
    struct seat seats[GAME_PLAYERS_MAX];
    struct sim_timer tick;
};

struct servers {
    struct world *w;
    uint32_t count;
    struct server of[SERVERS_MAX];
    uint32_t spoil_from; /* Ticks before it are right. */
    spoil_fn *spoil;     /* NULL: all is right; this too. */
    spoil_bytes_fn *spoil_bytes;
    uint32_t source_offset; /* Added to the address that it sends from, */
    uint16_t source_port;   /* and where from; GAME_PORT. */
    uint64_t updates;       /* That have arrived, */
    uint64_t bad;           /* and frames that were no updates. */
};

/* Attaches them to the link. Each ticks every 100 ms from its first player. */
void servers_init(struct servers *s, struct world *w, uint32_t count);
void servers_stop(struct servers *s);

#endif /* TESTS_WORKLOADS_GAME_SERVER_H */
