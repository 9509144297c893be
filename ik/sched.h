/*
 * sched.h - decides which admitted VM runs next, and for how long.
 *
 * The kernel reports who is ready and how each stretch ended, and asks with
 * pick(). A policy sees numbers only: of VMs, and what its host answers
 * (host.h). So policies are interchangeable, testable without a machine, and
 * make the same choices in every replay.
 */
#ifndef IK_SCHED_H
#define IK_SCHED_H

#include "ik/host.h"

struct arena;
struct sched;

struct sched_config {
    vmid_t vm_limit;          /* VMs are [0, vm_limit); 1 to VM_LIMIT. */
    uint64_t quantum_cycles;  /* > 0 */
    uint64_t switch_cycles;   /* What it costs to load an address space. */
    struct policy_host *host; /* Borrowed, for the policy's life. NULL, in
                                 tests: nobody answers. */
    entitlement_fn *vm;       /* Asked by create() only. */
    const void *vm_ctx;
};

static inline struct entitlement sched_config_vm(const struct sched_config *c,
                                                 vmid_t vm)
{
    return entitlement_of(c->vm, c->vm_ctx, vm);
}

/* How a VM's stretch on the processor ended. */
enum sched_stop {
    SCHED_STOP_QUANTUM,   /* It used its quantum up. */
    SCHED_STOP_IDLE,      /* It idled before that. */
    SCHED_STOP_PAGING,    /* It waits for a page. */
    SCHED_STOP_LEASE,     /* Its quantum and its lease are over. */
    SCHED_STOP_END,       /* It is dead. */
    SCHED_STOP_PREEMPTED, /* Another became ready and goes first. */
};

struct sched_choice {
    vmid_t vm;               /* VM_NONE: no VM is ready, or the policy rests. */
    uint64_t quantum_cycles; /* >= 1 */
    bool is_preferred;       /* Since it had idled early, it went before VMs
                                that were ready longer. */
};

/*
 * Where a VM that became ready stands: the ready VM with the least key, and of
 * equal ones the first to come, is the next choice if nothing else comes in
 * between. Keys are never given anew: what changes the order of those that
 * are ready leaves their keys in order. Two exceptions: round-robin's bound on
 * preferred choices in a row, and lottery, which draws.
 */
struct sched_place {
    uint64_t key;
    bool is_preferred; /* Since it had idled early, it stands before its turn
                          among the others. */
};

/* Keys from here on are of those that are not preferred, where some are. */
#define SCHED_OTHERS_KEY (1ull << 63)

/* What use of the processor a policy promises to those who are always ready. */
enum sched_shares {
    SCHED_SHARES_NONE,
    SCHED_SHARES_EXPECTED, /* As vms[].shares, on average of many quanta. */
    SCHED_SHARES_BOUNDED,  /* As vms[].shares: for any two, used / shares never
                              differs by more than a quantum of each. */
};

/* What a policy promises: `iksim policies` prints it, tests hold it to it. */
struct sched_promises {
    bool is_ordered;   /* It chooses in the order of the keys that ready()
                          gave; but for round robin's run of preferred ones. */
    bool may_rest;     /* pick() may choose nobody although VMs are ready. */
    bool can_be_gamed; /* Who idles just before its quantum ends gains by it. */
    enum sched_shares shares;
    /* The most that N others use while a VM is ready, in quanta, each with its
       overrun; all have equal shares. NULL: no bound is promised. */
    uint64_t (*bound)(const struct sched *s, uint32_t others);
    const char *bound_text; /* The same for people; NULL with bound. */
};

/* What a policy does. Tables are const; all state is in the instance. */
struct sched_policy {
    struct policy_facts facts;
    struct sched_promises promises;

    /*
     * With no VM ready. `self` is this table. `arena` owns the result; NULL
     * when it is full. What stands behind the instance, of each VM, is numbers
     * only, no pointers: tests compare its bytes. Parameters are facts.args and
     * vm_args: policy_arg() here.
     */
    struct sched *(*create)(const struct sched_policy *self,
                            struct arena *arena,
                            const struct sched_config *config);

    /* `vm` is admitted and can run; it was neither ready nor running. */
    struct sched_place (*ready)(struct sched *s, vmid_t vm);

    /* `vm`, which is ready, is no longer. */
    void (*remove)(struct sched *s, vmid_t vm);

    /* The choice stops being ready, and runs. A policy that may rest chooses
       nobody, and says until when by policy_wake_at(); it is asked again when
       a VM becomes ready, too. */
    struct sched_choice (*pick)(struct sched *s);

    /*
     * `vm`, which is ready, is the choice, out of turn: an interrupt is for
     * it. It runs for a whole quantum, less what it owes. The one that ran
     * until now may have been set aside: it goes on later, unasked, with what
     * is left of its own, and stop() tells of all its stretches as one. With
     * nested interrupts the one taken may be set aside, too, and so on: several
     * VMs are then neither ready nor stopped, and no pick() comes until all
     * have gone on.
     */
    struct sched_choice (*take)(struct sched *s, vmid_t vm);

    /*
     * `vm`, which runs, stopped after `used` of `granted` cycles (more when
     * its last block overran). If it can run on, ready() follows.
     */
    void (*stop)(struct sched *s, vmid_t vm, enum sched_stop why,
                 uint64_t granted, uint64_t used);

    /*
     * `vm` has just become ready, and `running`, which has used `used` cycles
     * of its quantum, is to make room for the next choice. Not asked while a
     * summoned VM runs, or any is set aside. NULL: never.
     */
    bool (*preempts)(struct sched *s, vmid_t vm, vmid_t running, uint64_t used);

    /*
     * The kernel has worked for `vm`, which does not run: an interrupt, a packet
     * or a page of its own. With this, who causes the kernel's work pays for it:
     * what is done for the VM that runs counts as used, and its quantum ends by
     * it. NULL: only what guests use, and their virtual instructions, counts.
     */
    void (*charged)(struct sched *s, vmid_t vm, uint64_t cycles);
};

/* Head of every instance. A policy embeds it and finds itself from it. */
struct sched {
    const struct sched_policy *policy;
};

#endif /* IK_SCHED_H */
