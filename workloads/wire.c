/* wire.c - see wire.h. */
#include "workloads/wire.h"

#include "isa/abi.h"

#include <string.h>

#define ETHERTYPE_IPV4 0x0800
#define ETHERTYPE_ARP  0x0806
#define PROTOCOL_TCP   6
#define PROTOCOL_UDP   17
#define ARP_BYTES      28
#define MSS_BYTES      4
#define TIME_TO_LIVE   64

static uint16_t get16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t get32(const uint8_t *p)
{
    return (uint32_t)get16(p) << 16 | get16(p + 2);
}

static void put16(uint8_t *p, uint32_t value)
{
    p[0] = (uint8_t)(value >> 8);
    p[1] = (uint8_t)value;
}

static void put32(uint8_t *p, uint32_t value)
{
    put16(p, value >> 16);
    put16(p + 2, value);
}

static void put_mac(uint8_t *p, uint32_t address)
{
    put16(p, ABI_MAC_PREFIX);
    put32(p + 2, address);
}

/* The ones' complement sum so far, of at most 64 KiB: it cannot overflow. */
static uint32_t sum_bytes(uint32_t sum, const uint8_t *p, uint32_t count)
{
    for (; count > 1; p += 2, count -= 2) {
        sum += get16(p);
    }
    return count ? sum + (uint32_t)(p[0] << 8) : sum;
}

