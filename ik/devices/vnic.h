/*
 * vnic.h - the virtual Ethernet: a switch in the kernel with one card per VM.
 *
 * Receive: the kernel demultiplexes by destination address into the VM's
 * queue and raises NET_RX; the VM takes packets only while it runs. Queues are
 * bounded per VM and all together, in one pinned pool of which each VM has an
 * allotment that no other can take (ik/policy/rxpool.h); what does not fit is
 * dropped and counted by its cause. Transmit: packets are copied into the
 * VM's queue, and charged for, while it runs. The card fetches from these
 * queues round robin over the VMs that have packets, as frames leave (nic.h):
 * between two frames of a VM that always has some, each other such VM has one.
 * That costs no interrupt, but one for a VM that was refused room and now has
 * half a queue of it.
 *
 * A frame for another VM does not leave the machine. One whose source is not
 * the sender's own address is dropped, be it Ethernet's, IPv4's or ARP's, and
 * so is one too short to say it: nobody can pass for another. ARP requests go only to the owner of the address asked for; other broadcast and
 * multicast frames are dropped.
 *
 * With `nic: pcnet32` a packet costs as many programmed I/Os as VMware's card
 * of that name takes (Denali paper, section 4.2.3): all but the first, which
 * is the virtual instruction's own, are charged here. They are part of its
 * quantum. Looking for a packet where there is none stays one.
 */
#ifndef IK_VNIC_H
#define IK_VNIC_H

#include "ik/state.h"

/* Whether vnic_serve has anything to do. */
bool vnic_waits(const struct kernel *k);

/* Serves the card's interrupt line, if it is up, and VMs that wait for room. */
void vnic_serve(struct kernel *k);

enum {
    PCNET32_RX_PIOS = 10,
    PCNET32_TX_PIOS = 12,
};

#endif /* IK_VNIC_H */
