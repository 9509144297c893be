/*
 * rx.h - who may put a frame into a VM's receive queue: the contract of that
 * policy.
 *
 * The queue's limit and the pool of all queues (ik/policy/net/rxpool.h) hold
 * whatever the policy; of what they would take, it may refuse some. It sees
 * numbers: to whom, on whose account, and how many frames wait.
 */
#ifndef IK_RX_H
#define IK_RX_H

#include "ik/host.h"

struct arena;
struct rx;

/* On whose account a frame is. */
struct rx_source {
    bool is_vm;   /* Another VM sent it: the switch vouches for that. */
    uint64_t key; /* The VM's number; or of whom outside, and by which
                     connection. */
};

struct rx_config {
    vmid_t vm_limit;      /* VMs are [0, vm_limit). */
    uint32_t queue_limit; /* Frames that wait for one VM; > 0. */
    uint64_t quantum_cycles;
};

/* What a policy does. Tables are const; all state is in the instance. */
struct rx_policy {
    struct policy_facts facts;

    /*
     * The card sorts frames as they arrive: one that is refused, or is for
     * nobody, is dropped there and costs nothing, and no VM can take the whole
     * of the card's ring. Else all that the ring has room for cost their
     * receivers (or the kernel) an interrupt, and are refused afterwards.
     */
    bool is_early;

    /* A VM that is ready runs, between two services of hardware, for as long
       as the first one took: no rate of frames stops all guests. */
    bool yields;

    /* `self` is this table. NULL when the arena is full. */
    struct rx *(*create)(const struct rx_policy *self, struct arena *arena,
                         const struct rx_config *config);

    /* Whether a frame for `to`, for which `queued` wait and which has room for
       one more, is taken at cycle `now`. */
    bool (*takes)(struct rx *r, vmid_t to, const struct rx_source *from,
                  uint32_t queued, uint64_t now);

    /* A frame that takes() has just taken waits for `to`; it no longer does. */
    void (*took)(struct rx *r, vmid_t to, const struct rx_source *from);
    void (*gave)(struct rx *r, vmid_t to, const struct rx_source *from);
};

/* Head of every instance. */
struct rx {
    const struct rx_policy *policy;
};

#endif /* IK_RX_H */
