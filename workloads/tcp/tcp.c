/* tcp.c - what the user of the clients' TCP may ask for; see tcp.h. */
#include "workloads/tcp/tcp.h"

#include "sim/arena.h"
#include "workloads/net.h"
#include "workloads/tcp/tcp_state.h"
#include "workloads/wire.h"

struct tcp *tcp_create(struct arena *arena, const struct tcp_config *config)
{
    struct tcp *t = arena_alloc(arena, sizeof *t, alignof(struct tcp));
    if (!t) {
        return NULL;
    }
    t->config = *config;
    t->config.sources += config->sources == 0;
    t->arena = arena;
    t->current = TCP_NONE;
    rng_init(&t->rng, config->seed, "tcp initial sequence numbers", 0);
    tcp_times_init(t);
    return tcp_time_wait_init(t) && tcp_table_init(t) ? t : NULL;
}

/* What a call asks for is sent now; but what is asked for while a segment is
   being received goes out with the answer to it. */
static void output(struct tcp *t, struct tcp_conn *c)
{
    if (t->current != c->head.number) {
        tcp_output(t, c);
    }
}

uint32_t tcp_connect(struct tcp *t, uint32_t source, uint32_t remote_ip,
                     uint16_t remote_port, uint32_t owner, uint32_t offer)
{
    SIM_ASSERT(offer <= TCP_WINDOW);
    struct tcp_conn *c = tcp_conn_get(t, source, remote_ip, remote_port);
    if (!c) {
        return TCP_NONE;
    }
    uint64_t random = rng_u64(&t->rng);
    c->owner = owner;
    c->offer = offer;
    c->offer_most = offer;
    c->state = TCP_SYN_SENT;
    c->una = (uint32_t)random;
    c->next = c->una;
    c->max = c->una;
    c->end = c->una + 1; /* After the SYN. */
    c->base = c->end;
    c->view.arrived = c->una;
    c->ip_id = (uint16_t)(random >> 32);
    c->mss = WIRE_MSS;
    tcp_timers_init(t, c);
    t->counts.opened++;
    tcp_output(t, c);
    return c->head.number;
}

static bool is_empty(const struct tcp_conn *c)
{
    return c->state != TCP_SYN_SENT && c->una == c->end;
}

bool tcp_is_empty(const struct tcp *t, uint32_t connection)
{
    return is_empty(tcp_conn_at(t, connection));
}

void tcp_send(struct tcp *t, uint32_t connection, uint32_t count)
{
    struct tcp_conn *c = tcp_conn_at(t, connection);
    SIM_ASSERT(!c->fin_queued);
    if (is_empty(c)) {
        c->base = c->end;
    }
    c->end += count;
    output(t, c);
}

void tcp_half_close(struct tcp *t, uint32_t connection)
{
    struct tcp_conn *c = tcp_conn_at(t, connection);
    SIM_ASSERT(!c->fin_queued);
    c->fin_queued = true;
    if (c->state != TCP_SYN_SENT) {
        SIM_ASSERT(c->state == TCP_ESTABLISHED || c->state == TCP_CLOSE_WAIT);
        c->state = c->state == TCP_ESTABLISHED ? TCP_FIN_WAIT_1 : TCP_LAST_ACK;
        output(t, c);
    }
}

void tcp_offer(struct tcp *t, uint32_t connection, uint32_t bytes)
{
    struct tcp_conn *c = tcp_conn_at(t, connection);
    SIM_ASSERT(bytes <= TCP_WINDOW);
    SIM_ASSERT(seq_upto(c->edge, c->expected + bytes) ||
               c->state == TCP_SYN_SENT);
    c->offer = bytes;
    c->offer_most = bytes > c->offer_most ? bytes : c->offer_most;
    uint32_t more = c->expected + bytes - c->edge;
    if (c->state > TCP_SYN_SENT && more > 0 && tcp_is_worth(c, more)) {
        c->ack_now = true;
        output(t, c);
    }
}

void tcp_close(struct tcp *t, uint32_t connection)
{
    struct tcp_conn *c = tcp_conn_at(t, connection);
    bool is_acked = c->una == c->end || (c->fin_queued && c->una == c->end + 1);
    if (!is_acked) {
        tcp_abort(t, connection);
        return;
    }
    c->owner = TCP_NONE;
    if (c->state == TCP_FIN_WAIT_2) {
        tcp_timer_half_closed(t, c);
    } else if (!c->fin_queued) {
        tcp_half_close(t, connection);
    }
}

void tcp_abort(struct tcp *t, uint32_t connection)
{
    struct tcp_conn *c = tcp_conn_at(t, connection);
    if (c->state == TCP_TIME_WAIT) {
        c->owner = TCP_NONE; /* Both sides have said all already. */
        return;
    }
    if (c->state > TCP_SYN_SENT) {
        tcp_send_reset(t, c);
    }
    tcp_conn_put(t, c);
}

void tcp_silence(struct tcp *t)
{
    SIM_ASSERT(t->current == TCP_NONE);
    for (uint32_t i = 0; i < t->conns.made; i++) {
        struct tcp_conn *c = slab_at(&t->conns, i);
        if (c->state != TCP_CLOSED) {
            tcp_conn_put(t, c);
        }
    }
    tcp_time_wait_clear(t);
    net_silence(t->config.net);
}

uint32_t tcp_open_count(const struct tcp *t)
{
    return t->conns.in_use - t->wait_count;
}

uint32_t tcp_time_wait_count(const struct tcp *t)
{
    return t->wait_count;
}

const struct tcp_counts *tcp_get_counts(const struct tcp *t)
{
    return &t->counts;
}
