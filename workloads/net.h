/*
 * net.h - the clients' end of the wire: which packets are for a client.
 *
 * Checks every frame, answers ARP for the clients' addresses, hands TCP
 * segments to the stack and drops the rest, counted by cause. The clients'
 * own machines cost no simulated time: an answer leaves when the packet that
 * asks for it has arrived.
 */
#ifndef WORKLOADS_NET_H
#define WORKLOADS_NET_H

#include "sim/devices/link.h"

struct arp_request;
struct datagram;
struct segment;
struct tcp;
struct trace;

struct net_counts {
    uint64_t frames_in, frames_out;
    uint64_t malformed, bad_checksum;
    uint64_t not_ours;  /* Another protocol, or another's address. */
    uint64_t no_packet; /* Not sent: no memory for a packet. */
};

/* Takes a datagram to a client's address, valid as long as the call lasts. */
typedef void net_udp_fn(void *ctx, const struct datagram *d);

struct net {
    struct event_queue *events; /* Borrowed. */
    struct link *link;          /* Borrowed. */
    struct packet_pool *pool;   /* Borrowed. */
    struct tcp *tcp;            /* Borrowed; set before a packet arrives. */
    net_udp_fn *udp;            /* NULL: nobody wants datagrams. */
    void *udp_ctx;
    struct trace *trace;    /* Borrowed; NULL: nobody is told. */
    bool is_silent;         /* Arriving frames are dropped. */
    bool is_watching;       /* net_watch has been called. */
    struct sim_timer quiet; /* Set while watched frames are on their way. */
    struct net_counts counts;
};

/* Attaches itself to the clients' end of `link`. */
void net_init(struct net *n, struct event_queue *events, struct link *link,
              struct packet_pool *pool);

/* A packet to write to, or NULL, counted, when the arena is full. */
struct packet *net_get_packet(struct net *n);

/* Frames without a connection: ARP, datagrams, answers to stray segments. */
#define NET_NO_CONNECTION UINT32_MAX

/* Sends to `vm` now. Takes the packet. */
void net_send(struct net *n, struct packet *p, uint32_t vm,
              uint32_t connection);

/* Says that the packet, which has arrived, is for `connection`. */
void net_tell_received(const struct net *n, const struct packet *p,
                       uint32_t connection);

/* From now on, net_is_quiet will say whether all frames have arrived. */
void net_watch(struct net *n);
bool net_is_quiet(const struct net *n);

/* Drops frames that arrive from now on, and ends watching. */
void net_silence(struct net *n);

#endif /* WORKLOADS_NET_H */
