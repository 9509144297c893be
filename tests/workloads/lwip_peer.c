/* lwip_peer.c - see lwip_peer.h. */
#include "tests/workloads/lwip_peer.h"

#include "isa/abi.h"
#include "sim/devices/machine.h"
#include "workloads/content.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lwip/inet.h>
#include <lwip/init.h>
#include <lwip/ip4.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/sys.h>
#include <lwip/tcp.h>

#define TICK_NS 250000000u

struct connection {
    struct connection *next, **link;
    struct tcp_pcb *pcb; /* NULL: gone. */
    struct sim_timer work;
    uint32_t vm;
    uint32_t requests; /* Read, not yet answered. */
    uint32_t matched;  /* Of the empty line that ends a request. */
    uint32_t sent;     /* Of the present response. */
    bool is_answering, peer_closed;
    char head[128];
    uint32_t head_bytes;
};

static struct {
    struct world *world;
    struct lwip_peer_config config;
    struct lwip_peer_counts counts;
    struct netif netif;
    struct tcp_pcb *listener;
    struct sim_timer tick;
    struct connection *connections;
    uint32_t random;
} peer;

uint32_t lwip_peer_random(void)
{
    peer.random = peer.random * 1664525u + 1013904223u;
    return peer.random;
}

u32_t sys_now(void)
{
    return (u32_t)(ns_from_cycles(peer.world->events.now, WORLD_HZ) / 1000000u);
}

/* ---- The server --------------------------------------------------------- */

static void forget(struct connection *c)
{
    timer_cancel(&peer.world->events, &c->work);
    *c->link = c->next;
    if (c->next) {
        c->next->link = c->link;
    }
    peer.counts.open--;
    free(c);
}

static void close_connection(struct connection *c)
{
    tcp_arg(c->pcb, NULL);
    tcp_recv(c->pcb, NULL);
    tcp_sent(c->pcb, NULL);
    tcp_err(c->pcb, NULL);
    err_t err = tcp_close(c->pcb);
    SIM_ASSERT(err == ERR_OK);
    forget(c);
}

static void fill(const struct connection *c, uint32_t at, uint8_t *to,
                 uint32_t count)
{
    uint32_t wrong = peer.config.wrong_at;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t offset = at + i;
        if (offset < c->head_bytes) {
            to[i] = (uint8_t)c->head[offset];
        } else {
            offset -= c->head_bytes;
            content_fill(c->vm, offset, &to[i], 1);
            to[i] = offset == wrong ? to[i] ^ 1 : to[i];
        }
    }
}

/* Writes as much of the response as lwIP takes; false: closed. */
static bool write_on(struct connection *c)
{
    uint8_t piece[TCP_MSS];
    uint32_t all = c->head_bytes + peer.config.body_bytes;

    while (c->is_answering && c->sent < all) {
        uint32_t count = tcp_sndbuf(c->pcb);
        count = count < all - c->sent ? count : all - c->sent;
        count = count < sizeof piece ? count : (uint32_t)sizeof piece;
        if (count == 0) {
            break;
        }
        fill(c, c->sent, piece, count);
        u8_t flags = TCP_WRITE_FLAG_COPY;
        flags |= c->sent + count < all ? TCP_WRITE_FLAG_MORE : 0;
        if (tcp_write(c->pcb, piece, (u16_t)count, flags) != ERR_OK) {
            break;
        }
        c->sent += count;
    }
    if (c->is_answering && c->sent == all) {
        c->is_answering = false;
        c->requests--;
        if (peer.config.closes_first || (c->peer_closed && !c->requests)) {
            close_connection(c);
            return false;
        }
        if (c->requests > 0) {
            timer_set(&peer.world->events, &c->work,
                      peer.world->events.now + peer.config.work_cycles);
        }
    }
    tcp_output(c->pcb);
    return true;
}

static void work_fires(void *ctx, struct sim_timer *timer)
{
    struct connection *c = ctx;
    (void)timer;
    c->is_answering = true;
    c->sent = 0;
    c->head_bytes =
        (uint32_t)snprintf(c->head, sizeof c->head,
                           "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                           "Content-Length: %u\r\n\r\n",
                           peer.config.body_bytes);
    write_on(c);
}

static void read_requests(struct connection *c, const struct pbuf *p)
{
    static const char end[] = "\r\n\r\n";
    for (; p; p = p->next) {
        const char *bytes = p->payload;
        for (u16_t i = 0; i < p->len; i++) {
            c->matched =
                bytes[i] == end[c->matched] ? c->matched + 1 : bytes[i] == '\r';
            if (c->matched == 4) {
                c->matched = 0;
                c->requests++;
                peer.counts.requests++;
            }
        }
    }
}

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
    struct connection *c = arg;
    (void)err;
    if (!p) {
        c->peer_closed = true;
        if (c->requests == 0) {
            close_connection(c);
        }
        return ERR_OK;
    }
    bool was_waiting = c->requests > 0;
    read_requests(c, p);
    tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
    if (c->requests > 0 && !was_waiting) {
        timer_set(&peer.world->events, &c->work,
                  peer.world->events.now + peer.config.work_cycles);
    }
    return ERR_OK;
}

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t count)
{
    (void)pcb;
    (void)count;
    write_on(arg);
    return ERR_OK;
}

