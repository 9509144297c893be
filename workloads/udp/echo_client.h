/*
 * echo_client.h - clients that send a datagram, and want the same back (load
 * `kind: echo`, `transport: udp`).
 *
 * Each request has an address and a port of its own, and no pair comes twice
 * before a thousand million requests: so whatever comes to a pair is the answer
 * to its request, right or wrong, and a late copy is nobody's. Nothing is sent
 * again; a datagram that is lost times out.
 */
#ifndef WORKLOADS_UDP_ECHO_CLIENT_H
#define WORKLOADS_UDP_ECHO_CLIENT_H

#include "workloads/load_state.h"

struct datagram;

/* A datagram of `client` to a VM is due now. */
void echo_ask(struct source *s, uint32_t client, uint32_t vm);

/* False: the datagram is for no such client. */
bool echo_receive(struct load *l, const struct datagram *d);

/* Forgets those that are open. */
void echo_abandon(struct load *l);

/* Bytes of an open echo's record, for load.echoes. */
extern const size_t echo_record_bytes;

#endif /* WORKLOADS_UDP_ECHO_CLIENT_H */
