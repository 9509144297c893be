/*
 * discard.h - what clients must know of the discard server: plain numbers, for
 * the guest and for the simulated clients.
 */
#ifndef WORKLOADS_GUESTS_DISCARD_H
#define WORKLOADS_GUESTS_DISCARD_H

#define DISCARD_PORT 9 /* Without a `port=`. */

#endif /* WORKLOADS_GUESTS_DISCARD_H */
