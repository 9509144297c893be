/*
 * turns.h - VMs that take turns in two queues: those that idled before their
 * quantum ended are preferred, the others wait their turn.
 *
 * The two queues, and what each VM has left of its quantum or owes; which
 * queue is served next, and with how much, is the policy's rule (sched_rr.c,
 * sched_vrr.c).
 */
#ifndef IK_POLICY_TURNS_H
#define IK_POLICY_TURNS_H

#include "ik/queue/vmlist.h"
#include "ik/sched.h"

struct turns_vm {
    int64_t carry; /* Cycles: > 0 what is left of a quantum, < 0 overrun. */
    bool is_preferred;
    bool is_ready;
};

struct turns {
    uint64_t quantum_cycles;
    uint64_t arrivals; /* Of ready VMs, so far. */
    vmid_t vm_limit;
    struct vmlist preferred;
    struct vmlist others;
    struct vmlink *links; /* By VM number; of both queues. The arena's. */
    struct turns_vm *vms; /* By VM number; the arena's. */
};

/* False when the arena is full. */
SIM_MUST_USE bool turns_init(struct turns *t, struct arena *arena,
                             const struct sched_config *config);

/* At the tail of the queue that the VM stopped for; it is not ready. */
struct sched_place turns_ready(struct turns *t, vmid_t vm);

/* From wherever it stands; it is ready. */
void turns_remove(struct turns *t, vmid_t vm);

/* The first of a queue that is not empty, with what it has left; otherwise
   with a whole quantum, less a debt. */
struct sched_choice turns_pick(struct turns *t, const struct vmlist *queue);

/* A ready VM out of turn: a whole quantum, less a debt. */
struct sched_choice turns_take(struct turns *t, vmid_t vm);

/* The VM, not ready, ran and has `left` cycles (< 0: an overrun): preferred if
   it idled with some left; they are its next quantum after a page fault. */
void turns_stop(struct turns *t, vmid_t vm, enum sched_stop why, int64_t left);

#endif /* IK_POLICY_TURNS_H */
