/*
 * tcp_table.c - which connections there are: their numbers, the hash by which
 * a segment finds its own, and how they begin and end.
 */
#include "workloads/tcp/tcp_state.h"

#include "isa/abi.h"
#include "workloads/net.h"
#include "workloads/wire.h"

bool tcp_table_init(struct tcp *t)
{
    slab_init(&t->conns, t->arena, sizeof(struct tcp_conn));
    slab_time(&t->conns, t->config.events, 2);
    return slab_share(&t->conns, t->config.sources) &&
           slab_index_init(&t->by_pair, &t->conns);
}

struct tcp_conn *tcp_conn_at(const struct tcp *t, uint32_t connection)
{
    struct tcp_conn *c = slab_at(&t->conns, connection);
    SIM_ASSERT(c->state != TCP_CLOSED);
    return c;
}

static uint32_t ports(uint16_t local, uint16_t remote)
{
    return (uint32_t)local << 16 | remote;
}

static uint32_t hash_of(const struct tcp_conn *c)
{
    return slab_hash(c->local_ip, c->remote_ip,
                     ports(c->local_port, c->remote_port));
}

struct tcp_conn *tcp_find(const struct tcp *t, const struct segment *s)
{
    uint32_t hash =
        slab_hash(s->target, s->source, ports(s->target_port, s->source_port));
    struct tcp_conn *c = slab_index_next(&t->by_pair, hash, NULL);
    while (c && (c->local_ip != s->target || c->remote_ip != s->source ||
                 c->local_port != s->target_port ||
                 c->remote_port != s->source_port)) {
        c = slab_index_next(&t->by_pair, hash, c);
    }
    return c;
}

/* The next pair of client address and port. All addresses take turns, so the
   same pair comes again only after TCP_ADDRESSES * TCP_PORTS connections. */
static void take_pair(struct tcp *t, struct tcp_conn *c)
{
    struct segment s = { .source = c->remote_ip,
                         .source_port = c->remote_port };
    do {
        uint64_t pair = t->next_pair++;
        s.target = ABI_CLIENT_NET + 1 + (uint32_t)(pair % TCP_ADDRESSES);
        s.target_port =
            (uint16_t)(TCP_PORT_FIRST + pair / TCP_ADDRESSES % TCP_PORTS);
    } while (tcp_find(t, &s));
    c->local_ip = s.target;
    c->local_port = s.target_port;
}

/* Whose connection in TIME_WAIT goes for one of `source`. */
static uint32_t who_gives(const struct tcp *t, uint32_t source)
{
    uint32_t most = source;
    if (t->waits[source].count > 0) {
        return source;
    }
    for (uint32_t i = 0;
         t->conns.held[source] < t->conns.share && i < t->config.sources; i++) {
        most = t->waits[i].count > t->waits[most].count ? i : most;
    }
    return most;
}

struct tcp_conn *tcp_conn_get(struct tcp *t, uint32_t source,
                              uint32_t remote_ip, uint16_t remote_port)
{
    struct tcp_conn *c = slab_get(&t->conns, source);
    if (!c && tcp_time_wait_give_up(t, who_gives(t, source))) {
        c = slab_get(&t->conns, source);
    }
    if (!c) {
        return NULL;
    }
    c->remote_ip = remote_ip;
    c->remote_port = remote_port;
    take_pair(t, c);
    slab_index_add(&t->by_pair, c, hash_of(c));
    return c;
}

void tcp_conn_put(struct tcp *t, struct tcp_conn *c)
{
    SIM_ASSERT(c->state != TCP_CLOSED);
    slab_index_remove(&t->by_pair, c);
    timer_cancel(t->config.events, &c->retransmit);
    timer_cancel(t->config.events, &c->ack);
    while (c->kept) {
        struct packet *p = c->kept;
        c->kept = p->next;
        p->next = NULL;
        packet_put(t->config.net->pool, p);
    }
    c->state = TCP_CLOSED;
    c->owner = TCP_NONE;
    /* tcp_receive still looks at the connection of its segment: a new one,
       opened meanwhile, must not take its place. */
    if (t->current != c->head.number) {
        slab_put(&t->conns, c);
    }
}

void tcp_conn_end(struct tcp *t, struct tcp_conn *c, enum tcp_end why)
{
    uint32_t owner = c->owner;
    tcp_conn_put(t, c);
    if (owner != TCP_NONE) {
        t->config.ops->ended(t->config.ctx, owner, why);
    }
}
