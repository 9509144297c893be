/*
 * ethernet.h - between lwIP's IP and the NIC. The address of a machine tells
 * its MAC (isa/abi.h), so there is no ARP cache and nothing to wait for; ARP
 * requests for our own address are answered, for those who must ask.
 */
#ifndef ILWACO_NET_ETHERNET_H
#define ILWACO_NET_ETHERNET_H

#include "lwip/err.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"

/* For netif_add(): fills in the interface from the virtual registers. */
err_t ethernet_init(struct netif *netif);

/* A frame from the NIC; always takes it. */
err_t ethernet_input(struct pbuf *frame, struct netif *netif);

#endif /* ILWACO_NET_ETHERNET_H */
