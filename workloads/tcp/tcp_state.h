/*
 * tcp_state.h - what the files of the clients' TCP share, and nobody else.
 *
 * A connection lives in a slab, is found by a hash of its four addresses, and
 * refers to everything else by number, but for the packets that wait in it
 * for a gap to be filled. Sequence numbers obey, modulo 2^32:
 *
 *     una <= next <= max <= end           (with a FIN queued: end + 1)
 *     base <= end                         (base: where ops->read counts from)
 */
#ifndef WORKLOADS_TCP_STATE_H
#define WORKLOADS_TCP_STATE_H

#include "sim/random.h"
#include "workloads/slab.h"
#include "workloads/tcp/tcp.h"

#define TCP_KEPT_LIMIT      64 /* Segments waiting for a gap; one has 45. */
#define TCP_AHEAD_LIMIT     4  /* Gaps that are remembered. */
#define TCP_RETRIES         8
#define TCP_RTO_FIRST_NS    1000000000u
#define TCP_RTO_LEAST_NS    1000000000u
#define TCP_RTO_SYN_LOST_NS 3000000000u /* RFC 6298 5.7. */
#define TCP_RTO_MOST_NS     60000000000u
#define TCP_ACK_DELAY_NS    40000000u
#define TCP_TIME_WAIT_NS    60000000000u
#define TCP_PORT_FIRST      49152 /* The dynamic ports. */
#define TCP_PORTS           16384

/* In this order: later ones know more of the peer. */
enum tcp_state {
    TCP_CLOSED, /* Free, or freed as soon as the present segment is done. */
    TCP_SYN_SENT,
    TCP_ESTABLISHED,
    TCP_FIN_WAIT_1,
    TCP_FIN_WAIT_2,
    TCP_CLOSE_WAIT,
    TCP_CLOSING,
    TCP_LAST_ACK,
    TCP_TIME_WAIT
};

/* What one who sees both ends knows of a connection: tcp_view.c. */
struct tcp_span {
    uint32_t from, upto; /* Sequence numbers; upto is the first beyond. */
};

struct tcp_view {
    /* Ours that have come as far as the VM's receive queue: all before
       `arrived`, and those beyond a gap. */
    uint32_t arrived;
    uint8_t ahead_count;
    struct tcp_span ahead[TCP_AHEAD_LIMIT];

    /* The guest's, as they leave the VM; valid when it has sent any. */
    bool has_sent;
    bool is_timing;     /* As in tcp_conn; below likewise, */
    uint32_t sent_max;  /* max */
    uint32_t timed_seq; /* timed_seq */
    uint64_t timed_at;  /* timed_at */
    uint64_t srtt;      /* srtt */
    uint64_t sent_at;   /* When it last sent any. */
};

struct tcp_conn {
    struct slab_head head;

    /* Set by tcp_connect, then const. */
    uint32_t local_ip, remote_ip;
    uint16_t local_port, remote_port;

    uint32_t wait_next; /* In TIME_WAIT: the next to leave it. */
    uint32_t owner;     /* TCP_NONE: closed by its user, or never had one. */
    uint8_t state;      /* enum tcp_state */
    uint8_t retries;    /* Since the peer last acknowledged something. */
    uint8_t unacked;    /* Segments received since our last ACK. */
    bool fin_queued;    /* A FIN follows what is queued. */
    bool ack_now;       /* Owed before the present event ends. */
    bool is_timing;     /* An RTT measurement is under way. */
    bool syn_lost;      /* The SYN was sent more than once. */
    uint16_t mss;       /* The peer's, at most our own. */
    uint16_t ip_id;     /* Of the next packet. */

    /* Sending: sequence numbers, then bytes. */
    uint32_t una;  /* The first one not acknowledged. */
    uint32_t next; /* To be sent next; goes back to una on a timeout. */
    uint32_t max;  /* One after the last ever sent. */
    uint32_t end;  /* One after the last byte queued; a FIN has this. */
    uint32_t base;
    uint32_t window; /* The peer's, and the segment that it is from: */
    uint32_t window_seq, window_ack;
    uint32_t window_most;           /* The largest seen. */
    uint32_t congestion, threshold; /* RFC 5681's cwnd and ssthresh. */

    /* Receiving. */
    uint32_t expected;   /* The next sequence number. */
    uint32_t offer;      /* Bytes from there on that the user has room for. */
    uint32_t edge;       /* The first sequence number that was not offered yet:
                            expected <= edge <= expected + offer. */
    uint32_t offer_most; /* The largest offer so far. */
    uint32_t kept_count; /* Length of: */
    struct packet *kept; /* Owned; ascending by sequence number. */

    /* RFC 6298, in cycles. srtt is 0 before the first measurement. */
    uint32_t timed_seq; /* The measurement ends when this is acknowledged. */
    uint64_t timed_at;
    uint64_t srtt, rttvar, rto;
    uint64_t wait_until; /* In TIME_WAIT. */

    struct tcp_view view;

