/*
 * nic.h - the driver of the virtual NIC: Ethernet frames as pbufs. When the
 * device's queue is full, frames wait here, in order, for ABI_IRQ_NET_TX.
 */
#ifndef ILWACO_NET_NIC_H
#define ILWACO_NET_NIC_H

#include "lwip/err.h"
#include "lwip/pbuf.h"

#include <stdbool.h>
#include <stdint.h>

/* Frames that wait. TCP gets ERR_MEM for more and keeps its segments. */
#define NIC_QUEUE_FRAMES 64

struct nic_counts {
    uint32_t sent;
    uint32_t received;
    uint32_t held;       /* Had to wait for the device. */
    uint32_t refused;    /* Did not even find room to wait. */
    uint32_t rx_dropped; /* Received, but memory was out. */
};

/* Send or hold; a held frame is referenced, not copied. */
err_t nic_send(struct pbuf *frame);

/* After ABI_IRQ_NET_TX: send what waits. True when nothing waits any more. */
bool nic_send_held(void);

/* The next frame, owned by the caller; NULL when the device has none. */
struct pbuf *nic_receive(void);

const struct nic_counts *nic_counts(void);

#endif /* ILWACO_NET_NIC_H */