static void on_error(void *arg, err_t err)
{
    struct connection *c = arg;
    (void)err;
    peer.counts.errors++;
    forget(c);
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
    (void)arg;
    SIM_ASSERT(err == ERR_OK);
    struct connection *c = calloc(1, sizeof *c);
    if (!c) {
        return ERR_MEM;
    }
    c->pcb = pcb;
    c->vm =
        lwip_ntohl(ip4_addr_get_u32(ip_2_ip4(&pcb->local_ip))) - ABI_VM_NET - 1;
    timer_init(&c->work, work_fires, c);
    c->next = peer.connections;
    c->link = &peer.connections;
    if (c->next) {
        c->next->link = &c->next;
    }
    peer.connections = c;
    peer.counts.accepted++;
    peer.counts.open++;
    tcp_arg(pcb, c);
    tcp_recv(pcb, on_recv);
    tcp_sent(pcb, on_sent);
    tcp_err(pcb, on_error);
    if (!peer.config.has_nagle) {
        tcp_nagle_disable(pcb);
    }
    return ERR_OK;
}

/* ---- The interface ------------------------------------------------------ */

static err_t netif_out(struct netif *netif, struct pbuf *p,
                       const ip4_addr_t *to)
{
    (void)netif;
    struct packet *out = packet_get(&peer.world->pool);
    if (!out) {
        return ERR_MEM;
    }
    uint32_t target = ip4_addr_get_u32(to); /* Network order. */
    uint8_t *b = out->bytes;
    b[0] = 2;
    b[1] = 0;
    memcpy(b + 2, &target, 4);
    b[6] = 2;
    b[7] = 0;
    pbuf_copy_partial(p, b + 14, p->tot_len, 0);
    memcpy(b + 8, b + 14 + 12, 4);
    b[12] = 8;
    b[13] = 0;
    out->length_bytes = (uint16_t)(14 + p->tot_len);
    link_send(&peer.world->link, LINK_MACHINE, peer.world->events.now, out);
    return ERR_OK;
}

static err_t netif_start(struct netif *netif)
{
    netif->name[0] = 'i';
    netif->name[1] = 'k';
    netif->mtu = 1500;
    netif->output = netif_out;
    return ERR_OK;
}

static uint32_t target_of(const struct packet *p)
{
    const uint8_t *b = p->bytes + 14 + 16;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 |
           b[3];
}

/* One interface stands for all VMs: it takes the address of whichever VM a
   packet is for. */
static void receive(void *ctx, struct packet *p)
{
    (void)ctx;
    if (p->length_bytes >= 34 &&
        target_of(p) - ABI_VM_NET - 1 < peer.config.vm_count) {
        ip4_addr_set_u32(ip_2_ip4(&peer.netif.ip_addr),
                         lwip_htonl(target_of(p)));
        struct pbuf *in =
            pbuf_alloc(PBUF_RAW, (u16_t)(p->length_bytes - 14), PBUF_RAM);
        SIM_ASSERT(in);
        pbuf_take(in, p->bytes + 14, (u16_t)(p->length_bytes - 14));
        if (ip4_input(in, &peer.netif) != ERR_OK) {
            pbuf_free(in);
        }
    }
    packet_put(&peer.world->pool, p);
}

static void tick_fires(void *ctx, struct sim_timer *timer)
{
    (void)ctx;
    tcp_tmr();
    timer_set(&peer.world->events, timer,
              peer.world->events.now + cycles_from_ns(TICK_NS, WORLD_HZ));
}

/* lwIP asks for ticks to begin; ours never end. */
void tcp_timer_needed(void)
{
}

/* tcp_ticks and the rest of lwIP's state begin anew only with the process;
   nothing in a test depends on where they begin. */
void lwip_peer_start(struct world *w, const struct lwip_peer_config *config)
{
    static bool is_initialised;
    ip4_addr_t address, mask, gateway;

    peer.world = w;
    peer.config = *config;
    memset(&peer.counts, 0, sizeof peer.counts);
    peer.random = 1;
    if (!is_initialised) {
        lwip_init();
        is_initialised = true;
    }
    memset(&peer.netif, 0, sizeof peer.netif);
    ip4_addr_set_u32(&address, lwip_htonl(ABI_VM_NET + 1));
    ip4_addr_set_u32(&mask, lwip_htonl(ABI_NETMASK));
    ip4_addr_set_u32(&gateway, 0);
    netif_add(&peer.netif, &address, &mask, &gateway, NULL, netif_start,
              ip4_input);
    netif_set_default(&peer.netif);
    netif_set_up(&peer.netif);
    netif_set_link_up(&peer.netif);
    struct tcp_pcb *pcb = tcp_new();
    tcp_bind(pcb, IP_ADDR_ANY, 80);
    peer.listener = tcp_listen(pcb);
    tcp_accept(peer.listener, on_accept);
    timer_init(&peer.tick, tick_fires, NULL);
    tick_fires(NULL, &peer.tick);
    link_attach(&w->link, LINK_MACHINE, receive, NULL);
}

void lwip_peer_stop(void)
{
    timer_cancel(&peer.world->events, &peer.tick);
    tcp_close(peer.listener);
    while (tcp_active_pcbs) {
        tcp_abort(tcp_active_pcbs);
    }
    while (tcp_tw_pcbs) {
        tcp_abort(tcp_tw_pcbs);
    }
    netif_remove(&peer.netif);
    SIM_ASSERT(!peer.connections);
}

uint32_t lwip_peer_half_closed(void)
{
    uint32_t count = 0;
    for (const struct tcp_pcb *p = tcp_active_pcbs; p; p = p->next) {
        count++;
    }
    return count;
}

const struct lwip_peer_counts *lwip_peer_counts(void)
{
    return &peer.counts;
}
