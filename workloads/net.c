/* net.c - see net.h. */
#include "workloads/net.h"

#include "isa/abi.h"
#include "workloads/tcp.h"
#include "workloads/wire.h"

static bool is_client(uint32_t address)
{
    return address - ABI_CLIENT_NET - 1 < TCP_ADDRESSES;
}

struct packet *net_get_packet(struct net *n)
{
    struct packet *p = packet_get(n->pool);
    if (!p) {
        n->counts.no_packet++;
    }
    return p;
}

void net_send(struct net *n, struct packet *p)
{
    n->counts.frames_out++;
    (void)link_send(n->link, LINK_CLIENTS, n->events->now, p);
}

static void answer_arp(struct net *n, const struct arp_request *request)
{
    struct packet *p = net_get_packet(n);
    if (p) {
        wire_write_arp_reply(p, request);
        net_send(n, p);
    }
}

/* Takes the packet. */
static void receive(void *ctx, struct packet *p)
{
    struct net *n = ctx;
    union wire_content content;

    n->counts.frames_in++;
    if (n->is_silent) {
        packet_put(n->pool, p);
        return;
    }
    switch (wire_read(p->bytes, p->length_bytes, &content)) {
    case WIRE_TCP:
        if (is_client(content.tcp.target)) {
            tcp_receive(n->tcp, p, &content.tcp);
            return;
        }
        n->counts.not_ours++;
        break;
    case WIRE_ARP_REQUEST:
        if (is_client(content.arp.target)) {
            answer_arp(n, &content.arp);
        } else {
            n->counts.not_ours++;
        }
        break;
    case WIRE_OTHER:
        n->counts.not_ours++;
        break;
    case WIRE_MALFORMED:
        n->counts.malformed++;
        break;
    case WIRE_BAD_CHECKSUM:
        n->counts.bad_checksum++;
        break;
    }
    packet_put(n->pool, p);
}

void net_init(struct net *n, struct event_queue *events, struct link *link,
              struct packet_pool *pool)
{
    *n = (struct net){ .events = events, .link = link, .pool = pool };
    link_attach(link, LINK_CLIENTS, receive, n);
}
