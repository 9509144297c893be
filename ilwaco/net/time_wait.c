/* time_wait.c - see time_wait.h. */
#include "ilwaco/net/time_wait.h"

#include "lwip/priv/tcp_priv.h"
#include "lwip/prot/ip4.h"
#include "lwip/prot/tcp.h"

#include <stdbool.h>

/* Takes what `link` points to out of the list and frees it. */
static void drop(struct tcp_pcb **link)
{
    struct tcp_pcb *pcb = *link;
    *link = pcb->next;
    tcp_pcb_purge(pcb);
    tcp_free(pcb);
}

void time_wait_reclaim(void)
{
    struct tcp_pcb **link = &tcp_tw_pcbs;
    while (*link != NULL) {
        if (tcp_ticks - (*link)->tmr > TIME_WAIT_TICKS) {
            drop(link);
        } else {
            link = &(*link)->next;
        }
    }
}

/* The TCP header of a SYN that opens a connection, or NULL. */
static const struct tcp_hdr *find_syn(const struct pbuf *packet)
{
    const struct ip_hdr *ip = packet->payload;
    if (packet->len < IP_HLEN || IPH_PROTO(ip) != IP_PROTO_TCP ||
        packet->len < IPH_HL_BYTES(ip) + TCP_HLEN) {
        return NULL;
    }
    const uint8_t *bytes = packet->payload;
    const struct tcp_hdr *tcp = (const void *)(bytes + IPH_HL_BYTES(ip));
    bool is_syn = (TCPH_FLAGS(tcp) & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN;
    return is_syn ? tcp : NULL;
}

void time_wait_make_way(const struct pbuf *packet)
{
    const struct tcp_hdr *syn = tcp_tw_pcbs == NULL ? NULL : find_syn(packet);
    if (syn == NULL) {
        return;
    }
    const struct ip_hdr *ip = packet->payload;
    u16_t remote_port = lwip_htons(syn->src);
    u16_t local_port = lwip_htons(syn->dest);
    for (struct tcp_pcb **link = &tcp_tw_pcbs; *link != NULL;
         link = &(*link)->next) {
        const struct tcp_pcb *pcb = *link;
        if (pcb->remote_port == remote_port && pcb->local_port == local_port &&
            pcb->remote_ip.addr == ip->src.addr &&
            TCP_SEQ_GEQ(lwip_htonl(syn->seqno), pcb->rcv_nxt)) {
            drop(link);
            return;
        }
    }
}
