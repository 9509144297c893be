/*
 * policy.h - a policy of one's own for iksim, in C or C++, in one file.
 *
 *     #include <iksim/policy.h>
 *     const struct iksim_scheduler iksim_scheduler = { ... };
 *
 * `kernel.scheduler: ./mine.c` compiles and loads it; so do kernel.gatekeeper
 * and kernel.replacement with iksim_gatekeeper and iksim_replacement. A policy
 * keeps what it knows in what its create() gives. It is asked by numbers and
 * answers by numbers, and what it does follows from what it is told alone: no
 * clock, no chance, no file of the host's. It runs within iksim, which trusts
 * it. A checker looks at each answer. `iksim policy test FILE` tries it.
 */
#ifndef IKSIM_POLICY_H
#define IKSIM_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define IKSIM_POLICY_ABI 1u         /* Of this header: put it into facts. */
#define IKSIM_NONE       UINT32_MAX /* No VM, no frame. */

/* How a VM's stretch on the processor ended. */
enum iksim_stop {
    IKSIM_STOP_QUANTUM,   /* It used its quantum up; ready() follows. */
    IKSIM_STOP_IDLE,      /* It idled before that. */
    IKSIM_STOP_PAGING,    /* It waits for a page. */
    IKSIM_STOP_LEASE,     /* It goes back to the gate. */
    IKSIM_STOP_END,       /* It is dead. */
    IKSIM_STOP_PREEMPTED, /* Another became ready and goes first. */
};

enum iksim_unit { IKSIM_NUMBER, IKSIM_FLAG, IKSIM_TIME };
enum iksim_shares {
    IKSIM_SHARES_NONE,
    IKSIM_SHARES_EXPECTED,
    IKSIM_SHARES_BOUNDED
};

/* An argument. A list of them ends with a NULL name. */
struct iksim_arg {
    const char *name;
    enum iksim_unit unit;
    uint64_t low, high; /* Inclusive; of a time in nanoseconds. */
    uint64_t otherwise; /* Without it; likewise. */
    const char *meaning;
};

struct iksim_facts {
    uint32_t abi;                    /* IKSIM_POLICY_ABI. */
    const char *summary, *source;    /* A line each; NULL. */
    const struct iksim_arg *args;    /* kernel.scheduler_args...; NULL. */
    const struct iksim_arg *vm_args; /* vms[].policy_args; NULL. */
    /* What it says of its choices: "its deadline is in %t", "key %u", ended by
       NULL; NULL. */
    const char *const *reasons;
};

/* What the scenario entitles a VM to. */
struct iksim_vm {
    uint32_t shares, priority, reserve_frames;
};

struct iksim_host {
    uint32_t vm_limit;    /* VMs are [0, vm_limit). */
    uint32_t frame_count; /* Frames likewise; 0 but for replacement. */
    uint64_t quantum;     /* kernel.quantum in cycles; 0 but for schedulers. */
    uint64_t switch_cycles;   /* What a switch costs; likewise. */
    uint64_t min_free_frames; /* To be free before a gatekeeper admits. */

    uint64_t (*now)(struct iksim_host *h); /* Cycles. */
    /* Uniform below `below`, of the policy's own stream of the run's seed. */
    uint64_t (*random)(struct iksim_host *h, uint64_t below);

    /* These in create() alone. Zeroed memory, which goes with the run; */
    void *(*alloc)(struct iksim_host *h, size_t bytes);
    /* arguments, a time in cycles; */
    uint64_t (*arg)(struct iksim_host *h, const char *name);
    uint64_t (*vm_arg)(struct iksim_host *h, uint32_t vm, const char *name);
    /* any VM below vm_limit. */
    struct iksim_vm (*vm)(struct iksim_host *h, uint32_t vm);

    /* pick() is asked again at that cycle, if it has chosen nobody. */
    void (*wake_at)(struct iksim_host *h, uint64_t cycle);
    /* Why: number `which` of facts.reasons, from 0. It is in the trace. */
    void (*reason)(struct iksim_host *h, uint32_t which, uint64_t value);
    /* The run ends with this sentence. */
    void (*fail)(struct iksim_host *h, const char *why);
};

