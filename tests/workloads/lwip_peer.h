/*
 * lwip_peer.h - real servers for the clients to talk to: lwIP on the host,
 * with an HTTP server of a few lines that answers for every VM address.
 *
 * lwIP's state is the process's, so there is one such peer at a time.
 */
#ifndef TESTS_WORKLOADS_LWIP_PEER_H
#define TESTS_WORKLOADS_LWIP_PEER_H

#include "tests/workloads/world.h"

struct lwip_peer_config {
    uint32_t vm_count;
    uint32_t body_bytes;
    bool closes_first; /* After each response. */
    bool has_nagle;
    uint64_t work_cycles; /* From request to response. */
    uint32_t wrong_at;    /* This byte of each body is wrong; or beyond it. */
};

struct lwip_peer_counts {
    uint64_t accepted, requests, errors;
    uint32_t open; /* Connections that the server knows of. */
};

/* Attaches itself to the machine's end of the world's link. */
void lwip_peer_start(struct world *w, const struct lwip_peer_config *config);
void lwip_peer_stop(void);
/* Connections that lwIP has not seen the end of. */
uint32_t lwip_peer_half_closed(void);
const struct lwip_peer_counts *lwip_peer_counts(void);

#endif /* TESTS_WORKLOADS_LWIP_PEER_H */
