/*
 * nic.h - the machine's network card: a receive ring with an interrupt line,
 * and a transmitter that fetches frames by itself.
 *
 * The line is up while the receive ring holds a packet. The kernel's loop looks
 * at the line (ik/kernel.c) and is charged for serving it (vnic_serve, which
 * raises virtual interrupts); the card itself costs no CPU time.
 *
 * The card takes frames ahead of the wire, `tx_ahead` at most that have not
 * left: with 2, the one that is on the wire and the next. So who is next is
 * decided when a frame leaves, by whoever the card fetches from; and the wire
 * is never idle while there is a frame to be fetched.
 */
#ifndef SIM_NIC_H
#define SIM_NIC_H

#include "sim/devices/link.h"

#define NIC_RX_RING  1024
#define NIC_TX_LIMIT 256 /* Of tx_ahead. */

/* There is room since `now`, which is events.now, and more was wanted. */
typedef void nic_fetch_fn(void *ctx, uint64_t now);

/* A frame arrives, and the ring may be full. False: it has been dropped, and
   put back. */
typedef bool nic_admit_fn(void *ctx, struct packet *p);

struct nic {
    struct link *link; /* Borrowed. */
    struct packet_queue rx;
    uint64_t rx_overruns; /* Packets that found the receive ring full. */

    uint32_t tx_ahead;   /* Const. */
    nic_fetch_fn *fetch; /* Const, as its ctx. */
    nic_admit_fn *admit; /* Const; NULL: every frame that has room. */
    void *ctx;
    struct sim_timer tx_timer;      /* Set while more is wanted. */
    uint64_t tx_done[NIC_TX_LIMIT]; /* When the last tx_ahead frames leave; in
                                       turns. */
    uint32_t tx_next;               /* The first of those. */
};

/* Attaches itself to the machine's end of the link. */
void nic_init(struct nic *n, struct link *link, uint32_t tx_ahead,
              nic_fetch_fn *fetch, void *ctx);

bool nic_interrupt_is_up(const struct nic *n);

/* Takes the oldest packet received, which the caller then owns. NULL: none. */
struct packet *nic_receive(struct nic *n);

/* The cycle from which on the card takes another frame; it may be over. */
uint64_t nic_tx_room_at(const struct nic *n);

/* Transmits the packet, which it takes, at cycle `at`: not before there is
   room, nor before any that was transmitted earlier. */
void nic_transmit(struct nic *n, uint64_t at, struct packet *p);

/* Call `fetch` when there is room, once; or do not. */
void nic_fetch_more(struct nic *n, bool wanted);

#endif /* SIM_NIC_H */
