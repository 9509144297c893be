/*
 * game_client.h - the players of game servers (load `kind: game`).
 *
 * Each VM of the group has `players` players. A player has an address of its
 * own and sends an update about every `period`: the gaps are drawn evenly from
 * half a period to one and a half, so that a player and the server's ticks do
 * not keep step. Nothing is retransmitted. An update is a request: it is
 * answered by the first snapshot that says that the server's world has seen it,
 * and its latency runs until that arrives. An update that is lost, or that a
 * newer one has overtaken on the way, times out.
 *
 * Every snapshot is checked (game_check.h). When one is wrong, all updates of
 * its player that are open have failed.
 */
#ifndef WORKLOADS_GAME_CLIENT_H
#define WORKLOADS_GAME_CLIENT_H

#include "workloads/load_state.h"

extern const struct arrivals game_arrivals;

/* Called by struct net; ctx is the struct load. */
void game_receive(void *ctx, const struct datagram *d);

/* Forgets the updates that are open. */
void game_abandon(struct load *l);

/* Bytes of an open update's record, for load.updates. */
extern const size_t game_update_record_bytes;

#endif /* WORKLOADS_GAME_CLIENT_H */
