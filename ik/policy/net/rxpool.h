/*
 * rxpool.h - who may have a buffer of the receive pool.
 *
 * Half of the pool is divided equally among the VMs, the rest is for whoever
 * comes first; a queue has its limit besides. With B buffers, N VMs, a
 * queue limit of L and q(i) packets waiting for VM i:
 *
 *     G = min(L, max(1, B / 2 / N))      a VM's allotment
 *     R = min(G * N, B / 2)              all allotments together
 *     one more for VM i is taken if
 *         sum of q(j) < B, and
 *         q(i) < G or sum of max(q(j) - G, 0) < B - R
 *
 * So sum of max(q(j) - G, 0) <= B - R, whatever comes, in whatever order, and
 * however little is taken out: only a packet beyond an allotment adds to that
 * sum.
 * Hence a VM with q(i) < G is refused only when sum of min(q(j), G) >= R:
 *
 *  - with N <= B / 2 never: R = G * N, and its own is not full;
 *  - with more VMs than that, G is 1, and only while packets wait for at least
 *    B / 2 others.
 *
 * This is sharing with a maximum queue and a minimum allocation (Kamoun and
 * Kleinrock, "Analysis of shared finite storage in a computer network node
 * environment under general traffic conditions", 1980). A threshold that
 * follows what is free (Choudhury and Hahne, "Dynamic queue length thresholds
 * for shared-memory packet switches", 1998) needs no N, but bounds nothing
 * here: it counts on queues above it to drain. A VM may take nothing for ever;
 * S of them, filled one after another to alpha times what is free, leave
 * B / (1 + alpha)^S, and nothing soon.
 */
#ifndef IK_POLICY_NET_RXPOOL_H
#define IK_POLICY_NET_RXPOOL_H

#include <stdbool.h>
#include <stdint.h>

struct rxpool {
    /* Set at create, then const; in packets. */
    uint32_t buffers;   /* B */
    uint32_t allotment; /* G */
    uint32_t common;    /* B - R */

    uint32_t waiting; /* Sum of q(j); <= buffers. */
    uint32_t beyond;  /* Sum of max(q(j) - G, 0); <= common. */
};

/* All three > 0. */
void rxpool_init(struct rxpool *pool, uint32_t buffers, uint32_t queue_limit,
                 uint32_t vm_limit);

/* Has it a buffer for a VM that `queued` packets wait for? */
bool rxpool_has_room(const struct rxpool *pool, uint32_t queued);

/* A packet more for a VM that `queued` wait for: there is room for it. */
void rxpool_take(struct rxpool *pool, uint32_t queued);

/* One less for a VM that `queued` wait for, with the one that goes. */
void rxpool_give_back(struct rxpool *pool, uint32_t queued);

#endif /* IK_POLICY_NET_RXPOOL_H */