    struct sim_timer retransmit; /* Set while una != end, or a FIN is out. */
    struct sim_timer ack;        /* Set while a delayed ACK is owed. */
};

/* The constants above, in cycles. */
struct tcp_times {
    uint64_t rto_first, rto_least, rto_syn_lost, rto_most;
    uint64_t ack_delay, time_wait;
};

/* A source's connections in TIME_WAIT: a queue, since all wait equally long. */
struct tcp_waits {
    uint32_t first, last; /* TCP_NONE: empty. */
    uint32_t count;
    struct sim_timer timer; /* Set while the queue is not empty. */
};

struct tcp {
    struct tcp_config config; /* Set at create, then const. */
    struct tcp_times times;   /* Set at create, then const. */
    struct arena *arena;      /* Borrowed. */

    struct slab conns;
    struct slab_index by_pair; /* By both addresses and both ports. */
    uint64_t next_pair;        /* Counts (address, port) pairs handed out. */
    uint32_t current;          /* Whose segment is being received. */

    struct tcp_waits *waits; /* By source. */
    uint32_t wait_count;     /* The sum of theirs. */

    struct rng rng; /* Initial sequence numbers. */
    struct tcp_counts counts;
};

/* Whether sequence number a is before b, or the same. */
static inline bool seq_before(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) < 0;
}

static inline bool seq_upto(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) <= 0;
}

/* tcp_table.c: which connections there are. */

/* False when the arena is full. */
SIM_MUST_USE bool tcp_table_init(struct tcp *t);
struct tcp_conn *tcp_conn_at(const struct tcp *t, uint32_t connection);
/* NULL when there is none. */
struct tcp_conn *tcp_find(const struct tcp *t, const struct segment *s);
/* A new one of a source with an unused pair of address and port; NULL: no
   memory. */
struct tcp_conn *tcp_conn_get(struct tcp *t, uint32_t source,
                              uint32_t remote_ip, uint16_t remote_port);
/* Ends it: its timers, packets and number are free. Tells nobody. */
void tcp_conn_put(struct tcp *t, struct tcp_conn *c);
/* The same, and tells its user, if it has one. */
void tcp_conn_end(struct tcp *t, struct tcp_conn *c, enum tcp_end why);

/* tcp_output.c: what is sent, and when. */

/* Whether so many bytes more of window are worth telling: no silly windows
   (RFC 9293 3.8.6.2.2). */
static inline bool tcp_is_worth(const struct tcp_conn *c, uint32_t more)
{
    return more >= c->mss || more >= (c->offer_most + 1) / 2;
}

/* Sends what may be sent now, and the ACK that is owed. */
void tcp_output(struct tcp *t, struct tcp_conn *c);
/* Sends one segment at least, whatever the window. */
void tcp_output_forced(struct tcp *t, struct tcp_conn *c);
/* Sends an ACK, owed or not. */
void tcp_send_ack(struct tcp *t, struct tcp_conn *c);
void tcp_send_reset(struct tcp *t, struct tcp_conn *c);
/* The answer to a segment that fits no connection (RFC 9293 3.10.7.1). */
void tcp_refuse(struct tcp *t, const struct segment *s, uint32_t vm);

/* tcp_view.c: what is counted, from the measured window on. */

/* An RTT measurement has changed srtt; the timer has run out. */
void tcp_view_measured(const struct tcp *t, const struct tcp_conn *c);
void tcp_view_timed_out(const struct tcp *t, const struct tcp_conn *c);
/* A segment is sent again. */
void tcp_view_retransmits(const struct tcp *t);
/* A packet has come to its connection, and has not been looked at yet. */
void tcp_view_receives(const struct tcp *t, const struct tcp_conn *c,
                       const struct packet *p, const struct segment *s);

/* RFC 6298's smoothed RTT, after one more; 0 is before the first. */
uint64_t tcp_smooth(uint64_t srtt, uint64_t rtt);

/* tcp_timer.c: what happens by itself. */

void tcp_times_init(struct tcp *t);
void tcp_timers_init(struct tcp *t, struct tcp_conn *c);
/* Something is acknowledged up to `ack`: measure, and start afresh. */
void tcp_timer_acked(struct tcp *t, struct tcp_conn *c, uint32_t ack);
/* A peer that never closes its side is forgotten as late as one in TIME_WAIT;
   the user has gone already. */
void tcp_timer_half_closed(struct tcp *t, struct tcp_conn *c);
/* False when the arena is full. */
SIM_MUST_USE bool tcp_time_wait_init(struct tcp *t);
/* Nobody waits any more; the connections are gone already. */
void tcp_time_wait_clear(struct tcp *t);
/* Makes room for a new connection: that of the source which waits for longest
   is forgotten. False: none waits. */
SIM_MUST_USE bool tcp_time_wait_give_up(struct tcp *t, uint32_t source);
/* Enters TIME_WAIT, or stays in it for its full length again. */
void tcp_time_wait(struct tcp *t, struct tcp_conn *c);

#endif /* WORKLOADS_TCP_STATE_H */
