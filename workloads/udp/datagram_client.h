/*
 * datagram_client.h - senders of datagrams that nobody answers (load `kind:
 * datagram`).
 *
 * Each is one UDP datagram of `size` bytes to a VM, when the load's arrivals say
 * so. That the VM's virtual card has given it to the VM is its answer, and its
 * latency runs until then; one that is lost, or dropped before, times out. No
 * ARP comes before it: clients know where VMs are.
 */
#ifndef WORKLOADS_DATAGRAM_CLIENT_H
#define WORKLOADS_DATAGRAM_CLIENT_H

#include "workloads/load_state.h"

/* A datagram to a VM is due now. */
void datagram_ask(struct source *s, uint32_t vm);

/* A VM takes the packet at cycle `now`: one of ours, or not. */
void datagram_taken(struct load *l, uint64_t now, const struct packet *p);

/* Forgets those that are open. */
void datagram_abandon(struct load *l);

/* Bytes of an open datagram's record, for load.datagrams. */
extern const size_t datagram_record_bytes;

#endif /* WORKLOADS_DATAGRAM_CLIENT_H */
