/*
 * vnic.h - the virtual Ethernet: a switch in the kernel with one card per VM.
 *
 * Receive: the kernel demultiplexes by destination address into the VM's
 * queue and raises NET_RX; the VM takes packets only while it runs. Queues are
 * bounded per VM and all together, in one pinned pool of which each VM has an
 * allotment that no other can take (ik/policy/net/rxpool.h); what does not fit is
 * dropped and counted by its cause. Of what would have room the receive policy
 * may refuse some (ik/rx.h); if it is an early one, the card asks it as frames
 * arrive, and a frame in the card's ring has its room in the queue already.
 * Transmit: packets are copied into the VM's queue, and charged for, while it
 * runs. The card fetches from these queues as frames leave (nic.h), of the VMs
 * that the transmit policy chooses (ik/tx.h). That costs no interrupt, but one for a VM that was refused room and now has
 * half a queue of it.
 *
 * A frame for another VM does not leave the machine. One whose source is not
 * the sender's own address is dropped, be it Ethernet's, IPv4's or ARP's, and
 * so is one too short to say it: nobody can pass for another. ARP requests go
 * only to the owner of the address asked for; other broadcast and multicast
 * frames are dropped.
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
