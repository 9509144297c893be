/* net.c - see net.h. */
#include "workloads/net.h"

#include "isa/abi.h"
#include "sim/trace/trace.h"
#include "workloads/tcp/tcp.h"
#include "workloads/wire.h"

static bool is_client(uint32_t address)
{
    return address - ABI_CLIENT_NET - 1 < TCP_ADDRESSES;
}

struct packet *net_get_packet(struct net *n)
{
    struct packet *p = packet_get(n->pool);
    if (!p) {
        n->counts.no_packet++;
    }
    return p;
}

/* Set behind the frame's own event, it fires when that has arrived; held
   back on a bad link, it may be later. */
static void expect_arrival(struct net *n)
{
    timer_set(n->events, &n->quiet,
              n->link->to[LINK_MACHINE].busy_until +
                  n->link->config.latency_cycles);
}

static void quiet_fires(void *ctx, struct sim_timer *timer)
{
    (void)ctx;
    (void)timer;
}

static void tell(const struct net *n, struct trace_event event)
{
    if (n->trace) {
        trace_emit(n->trace, n->events->now, event);
    }
}

void net_tell_received(const struct net *n, const struct packet *p,
                       uint32_t connection)
{
    tell(n, TRACE_EVENT(client_recv, p->vm, PACKET_FIELDS(p),
                        .connection = connection));
}

void net_send(struct net *n, struct packet *p, uint32_t vm, uint32_t connection)
{
    p->vm = vm;
    tell(n, TRACE_EVENT(client_send, vm, PACKET_FIELDS(p),
                        .connection = connection));
    n->counts.frames_out++;
    (void)link_send(n->link, LINK_CLIENTS, n->events->now, p);
    if (n->is_watching) {
        expect_arrival(n);
    }
}

void net_watch(struct net *n)
{
    n->is_watching = true;
    expect_arrival(n);
}

bool net_is_quiet(const struct net *n)
{
    return n->is_watching && !timer_is_set(&n->quiet);
}

void net_silence(struct net *n)
{
    n->is_silent = true;
    timer_cancel(n->events, &n->quiet);
}

static void answer_arp(struct net *n, const struct arp_request *request,
                       uint32_t vm)
{
    struct packet *p = net_get_packet(n);
    if (p) {
        wire_write_arp_reply(p, request);
        net_send(n, p, vm, NET_NO_CONNECTION);
    }
}

/* Takes the packet. */
static void receive(void *ctx, struct packet *p)
{
    struct net *n = ctx;
    union wire_content content;

    n->counts.frames_in++;
    if (n->is_silent) {
        net_tell_received(n, p, NET_NO_CONNECTION);
        packet_put(n->pool, p);
        return;
    }
    enum wire_kind kind = wire_read(p->bytes, p->length_bytes, &content);
    if (kind == WIRE_TCP && is_client(content.tcp.target)) {
        tcp_receive(n->tcp, p, &content.tcp);
        return;
    }
    net_tell_received(n, p, NET_NO_CONNECTION);
    switch (kind) {
    case WIRE_TCP:
        n->counts.not_ours++;
        break;
    case WIRE_UDP:
        if (n->udp && is_client(content.udp.target)) {
            n->udp(n->udp_ctx, &content.udp);
        } else {
            n->counts.not_ours++;
        }
        break;
    case WIRE_ARP_REQUEST:
        if (is_client(content.arp.target)) {
            answer_arp(n, &content.arp, p->vm);
        } else {
            n->counts.not_ours++;
        }
        break;
    case WIRE_OTHER:
        n->counts.not_ours++;
        break;
    case WIRE_MALFORMED:
        n->counts.malformed++;
        break;
    case WIRE_BAD_CHECKSUM:
        n->counts.bad_checksum++;
        break;
    }
    packet_put(n->pool, p);
}

void net_init(struct net *n, struct event_queue *events, struct link *link,
              struct packet_pool *pool)
{
    *n = (struct net){ .events = events, .link = link, .pool = pool };
    timer_init(&n->quiet, quiet_fires, n);
    link_attach(link, LINK_CLIENTS, receive, n);
}
