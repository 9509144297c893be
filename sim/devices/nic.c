/*
 * nic.c - see nic.h.
 *
 * Frames leave the transmit ring by the clock: the ring remembers when each
 * has left, and is cleared when someone looks. Only a driver that waits for
 * room costs an event.
 */
#include "sim/devices/nic.h"

#include "sim/banned.h"

static void receive(void *ctx, struct packet *p)
{
    struct nic *n = ctx;
    if (n->rx.count == NIC_RX_RING) {
        n->rx_overruns++;
        link_tell_loss(n->link, p, LINK_OVERRUN);
        packet_put(n->link->pool, p);
        return;
    }
    packet_queue_push(&n->rx, p);
}

/* The line follows from the state; the event only makes someone look. */
static void has_room(void *ctx, struct sim_timer *timer)
{
    (void)ctx;
    (void)timer;
}

void nic_init(struct nic *n, struct link *link)
{
    *n = (struct nic){ .link = link };
    timer_init(&n->tx_timer, has_room, n);
    link_attach(link, LINK_MACHINE, receive, n);
}

bool nic_interrupt_is_up(const struct nic *n)
{
    return n->rx.count > 0 || (n->wants_tx_room && nic_tx_room(n) > 0);
}

struct packet *nic_receive(struct nic *n)
{
    return packet_queue_pop(&n->rx);
}

/* Frames at the head of the ring that have left by `now`. */
static uint32_t departed(const struct nic *n, uint64_t now)
{
    uint32_t count = 0;
    while (count < n->tx_count &&
           n->tx_done[(n->tx_head + count) % NIC_TX_RING] <= now) {
        count++;
    }
    return count;
}

uint32_t nic_tx_room(const struct nic *n)
{
    uint64_t now = n->link->events->now;
    return NIC_TX_RING - n->tx_count + departed(n, now);
}

/* Sees to it that an event comes when a full ring that is waited for is not
   full any more. */
static void watch(struct nic *n)
{
    if (n->wants_tx_room && nic_tx_room(n) == 0) {
        timer_set(n->link->events, &n->tx_timer, n->tx_done[n->tx_head]);
    } else {
        timer_cancel(n->link->events, &n->tx_timer);
    }
}

void nic_transmit(struct nic *n, uint64_t now, struct packet *p)
{
    uint32_t gone = departed(n, now);
    n->tx_head = (n->tx_head + gone) % NIC_TX_RING;
    n->tx_count -= gone;
    SIM_ASSERT(n->tx_count < NIC_TX_RING);
    n->tx_done[(n->tx_head + n->tx_count) % NIC_TX_RING] =
        link_send(n->link, LINK_MACHINE, now, p);
    n->tx_count++;
    watch(n);
}

void nic_want_tx_room(struct nic *n, bool wanted)
{
    n->wants_tx_room = wanted;
    watch(n);
}
