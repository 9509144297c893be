/*
 * tcp.h - the clients' TCP: active open only, after RFC 9293 and RFC 6298.
 *
 * One stack stands for all client machines; each connection has an address
 * and a port of its own, and no pair comes twice before 1.6 billion
 * connections. It keeps no copy of what it sends: it asks its user again when
 * it must retransmit. What it receives is handed on in order, at once; the window
 * is always open, unless the user offers less (tcp_offer).
 *
 * Choices, where the standards leave them open:
 *  - the first RTO is 1 s, and 1 s the least, 60 s the most (RFC 6298); after
 *    8 retransmissions without an answer (about 4 minutes) it gives up;
 *  - a lost segment is found by the timer alone; then go back, slow start;
 *  - every second segment is acknowledged at once, a single one after 40 ms,
 *    as Linux does: far below the least RTO of the peers;
 *  - TIME_WAIT lasts 60 s; a late FIN is acknowledged again. FIN_WAIT_2 ends
 *    after 60 s too;
 *  - data that comes after tcp_close is answered by a reset (RFC 9293 3.6.1);
 *  - a reset counts only at the very next sequence number (RFC 5961);
 *  - no simultaneous open, window scaling, timestamps, SACK or urgent data.
 */
#ifndef WORKLOADS_TCP_H
#define WORKLOADS_TCP_H

#include "sim/devices/packet.h"

struct arena;
struct net;
struct segment;
struct stats;
struct tcp;

#define TCP_NONE      UINT32_MAX /* No connection, no owner. */
#define TCP_ADDRESSES 100000     /* Client machines. */
#define TCP_WINDOW    65535      /* What is offered at most. */

enum tcp_end {
    TCP_END_RESET,    /* By the peer. */
    TCP_END_REFUSED,  /* Reset before it was open. */
    TCP_END_TIMED_OUT /* Retransmitted in vain. */
};

/*
 * What the user of the stack is told. In `deliver`, `peer_closed` and `ended`
 * it may use the stack in every way. `owner` is what it gave to tcp_connect.
 * After tcp_close or tcp_abort only `retransmits` is still called.
 */
struct tcp_ops {
    /* Write `count` bytes to `to`: those from `offset` after the first byte
       that was queued when the queue was last empty. */
    void (*read)(void *ctx, uint32_t owner, uint32_t offset, uint8_t *to,
                 uint32_t count);
    /* The next bytes; borrowed for the call. */
    void (*deliver)(void *ctx, uint32_t owner, const uint8_t *bytes,
                    uint32_t count);
    /* The peer sends no more. The connection waits for tcp_close. */
    void (*peer_closed)(void *ctx, uint32_t owner);
    /* The connection is gone; its number means nothing from now on. */
    void (*ended)(void *ctx, uint32_t owner, enum tcp_end why);
    /* A segment at `seq` is retransmitted. `owner` is TCP_NONE after a
       close. */
    void (*retransmits)(void *ctx, uint32_t owner, uint32_t connection,
                        uint32_t seq, uint32_t remote_ip);
};

struct tcp_config {
    struct event_queue *events; /* Borrowed. */
    struct net *net;            /* Borrowed; how segments leave. */
    const struct tcp_ops *ops;  /* Borrowed. */
    void *ctx;                  /* Borrowed; for ops. */
    uint64_t cpu_hz;
    uint64_t seed;       /* The seed of the initial sequence numbers. */
    uint32_t sources;    /* Loads that share the connections; 0 is 1. */
    struct stats *stats; /* Borrowed; TCP fills stats->tcp. NULL: not kept. */
};

struct tcp_counts {
    uint64_t opened;
    uint64_t segments_in, segments_out;
    uint64_t retransmits;
    uint64_t resets_in, resets_out;
    uint64_t out_of_order; /* Segments kept until a gap was filled. */
    uint64_t strays;       /* Segments for no connection. */
};

/* NULL when the arena is full. */
struct tcp *tcp_create(struct arena *arena, const struct tcp_config *config);

/*
 * Connects for the load `source`; the SYN is sent at once. If the load has its
 * share of connections already, or the host has no memory, one that is in
 * TIME_WAIT goes for it: the load's own oldest, and without memory that of who
 * has most there. TCP_NONE: there is none. `offer` is as in tcp_offer.
 */
uint32_t tcp_connect(struct tcp *t, uint32_t source, uint32_t remote_ip,
                     uint16_t remote_port, uint32_t owner, uint32_t offer);

/* Queues `count` bytes, to be asked for by ops->read. Before tcp_close and
   tcp_half_close. */
void tcp_send(struct tcp *t, uint32_t connection, uint32_t count);

/* True: what is queued next is what offsets count from. */
bool tcp_is_empty(const struct tcp *t, uint32_t connection);

/* A FIN follows what is queued; the user is still told what comes. */
void tcp_half_close(struct tcp *t, uint32_t connection);

/*
 * The user has room for so many bytes, at most TCP_WINDOW. With fewer than before
 * it must have been told as many bytes in between: a window does not shrink. The
 * peer hears of more with the next segment, or at once if it is worth a segment
 * (RFC 9293 3.8.6.2.2).
 */
void tcp_offer(struct tcp *t, uint32_t connection, uint32_t bytes);

/*
 * Closes for the user: a FIN is sent, reliably, and the user is told nothing
 * more. After tcp_half_close the FIN is out already. A connection with bytes that the peer has not acknowledged is aborted
 * instead, since they could not be read again.
 */
void tcp_close(struct tcp *t, uint32_t connection);

/* The connection ends now. A reset tells a peer that has answered before. */
void tcp_abort(struct tcp *t, uint32_t connection);

/* Forgets every connection, ignores later segments, and sends nothing. */
void tcp_silence(struct tcp *t);

/* Called by the net: takes a packet, a TCP segment for a client's address. */
void tcp_receive(struct tcp *t, struct packet *p, const struct segment *s);

/* Counts, for statistics, a packet that passes the VMs' side of the link. */
void tcp_watch(struct tcp *t, enum watch_point where, uint64_t now,
               struct packet *p);

/* Connections that exist and are not in TIME_WAIT. */
uint32_t tcp_open_count(const struct tcp *t);
uint32_t tcp_time_wait_count(const struct tcp *t);

const struct tcp_counts *tcp_get_counts(const struct tcp *t);

#endif /* WORKLOADS_TCP_H */
