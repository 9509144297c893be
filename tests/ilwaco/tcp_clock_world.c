/*
 * tcp_clock_world.c - see tcp_clock_world.h. Clients connect one after the
 * other, ask with one byte, take the answer (each second one with a pause of
 * 20 s, so that windows close), and close; the server closes after them.
 */
#include "tests/ilwaco/tcp_clock_world.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ilwaco/net/hooks.h"
#include "ilwaco/net/syn.h"
#include "ilwaco/net/tcp_clock.h"
#include "ilwaco/panic.h"
#include "isa/abi.h"

#include "lwip/init.h"
#include "lwip/ip4.h"
#include "lwip/netif.h"
#include "lwip/prot/tcp.h"
#include "lwip/tcp.h"

#define ORIGIN_NS    UINT64_C(1000000000)
#define TICK_NS      UINT64_C(250000000)
#define ADDRESS      0x0a100001
#define ANSWER_BYTES 100000
#define IN_FLIGHT    4096
#define FIRST_PORT   5000                 /* Of the clients. */
#define BETWEEN_NS   UINT64_C(3700000000) /* From one client to the next. */
#define PAUSE_NS     UINT64_C(20000000000)

struct packet {
    uint64_t due_ns; /* 0: no packet. */
    uint16_t bytes;
    uint8_t data[1500];
};

struct client {
    struct tcp_pcb *pcb;
    uint64_t act_ns; /* When it next does something; ABI_TIME_NEVER. */
    uint32_t got;    /* Bytes of the answer, */
    uint32_t unread; /* and those it has not taken. */
    bool is_started, is_paused;
};

static struct {
    const struct world_config *config;
    struct world_result *result;
    uint64_t now_ns;
    uint32_t random;
    struct netif netif;
    struct packet wire[IN_FLIGHT];
    struct client clients[WORLD_CLIENTS];
    uint32_t left_bytes[WORLD_CLIENTS]; /* Of their answers, to write. */
    char answer[ANSWER_BYTES];
} world;

/* ---- What lwIP and Ilwaco ask for ---------------------------------------- */

uint32_t random_u32(void)
{
    return 0; /* So the first tick is at the origin. */
}

u32_t isn_for(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
              u16_t remote_port)
{
    (void)local;
    (void)remote;
    return local_port * 7919u + remote_port;
}

noreturn void panic(const char *format, ...)
{
    (void)fprintf(stderr, "panic: %s\n", format);
    abort();
}

/* ---- The wire ------------------------------------------------------------ */

static uint32_t draw(uint32_t below)
{
    world.random = world.random * 1664525 + 1013904223;
    return (uint32_t)(((uint64_t)world.random * below) >> 32);
}

static void record(const uint8_t *packet, uint16_t bytes)
{
    struct world_result *r = world.result;
    struct tcp_hdr tcp;
    memcpy(&tcp, packet + IP_HLEN, sizeof(tcp));
    if (r->sent_count < sizeof(r->sent) / sizeof(r->sent[0])) {
        r->sent[r->sent_count++] =
            (struct world_sent){ .time_ns = world.now_ns,
                                 .seq = lwip_htonl(tcp.seqno),
                                 .ack = lwip_htonl(tcp.ackno),
                                 .from_port = lwip_htons(tcp.src),
                                 .to_port = lwip_htons(tcp.dest),
                                 .bytes = bytes,
                                 .flags = TCPH_FLAGS(&tcp) };
    }
}

static err_t send(struct netif *netif, struct pbuf *p, const ip4_addr_t *to)
{
    (void)netif;
    (void)to;
    uint8_t data[1500];
    uint16_t bytes = pbuf_copy_partial(p, data, sizeof(data), 0);
    record(data, bytes);
    uint64_t due_ns =
        world.now_ns + 1 +
        draw((uint32_t)(world.config->delay_ns / 1000)) * UINT64_C(1000);
    if (draw(100) < world.config->loss_percent) {
        return ERR_OK;
    }
    for (size_t i = 0; i < IN_FLIGHT; i++) {
        struct packet *packet = &world.wire[i];
        if (packet->due_ns == 0) {
            packet->due_ns = due_ns;
            packet->bytes = bytes;
            memcpy(packet->data, data, bytes);
            return ERR_OK;
        }
    }
    panic("the wire is full");
}

static err_t init_interface(struct netif *netif)
{
    netif->output = send;
    netif->mtu = 1500;
    netif->flags = NETIF_FLAG_LINK_UP;
    return ERR_OK;
}

static struct packet *next_packet(void)
{
    struct packet *next = NULL;
    for (size_t i = 0; i < IN_FLIGHT; i++) {
        struct packet *p = &world.wire[i];
        if (p->due_ns != 0 && (next == NULL || p->due_ns < next->due_ns)) {
            next = p;
        }
    }
    return next;
}

static void deliver(struct packet *packet)
{
    struct pbuf *p = pbuf_alloc(PBUF_RAW, packet->bytes, PBUF_RAM);
    if (p == NULL) {
        panic("no memory");
    }
    (void)pbuf_take(p, packet->data, packet->bytes);
    packet->due_ns = 0;
    syn_make_way(p);
    (void)ip4_input(p, &world.netif);
}

/* ---- The server ---------------------------------------------------------- */

/* Writes what TCP takes of the bytes that are left. */
static void serve(struct tcp_pcb *pcb, uint32_t *left)
{
    while (*left > 0 && tcp_sndbuf(pcb) > 0) {
        uint16_t bytes = tcp_sndbuf(pcb) < 5000 ? tcp_sndbuf(pcb) : 5000;
        bytes = *left < bytes ? (uint16_t)*left : bytes;
        if (tcp_write(pcb, world.answer, bytes, 0) != ERR_OK) {
            break;
        }
        *left -= bytes;
    }
}

