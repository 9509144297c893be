/*
 * discard.c - the discard service (RFC 863), over UDP: takes each datagram that
 * comes, and answers none. What it costs to receive is all that it costs: the
 * guest sends nothing, sets no timer of its own, and sleeps until a packet.
 */
#include "workloads/guests/discard.h"
#include "ilwaco/cmdline.h"
#include "ilwaco/net/net.h"
#include "ilwaco/panic.h"
#include "ilwaco/start.h"

#include "lwip/udp.h"

#define DISCARD_ARGS(X)                                             \
    X(port, "port", ARGS_COUNT, 1, 65535, DISCARD_PORT, "UDP port", \
      "on which it listens")
ARGS_PROGRAM("takes UDP datagrams and answers none", DISCARD_ARGS)

static void receive(void *argument, struct udp_pcb *pcb, struct pbuf *datagram,
                    const ip_addr_t *address, u16_t port)
{
    (void)argument;
    (void)pcb;
    (void)address;
    (void)port;
    pbuf_free(datagram);
}

int main(void)
{
    struct args_value args[ARG_COUNT];
    cmdline_read(args_rules, args);
    u16_t port = (u16_t)args[ARG_port].number;
    net_init();
    struct udp_pcb *pcb = udp_new();
    if (pcb == NULL || udp_bind(pcb, IP_ADDR_ANY, port) != ERR_OK) {
        panic("cannot bind port %u", port);
    }
    udp_recv(pcb, receive, NULL);
    net_serve();
}