static uint16_t sum_fold(uint32_t sum)
{
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

/* Over the pseudo header too; `ip` is a header whose lengths are right. */
static uint16_t inner_sum(const uint8_t *ip, const uint8_t *inner,
                          uint32_t bytes)
{
    uint32_t sum = sum_bytes(ip[9] + bytes, ip + 12, 8);
    return sum_fold(sum_bytes(sum, inner, bytes));
}

/* The MSS option's value or 0; false when the options are not well formed. */
static bool read_options(const uint8_t *p, uint32_t count, uint16_t *mss)
{
    *mss = 0;
    while (count > 0 && p[0] != 0) {
        uint32_t length = 1;
        if (p[0] != 1) {
            if (count < 2 || p[1] < 2 || p[1] > count) {
                return false;
            }
            length = p[1];
            if (p[0] == 2 && length == MSS_BYTES) {
                *mss = get16(p + 2);
            }
        }
        p += length;
        count -= length;
    }
    return true;
}

/* Reads a segment of `bytes` bytes; its sums are not looked at. */
static bool read_segment(const uint8_t *ip, const uint8_t *tcp, uint32_t bytes,
                         struct segment *s)
{
    if (bytes < WIRE_TCP_BYTES) {
        return false;
    }
    uint32_t header_bytes = (uint32_t)(tcp[12] >> 4) * 4;
    if (header_bytes < WIRE_TCP_BYTES || header_bytes > bytes) {
        return false;
    }
    *s = (struct segment){
        .source = get32(ip + 12),
        .target = get32(ip + 16),
        .source_port = get16(tcp),
        .target_port = get16(tcp + 2),
        .seq = get32(tcp + 4),
        .ack = get32(tcp + 8),
        .flags = tcp[13],
        .window = get16(tcp + 14),
        .ip_id = get16(ip + 4),
        .payload_bytes = (uint16_t)(bytes - header_bytes),
        .payload = tcp + header_bytes,
    };
    return read_options(tcp + WIRE_TCP_BYTES, header_bytes - WIRE_TCP_BYTES,
                        &s->mss);
}

static enum wire_kind read_tcp(const uint8_t *ip, const uint8_t *tcp,
                               uint32_t bytes, struct segment *s)
{
    if (!read_segment(ip, tcp, bytes, s)) {
        return WIRE_MALFORMED;
    }
    return inner_sum(ip, tcp, bytes) == 0 ? WIRE_TCP : WIRE_BAD_CHECKSUM;
}

static enum wire_kind read_udp(const uint8_t *ip, const uint8_t *udp,
                               uint32_t room, struct datagram *d)
{
    if (room < WIRE_UDP_BYTES) {
        return WIRE_MALFORMED;
    }
    uint32_t bytes = get16(udp + 4);
    if (bytes < WIRE_UDP_BYTES || bytes > room) {
        return WIRE_MALFORMED;
    }
    /* A checksum of 0: the sender made none (RFC 768). */
    if (get16(udp + 6) != 0 && inner_sum(ip, udp, bytes) != 0) {
        return WIRE_BAD_CHECKSUM;
    }
    *d = (struct datagram){
        .source = get32(ip + 12),
        .target = get32(ip + 16),
        .source_port = get16(udp),
        .target_port = get16(udp + 2),
        .ip_id = get16(ip + 4),
        .payload_bytes = (uint16_t)(bytes - WIRE_UDP_BYTES),
        .payload = udp + WIRE_UDP_BYTES,
    };
    return WIRE_UDP;
}

static enum wire_kind read_ipv4(const uint8_t *ip, uint32_t room,
                                union wire_content *content)
{
    if (room < WIRE_IP_BYTES || ip[0] >> 4 != 4) {
        return WIRE_MALFORMED;
    }
    uint32_t header_bytes = (uint32_t)(ip[0] & 15) * 4;
    uint32_t total_bytes = get16(ip + 2);
    if (header_bytes < WIRE_IP_BYTES || header_bytes > total_bytes ||
        total_bytes > room) {
        return WIRE_MALFORMED;
    }
    if (sum_fold(sum_bytes(0, ip, header_bytes)) != 0) {
        return WIRE_BAD_CHECKSUM;
    }
    /* More fragments, or not the first one: nobody here sends fragments. */
    if ((get16(ip + 6) & 0x3fff) != 0) {
        return WIRE_OTHER;
    }
    const uint8_t *inner = ip + header_bytes;
    uint32_t inner_bytes = total_bytes - header_bytes;
    switch (ip[9]) {
    case PROTOCOL_TCP:
        return read_tcp(ip, inner, inner_bytes, &content->tcp);
    case PROTOCOL_UDP:
        return read_udp(ip, inner, inner_bytes, &content->udp);
    default:
        return WIRE_OTHER;
    }
}

static enum wire_kind read_arp(const uint8_t *arp, uint32_t room,
                               struct arp_request *r)
{
    /* Ethernet and IPv4, their address lengths, and "request". */
    static const uint8_t fixed[8] = { 0, 1, 8, 0, 6, 4, 0, 1 };

    if (room < ARP_BYTES) {
        return WIRE_MALFORMED;
    }
    if (memcmp(arp, fixed, sizeof fixed) != 0) {
        return WIRE_OTHER;
    }
    memcpy(r->sender_mac, arp + 8, sizeof r->sender_mac);
    r->sender = get32(arp + 14);
    r->target = get32(arp + 24);
    return WIRE_ARP_REQUEST;
}

enum wire_kind wire_read(const uint8_t *frame, uint32_t length_bytes,
                         union wire_content *content)
{
    if (length_bytes < WIRE_ETHERNET_BYTES) {
        return WIRE_MALFORMED;
    }
    const uint8_t *inner = frame + WIRE_ETHERNET_BYTES;
    uint32_t room = length_bytes - WIRE_ETHERNET_BYTES;
    switch (get16(frame + 12)) {
    case ETHERTYPE_IPV4:
        return read_ipv4(inner, room, content);
    case ETHERTYPE_ARP:
        return read_arp(inner, room, &content->arp);
    default:
        return WIRE_OTHER;
    }
}

void wire_reread(const struct packet *p, struct segment *s)
{
    const uint8_t *ip = p->bytes + WIRE_ETHERNET_BYTES;
    uint32_t header_bytes = (uint32_t)(ip[0] & 15) * 4;
    bool is_good =
        read_segment(ip, ip + header_bytes, get16(ip + 2) - header_bytes, s);
    SIM_ASSERT(is_good);
}

uint8_t *wire_payload(struct packet *p, bool has_mss)
{
    return p->bytes + WIRE_HEADERS_BYTES + (has_mss ? MSS_BYTES : 0);
}

uint8_t *wire_udp_payload(struct packet *p)
{
    return p->bytes + WIRE_ETHERNET_BYTES + WIRE_IP_BYTES + WIRE_UDP_BYTES;
}

/* Writes the headers before `inner_bytes` of a protocol, and sets the packet's
   length. */
static void write_ipv4(struct packet *p, uint32_t source, uint32_t target,
                       uint32_t protocol, uint32_t ip_id, uint32_t inner_bytes)
{
    uint8_t *ip = p->bytes + WIRE_ETHERNET_BYTES;
    uint32_t all_bytes = WIRE_ETHERNET_BYTES + WIRE_IP_BYTES + inner_bytes;
    SIM_ASSERT(all_bytes <= PACKET_MAX_BYTES);

    put_mac(p->bytes, target);
    put_mac(p->bytes + 6, source);
    put16(p->bytes + 12, ETHERTYPE_IPV4);

    put16(ip, 0x4500);
    put16(ip + 2, WIRE_IP_BYTES + inner_bytes);
    put16(ip + 4, ip_id);
    put16(ip + 6, 0x4000); /* Do not fragment. */
    put16(ip + 8, TIME_TO_LIVE << 8 | protocol);
    put16(ip + 10, 0);
    put32(ip + 12, source);
    put32(ip + 16, target);
    put16(ip + 10, sum_fold(sum_bytes(0, ip, WIRE_IP_BYTES)));
    p->length_bytes = (uint16_t)all_bytes;
}

void wire_write_udp(struct packet *p, const struct datagram *d)
{
    uint8_t *ip = p->bytes + WIRE_ETHERNET_BYTES;
    uint8_t *udp = ip + WIRE_IP_BYTES;
    uint32_t bytes = WIRE_UDP_BYTES + (uint32_t)d->payload_bytes;

    write_ipv4(p, d->source, d->target, PROTOCOL_UDP, d->ip_id, bytes);
    put16(udp, d->source_port);
    put16(udp + 2, d->target_port);
    put16(udp + 4, bytes);
    put16(udp + 6, 0);
    uint16_t sum = inner_sum(ip, udp, bytes);
    put16(udp + 6, sum != 0 ? sum : 0xffff); /* 0 would mean: none. */
}

void wire_write_tcp(struct packet *p, const struct segment *s)
{
    uint8_t *ip = p->bytes + WIRE_ETHERNET_BYTES;
    uint8_t *tcp = ip + WIRE_IP_BYTES;
    uint32_t tcp_header = WIRE_TCP_BYTES + (s->mss ? MSS_BYTES : 0u);
    uint32_t tcp_bytes = tcp_header + s->payload_bytes;

    write_ipv4(p, s->source, s->target, PROTOCOL_TCP, s->ip_id, tcp_bytes);
    put16(tcp, s->source_port);
    put16(tcp + 2, s->target_port);
    put32(tcp + 4, s->seq);
    put32(tcp + 8, s->ack);
    put16(tcp + 12, tcp_header / 4 << 12 | s->flags);
    put16(tcp + 14, s->window);
    put32(tcp + 16, 0);
    if (s->mss) {
        put16(tcp + 20, 2 << 8 | MSS_BYTES);
        put16(tcp + 22, s->mss);
    }
    put16(tcp + 16, inner_sum(ip, tcp, tcp_bytes));
}

void wire_write_arp_reply(struct packet *p, const struct arp_request *request)
{
    static const uint8_t fixed[8] = { 0, 1, 8, 0, 6, 4, 0, 2 };
    uint8_t *arp = p->bytes + WIRE_ETHERNET_BYTES;

    memcpy(p->bytes, request->sender_mac, sizeof request->sender_mac);
    put_mac(p->bytes + 6, request->target);
    put16(p->bytes + 12, ETHERTYPE_ARP);
    memcpy(arp, fixed, sizeof fixed);
    put_mac(arp + 8, request->target);
    put32(arp + 14, request->target);
    memcpy(arp + 18, request->sender_mac, sizeof request->sender_mac);
    put32(arp + 24, request->sender);
    p->length_bytes = WIRE_ETHERNET_BYTES + ARP_BYTES;
}
