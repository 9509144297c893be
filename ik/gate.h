/*
 * gate.h - the gatekeeper: decides which active VMs are admitted.
 *
 * Every VM that becomes active joins the waiting ones, even when it passes at
 * once. A policy sees VM numbers, counts of frames and what its host answers.
 */
#ifndef IK_GATE_H
#define IK_GATE_H

#include "ik/host.h"

struct arena;
struct gate;

struct gate_config {
    vmid_t vm_limit;          /* VMs are [0, vm_limit). */
    uint64_t min_free_frames; /* To be free before anyone is admitted. */
    entitlement_fn *vm;       /* Asked by create() only. */
    const void *vm_ctx;
    struct policy_host *host; /* Borrowed, for the policy's life. NULL, in
                                 tests: nobody answers. */
};

/* Memory as it is now. */
struct gate_view {
    uint64_t free_frames;
    uint64_t unfilled_frames; /* Promised to admitted VMs, not yet taken. */
    uint32_t admitted;        /* VMs that are. */
};

/* What a policy does. Tables are const; all state is in the instance. */
struct gate_policy {
    struct policy_facts facts;

    /* With no VM waiting. `self` is this table. NULL when the arena is full. */
    struct gate *(*create)(const struct gate_policy *self, struct arena *arena,
                           const struct gate_config *config);

    /*
     * `vm` is active and was not waiting. Admission will promise it its last
     * working set, or a floor; `frames` of that it does not hold now.
     */
    void (*arrive)(struct gate *g, vmid_t vm, uint32_t frames);

    /* `vm`, which is waiting, is no longer: it is dead. */
    void (*leave)(struct gate *g, vmid_t vm);

    /* Who waits to be admitted first; VM_NONE: nobody waits. */
    vmid_t (*head)(const struct gate *g);

    /*
     * The VM to admit now, which stops waiting; VM_NONE: nobody, as things
     * are. The kernel asks again until it gets VM_NONE.
     */
    vmid_t (*admit)(struct gate *g, const struct gate_view *view);

    /*
     * Load control: when all that are admitted wait for frames and none will
     * come, the one with the greatest rank goes back to the gate; of equal
     * ones, who was admitted last. `vm` is one of them and holds `frames`.
     * NULL: they are equal.
     */
    uint32_t (*rank)(const struct gate *g, vmid_t vm, uint32_t frames);
};

/* Head of every instance. */
struct gate {
    const struct gate_policy *policy;
};

#endif /* IK_GATE_H */
