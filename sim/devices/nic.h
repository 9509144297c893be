/*
 * nic.h - the machine's network card: a receive ring, a transmit ring and
 * one interrupt line.
 *
 * The line is up while the receive ring holds a packet, or while the driver
 * waits for transmit room and there is some. The kernel's loop looks at the
 * line (ik/kernel.c) and is charged for serving it (vnic_serve, which raises
 * virtual interrupts); the card itself costs no CPU time.
 */
#ifndef SIM_NIC_H
#define SIM_NIC_H

#include "sim/devices/link.h"

#define NIC_RX_RING 1024
#define NIC_TX_RING 256

struct nic {
    struct link *link; /* Borrowed. */
    struct packet_queue rx;
    struct sim_timer tx_timer;     /* Set while the driver waits for room. */
    uint64_t tx_done[NIC_TX_RING]; /* When each frame in the ring has left. */
    uint32_t tx_head;
    uint32_t tx_count; /* Frames in the ring when the last one was sent. */
    bool wants_tx_room;
    uint64_t rx_overruns; /* Packets that found the receive ring full. */
};

/* Attaches itself to the machine's end of the link. */
void nic_init(struct nic *n, struct link *link);

bool nic_interrupt_is_up(const struct nic *n);

/* Takes the oldest packet received, which the caller then owns. NULL: none. */
struct packet *nic_receive(struct nic *n);

/* Frames that may be transmitted at events.now, or later. */
uint32_t nic_tx_room(const struct nic *n);

/* Transmits the packet, which it takes, at cycle `now` >= events.now. There
   must be room. */
void nic_transmit(struct nic *n, uint64_t now, struct packet *p);

/* Raise the line when the transmit ring has room (it may already have). */
void nic_want_tx_room(struct nic *n, bool wanted);

#endif /* SIM_NIC_H */
