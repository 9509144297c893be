/* ethernet.c - see ethernet.h. */
#include "ilwaco/net/ethernet.h"

#include "ilwaco/net/nic.h"
#include "ilwaco/net/syn.h"
#include "ilwaco/vregs.h"

#include "lwip/def.h"
#include "lwip/ip4.h"
#include "lwip/prot/etharp.h"
#include "lwip/prot/ethernet.h"
#include "lwip/prot/iana.h"

#include <stdbool.h>
#include <string.h>

#define ETHERNET_MTU (ABI_PACKET_MAX_BYTES - ABI_PACKET_MIN_BYTES)

/* Headers of IPv4 and of TCP, without options. */
_Static_assert(TCP_MSS == ETHERNET_MTU - 20 - 20, "a segment fits a frame");

static const struct eth_addr everyone = { .addr = { 0xff, 0xff, 0xff, 0xff,
                                                    0xff, 0xff } };

static const struct eth_addr *own_mac(const struct netif *netif)
{
    return (const struct eth_addr *)netif->hwaddr;
}

static struct eth_addr mac_of(const ip4_addr_t *address)
{
    struct eth_addr mac = { .addr = { ABI_MAC_PREFIX >> 8,
                                      ABI_MAC_PREFIX & 0xff, ip4_addr1(address),
                                      ip4_addr2(address), ip4_addr3(address),
                                      ip4_addr4(address) } };
    return mac;
}

/* Puts the header in front of `packet` and sends it. */
static err_t send(const struct netif *netif, struct pbuf *packet,
                  struct eth_addr to, u16_t type)
{
    if (pbuf_add_header(packet, SIZEOF_ETH_HDR) != 0) {
        return ERR_BUF;
    }
    struct eth_hdr *header = packet->payload;
    header->dest = to;
    header->src = *own_mac(netif);
    header->type = lwip_htons(type);
    return nic_send(packet);
}

static err_t output(struct netif *netif, struct pbuf *packet,
                    const ip4_addr_t *to)
{
    if (ip4_addr_isbroadcast(to, netif)) {
        return send(netif, packet, everyone, ETHTYPE_IP);
    }
    if (!ip4_addr_netcmp(to, netif_ip4_addr(netif), netif_ip4_netmask(netif))) {
        return ERR_RTE; /* There is no router. */
    }
    return send(netif, packet, mac_of(to), ETHTYPE_IP);
}

static bool is_request_for_us(const struct etharp_hdr *arp,
                              const struct netif *netif)
{
    return arp->hwtype == lwip_htons(LWIP_IANA_HWTYPE_ETHERNET) &&
           arp->proto == lwip_htons(ETHTYPE_IP) &&
           arp->hwlen == ETH_HWADDR_LEN &&
           arp->protolen == sizeof(ip4_addr_t) &&
           arp->opcode == lwip_htons(ARP_REQUEST) &&
           memcmp(&arp->dipaddr, netif_ip4_addr(netif), sizeof(ip4_addr_t)) ==
               0;
}

/* Makes the answer of a request for our address, in place. */
static void answer_arp(struct pbuf *packet, const struct netif *netif)
{
    struct etharp_hdr *arp = packet->payload;
    if (packet->len < SIZEOF_ETHARP_HDR || !is_request_for_us(arp, netif)) {
        return;
    }
    pbuf_realloc(packet, SIZEOF_ETHARP_HDR);
    arp->opcode = lwip_htons(ARP_REPLY);
    arp->dhwaddr = arp->shwaddr;
    memcpy(&arp->dipaddr, &arp->sipaddr, sizeof(arp->dipaddr));
    arp->shwaddr = *own_mac(netif);
    memcpy(&arp->sipaddr, netif_ip4_addr(netif), sizeof(arp->sipaddr));
    (void)send(netif, packet, arp->dhwaddr, ETHTYPE_ARP);
}

err_t ethernet_input(struct pbuf *frame, struct netif *netif)
{
    const struct eth_hdr *header = frame->payload;
    bool is_ours =
        frame->len >= SIZEOF_ETH_HDR &&
        (memcmp(&header->dest, own_mac(netif), ETH_HWADDR_LEN) == 0 ||
         memcmp(&header->dest, &everyone, ETH_HWADDR_LEN) == 0);
    if (is_ours) {
        u16_t type = lwip_htons(header->type);
        (void)pbuf_remove_header(frame, SIZEOF_ETH_HDR);
        if (type == ETHTYPE_IP) {
            syn_make_way(frame);
            return ip4_input(frame, netif); /* Takes the frame. */
        }
        if (type == ETHTYPE_ARP) {
            answer_arp(frame, netif);
        }
    }
    pbuf_free(frame);
    return ERR_OK;
}

err_t ethernet_init(struct netif *netif)
{
    netif->name[0] = 'v';
    netif->name[1] = 'n';
    netif->mtu = ETHERNET_MTU;
    netif->hwaddr_len = ETH_HWADDR_LEN;
    memcpy(netif->hwaddr,
           (const void *)(uintptr_t)(ABI_VREGS_BASE + ABI_VR_MAC),
           ETH_HWADDR_LEN);
    netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_LINK_UP;
    netif->output = output;
    return ERR_OK;
}
