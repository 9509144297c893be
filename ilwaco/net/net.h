/*
 * net.h - the network of a guest: lwIP over the virtual NIC, served by one
 * thread. lwIP is not reentrant, so all calls of it come from that thread: from
 * its callbacks, or before net_serve().
 */
#ifndef ILWACO_NET_NET_H
#define ILWACO_NET_NET_H

#include "ilwaco/timer.h"

#include <stdint.h>
#include <stdnoreturn.h>

/* Bring up lwIP with this VM's address. Once. */
void net_init(void);

/*
 * Before net_serve(): it takes interrupts of `mask` too and then calls `take`,
 * which may call lwIP. Of one other device.
 */
void net_take_irq(uint32_t mask, void (*take)(void));

/*
 * Have net_serve() fire `timer`, after the packets that wait (some of them, if
 * they are many): what a server does by itself, which may call lwIP. See
 * ilwaco/timer.h; the same calls, of the list that this thread serves.
 */
void net_timer_start(struct timer *timer, uint64_t deadline_ns);

/* Take packets and keep TCP's time, for ever: the thread that calls. */
noreturn void net_serve(void);

#endif /* ILWACO_NET_NET_H */
