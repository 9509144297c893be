/*
 * tcp_clock.h - lwIP's TCP without its 250 ms tick.
 *
 * lwIP counts in ticks: every 250 ms tcp_fasttmr(), every 500 ms
 * tcp_slowtmr(). Nearly all of them change nothing but counters. Ilwaco wakes
 * only for a tick at which something falls due (a retransmission, a probe, a
 * delayed ACK, the end of a wait, a poll), and counts the others when it wakes
 * for whatever reason. With no connection there is no tick to wait for; a
 * connection in TIME-WAIT is none either: it goes at the next occasion.
 *
 * A VM may sleep long past a deadline with the packet that would have
 * cancelled it in its queue. So input comes before what is due:
 *
 *     tcp_clock_begin();  count what passed, let nothing fall due
 *     ... take packets, and count again before each ...
 *     tcp_clock_end();    now what is still due
 *     wait until tcp_clock_deadline_ns()
 *
 * Where in the 250 ms a VM's ticks lie is drawn from its seed: else those of
 * 10,000 VMs would fall due together.
 */
#ifndef ILWACO_NET_TCP_CLOCK_H
#define ILWACO_NET_TCP_CLOCK_H

#include <stdint.h>

/* Once, before the first connection. */
void tcp_clock_init(uint64_t now_ns);

void tcp_clock_begin(uint64_t now_ns);
void tcp_clock_end(void);

/* The next tick that matters; ABI_TIME_NEVER when none does. */
uint64_t tcp_clock_deadline_ns(void);

#endif /* ILWACO_NET_TCP_CLOCK_H */
