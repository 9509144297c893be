/*
 * wire.h - Ethernet, ARP, IPv4, TCP and UDP as bytes, and back.
 *
 * Reading never trusts a length it has not checked against the frame;
 * writing fills in lengths and checksums. Addresses and ports are in host
 * order. Guests may send any bytes: nothing here asserts on them.
 */
#ifndef WORKLOADS_WIRE_H
#define WORKLOADS_WIRE_H

#include "sim/devices/packet.h"

#define WIRE_ETHERNET_BYTES PACKET_MIN_BYTES
#define WIRE_IP_BYTES       20 /* Without options; we send none. */
#define WIRE_TCP_BYTES      20 /* Without options. */
#define WIRE_UDP_BYTES      8
#define WIRE_HEADERS_BYTES \
    (WIRE_ETHERNET_BYTES + WIRE_IP_BYTES + WIRE_TCP_BYTES)
#define WIRE_MSS (PACKET_MAX_BYTES - WIRE_HEADERS_BYTES)

enum wire_tcp_flag {
    WIRE_FIN = 0x01,
    WIRE_SYN = 0x02,
    WIRE_RST = 0x04,
    WIRE_PSH = 0x08,
    WIRE_ACK = 0x10
};

enum wire_kind {
    WIRE_TCP,
    WIRE_UDP,
    WIRE_ARP_REQUEST,
    WIRE_OTHER,       /* Well formed as far as read, but not for us. */
    WIRE_MALFORMED,   /* A length or a field that cannot be. */
    WIRE_BAD_CHECKSUM /* IPv4's, TCP's or UDP's. */
};

struct segment {
    uint32_t source, target; /* IPv4 addresses. */
    uint16_t source_port, target_port;
    uint32_t seq, ack;
    uint8_t flags; /* Of enum wire_tcp_flag. */
    uint16_t window;
    uint16_t mss;   /* The option; 0: absent. */
    uint16_t ip_id; /* When writing. */
    uint16_t payload_bytes;
    const uint8_t *payload; /* Inside the frame that was read; borrowed. */
};

/* How many sequence numbers the segment takes. */
static inline uint32_t segment_length(const struct segment *s)
{
    return s->payload_bytes + (s->flags & WIRE_SYN ? 1u : 0u) +
           (s->flags & WIRE_FIN ? 1u : 0u);
}

struct datagram {
    uint32_t source, target; /* IPv4 addresses. */
    uint16_t source_port, target_port;
    uint16_t ip_id; /* When writing. */
    uint16_t payload_bytes;
    const uint8_t *payload; /* Inside the frame that was read; borrowed. */
};

struct arp_request {
    uint8_t sender_mac[6];
    uint32_t sender, target;
};

union wire_content {
    struct segment tcp;     /* WIRE_TCP */
    struct datagram udp;    /* WIRE_UDP */
    struct arp_request arp; /* WIRE_ARP_REQUEST */
};

/* What the frame is; `content` is valid for the kinds that it names. */
enum wire_kind wire_read(const uint8_t *frame, uint32_t length_bytes,
                         union wire_content *content);

/* As wire_read, for a frame that it has already found to be good TCP. */
void wire_reread(const struct packet *p, struct segment *s);

/*
 * Where the payload of a segment without, or with an MSS option, goes: write
 * it there before wire_write_tcp.
 */
uint8_t *wire_payload(struct packet *p, bool has_mss);

/* Writes every header for `s`, with an MSS option when s->mss is not 0. */
void wire_write_tcp(struct packet *p, const struct segment *s);

/* Where the payload of a datagram goes: write it there first. */
uint8_t *wire_udp_payload(struct packet *p);

/* Writes every header for `d`. */
void wire_write_udp(struct packet *p, const struct datagram *d);

/* The answer to `request`, from the MAC that belongs to its target. */
void wire_write_arp_reply(struct packet *p, const struct arp_request *request);

#endif /* WORKLOADS_WIRE_H */
