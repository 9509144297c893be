/*
 * packet.h - Ethernet frames on their way, from a pool of fixed size.
 *
 * A packet has one owner at a time and is handed over by pointer. Its timer
 * belongs to whoever owns it at the moment (the link, mostly).
 */
#ifndef SIM_PACKET_H
#define SIM_PACKET_H

#include "sim/events.h"

#define PACKET_MAX_BYTES 1514 /* Ethernet header and 1,500 bytes, no FCS. */
#define PACKET_MIN_BYTES 14

struct packet {
    struct sim_timer timer;
    struct packet *next; /* The next packet of the list that holds it. */
    uint64_t serial;     /* The frame's number, unique in a run. */
    uint32_t vm;         /* Its VM, if the owner sets one. */
    uint16_t length_bytes;
    bool is_again; /* A TCP retransmission, for statistics only. */
    uint8_t bytes[PACKET_MAX_BYTES];
};

/* The points at which a packet can be watched. */
enum watch_point {
    WATCH_SENT,   /* From a VM to the wire. */
    WATCH_QUEUED, /* Put into a VM's receive queue. */
    WATCH_TAKEN   /* Taken from the receive queue by the VM. */
};

/* May mark the packet (is_again), and changes nothing of the machine. */
typedef void packet_watch_fn(void *ctx, enum watch_point where, uint64_t now,
                             struct packet *p);

/* Any number up to a limit; memory is taken as needed and kept. */
struct packet_pool {
    struct packet *free;
    struct arena *arena; /* Borrowed. */
    /* Borrowed; where packets' timers are set. NULL: no room is reserved. */
    struct event_queue *events;
    uint32_t made;
    uint32_t in_use; /* Made and not free; 0 when a run has ended. */
    uint64_t got;    /* The last serial number. */
};

/* A packet among an event's fields. */
#define PACKET_FIELDS(p) .packet = (p)->serial, .bytes = (p)->length_bytes

void packet_pool_init(struct packet_pool *pool, struct arena *arena);

/* A packet without contents, or NULL when the arena is full. */
struct packet *packet_get(struct packet_pool *pool);
void packet_put(struct packet_pool *pool, struct packet *p);

/* First in, first out; links through packet.next. */
struct packet_queue {
    struct packet *head;
    struct packet *tail;
    uint32_t count;
};

void packet_queue_push(struct packet_queue *q, struct packet *p);
struct packet *packet_queue_pop(struct packet_queue *q); /* NULL: empty. */

#endif /* SIM_PACKET_H */
