/* net.c - see net.h. */
#include "ilwaco/net/net.h"

#include "ilwaco/net/ethernet.h"
#include "ilwaco/net/nic.h"
#include "ilwaco/net/tcp_clock.h"
#include "ilwaco/panic.h"
#include "ilwaco/thread.h"
#include "ilwaco/vregs.h"

#include "lwip/init.h"
#include "lwip/netif.h"
#include "lwip/priv/tcp_priv.h"

/* Packets taken before other threads, and TCP's time, get their turn. */
#define BATCH_PACKETS 64

static struct netif netif;
static struct timer_list timers; /* Of net_timer_start(). */

/* Of net_take_irq(). */
static uint32_t other_mask;
static void (*other_take)(void);

void net_init(void)
{
    lwip_init();
    tcp_clock_init(vreg_time_ns());
    ip4_addr_t address = { lwip_htonl(vreg_read(ABI_VR_IPV4)) };
    ip4_addr_t netmask = { lwip_htonl(vreg_read(ABI_VR_NETMASK)) };
    ip4_addr_t router = { 0 };
    if (netif_add(&netif, &address, &netmask, &router, NULL, ethernet_init,
                  ethernet_input) == NULL) {
        panic("lwIP does not take the network interface");
    }
    netif_set_default(&netif);
    netif_set_up(&netif);
}

void net_take_irq(uint32_t mask, void (*take)(void))
{
    other_mask = mask;
    other_take = take;
}

void net_timer_start(struct timer *timer, uint64_t deadline_ns)
{
    timer_start(&timers, timer, deadline_ns);
}

static uint64_t next_deadline_ns(void)
{
    uint64_t tcp_ns = tcp_clock_deadline_ns();
    uint64_t timer_ns = timer_next_ns(&timers);
    return tcp_ns < timer_ns ? tcp_ns : timer_ns;
}

/* True when there may be more. */
static bool take_batch(void)
{
    for (int i = 0; i < BATCH_PACKETS; i++) {
        struct pbuf *frame = nic_receive();
        if (frame == NULL) {
            return false;
        }
        /* A batch may take as long as its pages: else a connection that it
           opens would look as old as the batch. */
        tcp_clock_begin(vreg_time_ns());
        (void)ethernet_input(frame, &netif);
    }
    return true;
}

noreturn void net_serve(void)
{
    bool has_more = false;
    for (;;) {
        /* With more to take, "wait" only for the other threads' turn. */
        uint64_t deadline_ns = has_more ? 0 : next_deadline_ns();
        uint32_t irq = thread_wait_irq(
            ABI_IRQ_NET_RX | ABI_IRQ_NET_TX | other_mask, deadline_ns);
        tcp_clock_begin(vreg_time_ns());
        if ((irq & ABI_IRQ_NET_TX) != 0 && nic_send_held()) {
            tcp_txnow(); /* Connections that found no room. */
        }
        if (has_more || (irq & ABI_IRQ_NET_RX) != 0) {
            has_more = take_batch();
        }
        if ((irq & other_mask) != 0) {
            other_take();
        }
        timer_run(&timers, vreg_time_ns());
        tcp_clock_end();
    }
}
