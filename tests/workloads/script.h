/*
 * script.h - a peer that does what a test tells it, segment by segment.
 *
 * It shares no code with the clients' TCP: it builds and reads frames by
 * itself, so that a mistake in wire.c cannot hide on both sides. The user of
 * the TCP, which records what it is told, is here too.
 */
#ifndef TESTS_WORKLOADS_SCRIPT_H
#define TESTS_WORKLOADS_SCRIPT_H

#include "tests/workloads/world.h"
#include "workloads/net.h"
#include "workloads/tcp/tcp.h"

#define FIN 0x01u
#define SYN 0x02u
#define RST 0x04u
#define PSH 0x08u
#define ACK 0x10u

#define SCRIPT_FRAMES 4096
#define SCRIPT_BYTES  (1u << 20)
#define SCRIPT_OWNER  77u

/* A frame from the client, its sequence numbers relative to both ends'
   first ones. */
struct heard {
    uint64_t at; /* Cycles. */
    uint32_t flags, seq, ack, window, mss, count;
    uint8_t bytes[1460];
};

/* What the script says. Sequence numbers are relative: 0 is the SYN. */
struct say {
    uint32_t flags, seq, ack;
    uint32_t count;  /* Bytes of the pattern, from seq - 1 on. */
    uint32_t window; /* 0: 8192; 1 to 65535; NO_WINDOW: none. */
    uint32_t mss;    /* 0: no option. */
};
#define NO_WINDOW UINT32_MAX

struct script {
    struct world world;
    struct net net;
    struct tcp *tcp;
    uint32_t connection; /* TCP_NONE when it has ended. */
    uint32_t latest;     /* The last one opened, also when it has ended. */
    uint32_t base;       /* Of what is sent next: it is added to offsets. */

    /* The peer. */
    uint32_t vm_ip, client_ip;
    uint16_t client_port;
    uint32_t iss, client_iss;
    struct heard *heard; /* All frames, in order. */
    uint32_t heard_count, taken_count;

    /* The user. */
    uint8_t *got;
    uint32_t got_count;
    uint32_t closes_at; /* tcp_close when so much has come; 0: never. */
    uint32_t aborts_at; /* Likewise. */
    bool closes_with_peer;
    uint32_t peer_closed, ended, retransmits;
    enum tcp_end why;
};

/* Byte number `at` of the stream of the peer, or of the client. */
uint8_t script_byte(uint32_t at);

void script_init(struct script *s, uint32_t iss, uint32_t client_iss);
void script_release(struct script *s);

/* The client opens; its SYN has not been taken yet. */
void script_connect(struct script *s);
/* All of the handshake; nothing is left to take. */
void script_establish(struct script *s);

/* The next frame of the client, after a millisecond at most; NULL: none. */
const struct heard *script_take(struct script *s);
/* Takes a frame and checks it. */
void script_expect(struct script *s, uint32_t flags, uint32_t seq, uint32_t ack,
                   uint32_t count);
void script_expect_silence(struct script *s);
/* The peer's segment arrives. */
void script_say(struct script *s, struct say say);
/* So do these bytes. */
void script_say_raw(struct script *s, const uint8_t *bytes, uint32_t count);
/* Builds the frame of `say`; returns its length. */
uint32_t script_build(const struct script *s, struct say say, uint8_t *frame);

#endif /* TESTS_WORKLOADS_SCRIPT_H */
