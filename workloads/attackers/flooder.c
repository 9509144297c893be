/*
 * flooder.c - sends what its boot command line names, as fast as it can, to VMs
 * 0 to victims - 1 in turn, or outward: every frame says truly who sent it, so
 * the switch lets it pass. It may read its disk all the while, and say how far
 * it has come.
 */
#include "ilwaco/cmdline.h"
#include "ilwaco/start.h"
#include "ilwaco/vi.h"
#include "ilwaco/vregs.h"
#include "workloads/attackers/reads.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define ETHERNET  14
#define IPV4      20
#define TYPE_IPV4 0x0800
#define TYPE_ARP  0x0806
#define TYPE_NONE 0x88b5 /* For experiments, by IEEE 802. */

static uint8_t frame[ABI_PACKET_MAX_BYTES];
static uint8_t room[ABI_PACKET_MAX_BYTES];
static uint32_t sent; /* Frames. */

static void put16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
    put16(at, value >> 16);
    put16(at + 2, value);
}

static void put_mac(uint8_t *at, uint32_t ip)
{
    put16(at, ABI_MAC_PREFIX);
    put32(at + 2, ip);
}

/* The Internet checksum of so many bytes, even, beside a sum. */
static uint32_t checksum(const uint8_t *at, uint32_t bytes, uint32_t sum)
{
    for (uint32_t i = 0; i < bytes; i += 2) {
        sum += (uint32_t)at[i] << 8 | at[i + 1];
    }
    while (sum >> 16) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return ~sum & 0xffff;
}

static void put_ethernet(uint32_t to, uint32_t from, uint32_t type)
{
    put_mac(frame, to);
    put_mac(frame + 6, from);
    put16(frame + 12, type);
}

static void put_ipv4(uint32_t to, uint32_t from, uint32_t protocol,
                     uint32_t payload)
{
    put_ethernet(to, from, TYPE_IPV4);
    uint8_t *ip = frame + ETHERNET;
    memset(ip, 0, IPV4);
    ip[0] = 0x45;
    put16(ip + 2, IPV4 + payload);
    put16(ip + 4, sent);
    ip[8] = 64;
    ip[9] = (uint8_t)protocol;
    put32(ip + 12, from);
    put32(ip + 16, to);
    put16(ip + 10, checksum(ip, IPV4, 0));
}

/* The first segment of a connection of its own, to a web server. */
static uint32_t make_syn(uint32_t to, uint32_t from)
{
    put_ipv4(to, from, 6, 20);
    uint8_t *tcp = frame + ETHERNET + IPV4;
    memset(tcp, 0, 20);
    put16(tcp, 1024 + sent % 60000);
    put16(tcp + 2, 80);
    put32(tcp + 4, sent * 64021);
    tcp[12] = 0x50;
    tcp[13] = 0x02;
    put16(tcp + 14, 8192);
    put16(tcp + 16, checksum(tcp, 20,
                             (to >> 16) + (to & 0xffff) + (from >> 16) +
                                 (from & 0xffff) + 6 + 20));
    return ETHERNET + IPV4 + 20;
}

/* A question for the receiver's address. */
static uint32_t make_arp(uint32_t to, uint32_t from)
{
    put_ethernet(to, from, TYPE_ARP);
    memset(frame, 0xff, 6);
    uint8_t *arp = frame + ETHERNET;
    memset(arp, 0, 28);
    put16(arp, 1);
    put16(arp + 2, TYPE_IPV4);
    arp[4] = 6;
    arp[5] = 4;
    put16(arp + 6, 1);
    put_mac(arp + 8, from);
    put32(arp + 14, from);
    put32(arp + 24, to);
    return 60;
}

/* The least frame there is, of a type that nobody reads. */
static uint32_t make_runt(uint32_t to, uint32_t from)
{
    put_ethernet(to, from, TYPE_NONE);
    return ABI_PACKET_MIN_BYTES;
}

/* Headers that say of more than there is: the frame ends within TCP's. */
static uint32_t make_truncated(uint32_t to, uint32_t from)
{
    (void)make_syn(to, from);
    return ETHERNET + IPV4 + sent % 20;
}

static uint32_t make_full(uint32_t to, uint32_t from)
{
    put_ipv4(to, from, 17, ABI_PACKET_MAX_BYTES - ETHERNET - IPV4);
    return ABI_PACKET_MAX_BYTES;
}

struct attack {
    uint32_t (*make)(uint32_t to, uint32_t from); /* Returns the bytes. */
    enum { TO_VICTIMS, TO_OUTSIDE, TO_ITSELF } whither;
};

/* In the order of the words of `kind`. */
static const struct attack attacks[] = {
    { make_syn, TO_VICTIMS },  { make_arp, TO_VICTIMS },
    { make_runt, TO_VICTIMS }, { make_truncated, TO_VICTIMS },
    { make_full, TO_VICTIMS }, { make_full, TO_OUTSIDE },
    { make_runt, TO_ITSELF },  { make_syn, TO_OUTSIDE },
    { make_arp, TO_OUTSIDE },
};

#define FLOODER_ARGS(X)                                                     \
    X(kind, "kind", ARGS_CHOICE, 0, 0, 0,                                   \
      "syn arp runt truncated full outward itself syn-outward arp-outward", \
      "what it sends")                                                      \
    X(victims, "victims", ARGS_COUNT, 1, 65536, 1, "VMs", "0 to N - 1")     \
    X(reads, "reads", ARGS_COUNT, 0, ABI_DISK_RING, 0, "requests",          \
      "of its disk, always under way")                                      \
    X(every, "every", ARGS_TIME, 0, 1000000000000, 0, "ns",                 \
      "it says how many it had; 0: never")
ARGS_PROGRAM("floods", FLOODER_ARGS)

/* Says at each multiple of `every` how many reads have come. */
static void go_on_reading(uint64_t every)
{
    static uint64_t said;
    uint32_t done = reads_go_on();
    uint64_t now = vreg_time_ns();
    if (every > 0 && now / every != said) {
        said = now / every;
        printf("flooder: %u reads\n", done);
    }
}

int main(void)
{
    struct args_value values[ARG_COUNT];
    cmdline_read(args_rules, values);
    const struct attack *a = &attacks[values[ARG_kind].number];
    uint32_t victims = (uint32_t)values[ARG_victims].number;
    uint32_t self = ABI_VM_NET + 1 + vreg_read(ABI_VR_VM_NUMBER);
    bool reads = values[ARG_reads].number > 0;
    if (reads) {
        reads_begin((uint32_t)values[ARG_reads].number);
    }
    for (;; sent++) {
        if (reads) {
            go_on_reading(values[ARG_every].number);
        }
        uint32_t to = ABI_VM_NET + 1 + sent % victims;
        if (a->whither != TO_VICTIMS) {
            to = a->whither == TO_ITSELF ? self : ABI_CLIENT_NET + 1;
        }
        (void)vi_packet_send(frame, a->make(to, self));
        if (a->whither == TO_ITSELF) {
            (void)vi_packet_recv(room, sizeof(room));
        }
    }
}
