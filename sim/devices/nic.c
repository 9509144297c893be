/*
 * nic.c - see nic.h.
 *
 * Frames leave by the clock: the card remembers when each of the last ones
 * leaves. Only while more are to come does that cost an event each.
 */
#include "sim/devices/nic.h"

#include "sim/banned.h"

static void receive(void *ctx, struct packet *p)
{
    struct nic *n = ctx;
    if (n->admit && !n->admit(n->ctx, p)) {
        return;
    }
    if (n->rx.count == NIC_RX_RING) {
        n->rx_overruns++;
        link_tell_loss(n->link, p, LINK_OVERRUN);
        packet_put(n->link->pool, p);
        return;
    }
    packet_queue_push(&n->rx, p);
}

static void has_room(void *ctx, struct sim_timer *timer)
{
    struct nic *n = ctx;
    (void)timer;
    n->fetch(n->ctx, n->link->events->now);
}

void nic_init(struct nic *n, struct link *link, uint32_t tx_ahead,
              nic_fetch_fn *fetch, void *ctx)
{
    SIM_ASSERT(tx_ahead > 0);
    SIM_ASSERT(tx_ahead <= NIC_TX_LIMIT);
    *n = (struct nic){
        .link = link,
        .tx_ahead = tx_ahead,
        .fetch = fetch,
        .ctx = ctx,
    };
    timer_init(&n->tx_timer, has_room, n);
    link_attach(link, LINK_MACHINE, receive, n);
}

bool nic_interrupt_is_up(const struct nic *n)
{
    return n->rx.count > 0;
}

struct packet *nic_receive(struct nic *n)
{
    return packet_queue_pop(&n->rx);
}

uint64_t nic_tx_room_at(const struct nic *n)
{
    return n->tx_done[n->tx_next];
}

void nic_transmit(struct nic *n, uint64_t at, struct packet *p)
{
    SIM_ASSERT(at >= nic_tx_room_at(n));
    n->tx_done[n->tx_next] = link_send(n->link, LINK_MACHINE, at, p);
    n->tx_next = (n->tx_next + 1) % n->tx_ahead;
}

void nic_fetch_more(struct nic *n, bool wanted)
{
    if (wanted) {
        timer_set(n->link->events, &n->tx_timer, nic_tx_room_at(n));
    } else {
        timer_cancel(n->link->events, &n->tx_timer);
    }
}
