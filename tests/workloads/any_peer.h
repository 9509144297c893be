/*
 * any_peer.h - a peer that says anything, and a user of the clients' TCP who does
 * anything that a user may do, by drawn numbers.
 */
#ifndef TESTS_WORKLOADS_ANY_PEER_H
#define TESTS_WORKLOADS_ANY_PEER_H

#include "tests/draws.h"
#include "tests/workloads/script.h"

/* A well-formed segment, whose numbers are near those that matter. */
void any_say(struct script *s, struct draws *d);

/* The user connects, sends, closes, aborts or does nothing. */
void any_use(struct script *s, struct draws *d);

#endif /* TESTS_WORKLOADS_ANY_PEER_H */
