/*
 * tx.h - whose frame the card fetches next: the contract of that policy.
 *
 * Each VM has a queue of frames to be sent, in order. The policy chooses among
 * the VMs whose queues are not empty, whenever the card has room for a frame. It
 * sees numbers and the lengths of the frames at the heads.
 */
#ifndef IK_TX_H
#define IK_TX_H

#include "ik/host.h"

struct arena;
struct tx;

struct tx_config {
    vmid_t vm_limit;    /* VMs are [0, vm_limit). */
    uint32_t max_bytes; /* The longest frame; > 0. */
};

/* What a policy does. Tables are const; all state is in the instance. */
struct tx_policy {
    struct policy_facts facts;

    /* With all queues empty. `self` is this table. NULL when the arena is
       full. */
    struct tx *(*create)(const struct tx_policy *self, struct arena *arena,
                         const struct tx_config *config);

    /* The VM's queue was empty; now a frame of so many bytes heads it. */
    void (*enter)(struct tx *t, vmid_t vm, uint32_t bytes);

    /* The VM ends: its queue, which was not empty, is. */
    void (*leave)(struct tx *t, vmid_t vm);

    /* Whose head goes next; some queue is not empty. */
    vmid_t (*next)(struct tx *t);

    /* The head of the VM that next() chose has gone; the one behind it has so
       many bytes; 0: there is none. */
    void (*sent)(struct tx *t, vmid_t vm, uint32_t next_bytes);
};

/* Head of every instance. */
struct tx {
    const struct tx_policy *policy;
};

#endif /* IK_TX_H */