struct iksim_choice {
    uint32_t vm;       /* Ready; IKSIM_NONE: nobody is, or it rests. */
    uint64_t quantum;  /* 1 to 64 of the host's, in cycles. */
    bool is_preferred; /* It goes before others that were ready longer. */
};

/* The least key is next, of equal ones who came first, with is_ordered. */
struct iksim_place {
    uint64_t key;
    bool is_preferred;
};

struct iksim_scheduler {
    struct iksim_facts facts;

    /* What it promises. The first two are held in each run. */
    bool is_ordered; /* It chooses by the keys of ready(). */
    bool may_rest;   /* pick() may choose nobody, after wake_at(). */
    bool can_be_gamed;
    enum iksim_shares shares;
    uint64_t bound; /* N others use at most bound (N + 1) quanta while a VM is
                       ready; 0: no bound. */

    void *(*create)(struct iksim_host *h);
    /* The VM can run; it was not ready. */
    struct iksim_place (*ready)(void *s, uint32_t vm);
    /* The VM, which was ready, is not. */
    void (*remove)(void *s, uint32_t vm);
    /* The choice is no longer ready, and runs until stop(). */
    struct iksim_choice (*pick)(void *s);
    /* May be NULL. The VM, which is ready, runs out of turn: its quantum.
       NULL: remove(), and a whole one. */
    uint64_t (*take)(void *s, uint32_t vm);
    void (*stop)(void *s, uint32_t vm, enum iksim_stop why, uint64_t granted,
                 uint64_t used);
    /* `vm` has become ready: is `running` to make room at once? */
    bool (*preempts)(void *s, uint32_t vm, uint32_t running, uint64_t used);
    /* The kernel has worked for a VM that does not run; with it, this counts. */
    void (*charged)(void *s, uint32_t vm, uint64_t cycles);
};

/* Memory as the gate sees it. */
struct iksim_memory {
    uint64_t free_frames;
    uint64_t unfilled_frames; /* Promised to admitted VMs, not yet taken. */
    uint32_t admitted;
};

struct iksim_gatekeeper {
    struct iksim_facts facts;
    void *(*create)(struct iksim_host *h);
    /* The VM is active; it will want so many frames. */
    void (*arrive)(void *g, uint32_t vm, uint32_t frames);
    void (*leave)(void *g, uint32_t vm); /* It waited, and is dead. */
    uint32_t (*head)(void *g);           /* Who is to be admitted first. */
    /* Who is admitted now and waits no more; IKSIM_NONE: nobody. */
    uint32_t (*admit)(void *g, const struct iksim_memory *m);
    /* May be NULL. The greatest goes back when all wait for frames. */
    uint32_t (*rank)(void *g, uint32_t vm, uint32_t frames);
};

/* What may be asked of frames that hold pages, while victim() is called. */
struct iksim_frames {
    void *ctx;
    uint32_t wanted_by; /* The VM that wants one; IKSIM_NONE: a new one. */
    bool (*may_take)(void *ctx, uint32_t frame);    /* Else it is no victim. */
    bool (*was_touched)(void *ctx, uint32_t frame); /* Since it was asked. */
    bool (*is_dirty)(void *ctx, uint32_t frame);
    bool (*clean)(void *ctx, uint32_t frame); /* Begins to write it back. */
};

struct iksim_replacement {
    struct iksim_facts facts;
    void *(*create)(struct iksim_host *h);
    void (*enter)(void *r, uint32_t frame, uint32_t vm);
    void (*leave)(void *r, uint32_t frame);
    void (*touch)(void *r, uint32_t frame); /* May be NULL, and comes often. */
    void (*ran)(void *r, uint32_t vm, uint64_t virtual_time); /* May be NULL. */
    /* A frame that may be taken; IKSIM_NONE: there is none. */
    uint32_t (*victim)(void *r, const struct iksim_frames *f);
    uint32_t (*kept)(void *r,
                     uint32_t vm); /* May be NULL: frames left to it. */
};

/* A file has one of these. */
extern const struct iksim_scheduler iksim_scheduler;
extern const struct iksim_gatekeeper iksim_gatekeeper;
extern const struct iksim_replacement iksim_replacement;

#ifdef __cplusplus
}
#endif

#endif /* IKSIM_POLICY_H */