static err_t on_sent(void *left, struct tcp_pcb *pcb, u16_t bytes)
{
    (void)bytes;
    serve(pcb, left);
    return ERR_OK;
}

static err_t on_request(void *left, struct tcp_pcb *pcb, struct pbuf *p,
                        err_t err)
{
    (void)err;
    if (p == NULL) {
        tcp_recv(pcb, NULL);
        tcp_sent(pcb, NULL);
        (void)tcp_close(pcb);
        return ERR_OK;
    }
    tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
    *(uint32_t *)left = ANSWER_BYTES;
    serve(pcb, left);
    return ERR_OK;
}

static err_t on_accept(void *argument, struct tcp_pcb *pcb, err_t err)
{
    (void)argument;
    (void)err;
    tcp_arg(pcb, &world.left_bytes[pcb->remote_port - FIRST_PORT]);
    tcp_recv(pcb, on_request);
    tcp_sent(pcb, on_sent);
    return ERR_OK;
}

/* ---- The clients --------------------------------------------------------- */

static void take(struct client *c)
{
    tcp_recved(c->pcb, (u16_t)c->unread);
    c->unread = 0;
    if (c->got == ANSWER_BYTES) {
        world.result->completed++;
        tcp_recv(c->pcb, NULL);
        tcp_err(c->pcb, NULL);
        (void)tcp_close(c->pcb);
        c->act_ns = ABI_TIME_NEVER;
    }
}

static err_t on_answer(void *argument, struct tcp_pcb *pcb, struct pbuf *p,
                       err_t err)
{
    (void)pcb;
    (void)err;
    struct client *c = argument;
    if (p == NULL) {
        return ERR_OK;
    }
    c->got += p->tot_len;
    c->unread += p->tot_len;
    pbuf_free(p);
    if (!c->is_paused) {
        take(c);
    }
    return ERR_OK;
}

static err_t on_connected(void *argument, struct tcp_pcb *pcb, err_t err)
{
    (void)argument;
    (void)err;
    (void)tcp_write(pcb, "?", 1, TCP_WRITE_FLAG_COPY);
    return ERR_OK;
}

static void on_lost(void *argument, err_t err)
{
    (void)err;
    ((struct client *)argument)->act_ns = ABI_TIME_NEVER;
}

/* Connect; then, once, take what came during the pause. */
static void act(struct client *c, size_t number)
{
    if (c->is_started) {
        c->is_paused = false;
        c->act_ns = ABI_TIME_NEVER;
        take(c);
        (void)tcp_output(c->pcb);
        return;
    }
    ip_addr_t to = { lwip_htonl(ADDRESS) };
    c->is_started = true;
    c->is_paused = number % 2 == 1;
    c->act_ns = c->is_paused ? c->act_ns + PAUSE_NS : ABI_TIME_NEVER;
    c->pcb = tcp_new();
    tcp_arg(c->pcb, c);
    tcp_recv(c->pcb, on_answer);
    tcp_err(c->pcb, on_lost);
    (void)tcp_bind(c->pcb, IP_ADDR_ANY, (u16_t)(FIRST_PORT + number));
    (void)tcp_connect(c->pcb, &to, 80, on_connected);
}

/* ---- Time ---------------------------------------------------------------- */

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t next_event_ns(void)
{
    const struct packet *packet = next_packet();
    uint64_t next_ns = packet != NULL ? packet->due_ns : ABI_TIME_NEVER;
    for (size_t i = 0; i < WORLD_CLIENTS; i++) {
        next_ns = least(next_ns, world.clients[i].act_ns);
    }
    return next_ns;
}

static void wake(void)
{
    world.result->wakes++;
    tcp_clock_begin(world.now_ns);
    for (;;) {
        struct packet *packet = next_packet();
        if (packet == NULL || packet->due_ns > world.now_ns) {
            break;
        }
        deliver(packet);
    }
    for (size_t i = 0; i < WORLD_CLIENTS; i++) {
        if (world.clients[i].act_ns <= world.now_ns) {
            act(&world.clients[i], i);
        }
    }
    tcp_clock_end();
}

static void set_up(void)
{
    lwip_init();
    world.now_ns = ORIGIN_NS;
    tcp_clock_init(world.now_ns);
    ip4_addr_t address = { lwip_htonl(ADDRESS) };
    ip4_addr_t netmask = { lwip_htonl(ABI_NETMASK) };
    ip4_addr_t router = { 0 };
    (void)netif_add(&world.netif, &address, &netmask, &router, NULL,
                    init_interface, ip4_input);
    netif_set_default(&world.netif);
    netif_set_up(&world.netif);
    struct tcp_pcb *pcb = tcp_new();
    (void)tcp_bind(pcb, IP_ADDR_ANY, 80);
    tcp_accept(tcp_listen(pcb), on_accept);
    for (size_t i = 0; i < WORLD_CLIENTS; i++) {
        world.clients[i].act_ns = ORIGIN_NS + 1 + BETWEEN_NS * i;
    }
}

void world_run(const struct world_config *config, struct world_result *result)
{
    memset(result, 0, sizeof(*result));
    world.config = config;
    world.result = result;
    world.random = config->seed;
    set_up();
    for (;;) {
        uint64_t event_ns = next_event_ns();
        uint64_t deadline_ns = tcp_clock_deadline_ns();
        uint64_t next_ns = least(event_ns, deadline_ns);
        if (next_ns == ABI_TIME_NEVER) {
            break;
        }
        if (config->mode == WORLD_TICKS) {
            uint64_t ticks = (world.now_ns - ORIGIN_NS) / TICK_NS + 1;
            next_ns = least(event_ns, ORIGIN_NS + ticks * TICK_NS);
        }
        world.now_ns = next_ns;
        wake();
    }
}
