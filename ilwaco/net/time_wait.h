/*
 * time_wait.h - connections in TIME-WAIT, which lwIP keeps far longer than this
 * Ethernet needs and never gives up for a new connection of the same client.
 */
#ifndef ILWACO_NET_TIME_WAIT_H
#define ILWACO_NET_TIME_WAIT_H

#include "ilwaco/net/syn.h"

/*
 * Slow ticks (500 ms) that one lasts: 1 to 1.5 s, or until the guest next
 * wakes for something else. Nothing lives for a second on this Ethernet.
 */
#define TIME_WAIT_TICKS 2

/* Free those that have lasted long enough. */
void time_wait_reclaim(void);

/*
 * Before lwIP sees the SYN: one that begins above where the last
 * connection between the same ports ended may open a new one at once (RFC
 * 1122, 4.2.2.13). lwIP would answer with a reset.
 */
void time_wait_make_way(const struct syn *syn);

#endif /* ILWACO_NET_TIME_WAIT_H */
