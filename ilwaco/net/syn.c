/* syn.c - see syn.h. */
#include "ilwaco/net/syn.h"

#include "ilwaco/net/time_wait.h"

#include "lwip/priv/tcp_priv.h"
#include "lwip/prot/ip4.h"
#include "lwip/prot/tcp.h"

#include <stdbool.h>

/* False when the packet is none that opens a connection. */
static bool read_syn(const struct pbuf *packet, struct syn *syn)
{
    const struct ip_hdr *ip = packet->payload;
    if (packet->len < IP_HLEN || IPH_PROTO(ip) != IP_PROTO_TCP ||
        packet->len < IPH_HL_BYTES(ip) + TCP_HLEN) {
        return false;
    }
    const uint8_t *bytes = packet->payload;
    const struct tcp_hdr *tcp = (const void *)(bytes + IPH_HL_BYTES(ip));
    *syn = (struct syn){
        .from = ip->src.addr,
        .from_port = lwip_htons(tcp->src),
        .to_port = lwip_htons(tcp->dest),
        .sequence = lwip_htonl(tcp->seqno),
    };
    return (TCPH_FLAGS(tcp) & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN;
}

/* lwIP puts the connection that it last heard of first in its list. */
static void drop_half_open(const struct syn *syn)
{
    struct tcp_pcb *oldest = NULL;
    unsigned half_open = 0;
    for (struct tcp_pcb *pcb = tcp_active_pcbs; pcb != NULL; pcb = pcb->next) {
        if (pcb->state != SYN_RCVD || pcb->local_port != syn->to_port) {
            continue;
        }
        half_open++;
        if (pcb->remote_ip.addr == syn->from) {
            if (pcb->remote_port == syn->from_port) {
                return; /* It is open already: the SYN came again. */
            }
            oldest = pcb;
        }
    }
    if (oldest != NULL && half_open > TCP_DEFAULT_LISTEN_BACKLOG / 2) {
        tcp_abandon(oldest, 0);
    }
}

void syn_make_way(const struct pbuf *packet)
{
    struct syn syn;
    if (read_syn(packet, &syn)) {
        time_wait_make_way(&syn);
        drop_half_open(&syn);
    }
}
