/*
 * host.h - what a policy of any kind states of itself, and what it may ask of
 * whoever runs it.
 *
 * The statements are a row: lists, `iksim policies`, the checks of a scenario
 * and the tests follow from it. A policy asks its host by values of the
 * simulation only, so a replay gets the same answers.
 */
#ifndef IK_HOST_H
#define IK_HOST_H

#include <string.h>

#include "ik/vmid.h"
#include "sim/random.h"

/* In which unit an argument is written in a scenario. */
enum policy_unit {
    POLICY_NUMBER, /* A whole number. */
    POLICY_FLAG,   /* false or true: 0 or 1. */
    POLICY_TIME,   /* "20ms"; it arrives as cycles. */
};

/* An argument that a policy has. A list of them is ended by a NULL name. */
struct policy_arg {
    const char *name;
    enum policy_unit unit;
    uint64_t low, high; /* Inclusive; a time's are in nanoseconds. */
    uint64_t fallback;  /* When the scenario does not give it; likewise. */
    const char *meaning;
};

/* The longest time that an argument may be, in nanoseconds. */
#define POLICY_TIME_LIMIT 1000000000000ull

/* What every policy states of itself. */
struct policy_facts {
    const char *name;    /* As given in scenarios; seen in reports. */
    const char *summary; /* One line for `iksim policies`. */
    const char *source;  /* Who described the rule, and where. */
    const char *differs; /* How this one differs on purpose, in sentences; NULL:
                            it does not. */
    const struct policy_arg *args;    /* Of the policy; NULL: none. */
    const struct policy_arg *vm_args; /* Of each VM; NULL: none. */
    /* What it may give as its reasons, ended by NULL; NULL: it gives none. In
       a text %t stands for the value as a time, %u as a number. */
    const char *const *reasons;
};

/* What the scenario entitles a VM to; policies use what they have a use for. */
struct entitlement {
    uint32_t shares;         /* Of the processor; 1 to SHARES_LIMIT. */
    uint32_t priority;       /* 0, the first to run, to PRIORITY_LIMIT. */
    uint32_t reserve_frames; /* Of RAM, guaranteed for its pages. */
};

/* Of any number below vm_limit: known before the run, if the VM is not. */
typedef struct entitlement entitlement_fn(const void *ctx, vmid_t vm);

/* Without one to ask all are alike. */
static inline struct entitlement entitlement_of(entitlement_fn *ask,
                                                const void *ctx, vmid_t vm)
{
    return ask ? ask(ctx, vm) : (struct entitlement){ .shares = 100 };
}

/* Answers by the kernel; tests answer by themselves. */
struct policy_host {
    void *ctx;
    struct rng rng; /* The policy's own stream of the run's seed. */
    uint64_t (*now)(void *ctx);
    uint64_t (*arg)(void *ctx, const struct policy_arg *row);
    uint64_t (*vm_arg)(void *ctx, vmid_t vm, const struct policy_arg *row);
    void (*wake_at)(void *ctx, uint64_t cycle);
    void (*reason)(void *ctx, uint32_t which, uint64_t value);
    void (*give_up)(void *ctx, const char *why);
};

/* The row of that name, which is there. */
static inline const struct policy_arg *
policy_arg_row(const struct policy_arg *rows, const char *name)
{
    while (strcmp(rows->name, name) != 0) {
        rows++;
        SIM_ASSERT(rows->name);
    }
    return rows;
}

/*
 * The argument as the scenario gives it: in cycles, if it is a time. These two
 * in create() only. A host of NULL, or that has no answers, gives defaults;
 * times are then taken for cycles.
 */
static inline uint64_t policy_arg(const struct policy_host *h,
                                  const struct policy_facts *facts,
                                  const char *name)
{
    const struct policy_arg *row = policy_arg_row(facts->args, name);
    return h && h->arg ? h->arg(h->ctx, row) : row->fallback;
}

/* The same of `vms[].policy_args`, of any VM below vm_limit. */
static inline uint64_t policy_vm_arg(const struct policy_host *h,
                                     const struct policy_facts *facts,
                                     vmid_t vm, const char *name)
{
    const struct policy_arg *row = policy_arg_row(facts->vm_args, name);
    return h && h->vm_arg ? h->vm_arg(h->ctx, vm, row) : row->fallback;
}

/* Cycles since the machine was switched on. */
static inline uint64_t policy_now(const struct policy_host *h)
{
    return h->now(h->ctx);
}

/* Uniform in [0, bound), bound > 0, of the policy's own stream. */
static inline uint64_t policy_random(struct policy_host *h, uint64_t bound)
{
    return rng_below(&h->rng, bound);
}

/* Schedulers: pick() is asked again at that cycle, if it had chosen nobody. */
static inline void policy_wake_at(const struct policy_host *h, uint64_t cycle)
{
    h->wake_at(h->ctx, cycle);
}

/*
 * Why the VM that the present call is about, or chooses, is treated so: number
 * `which` of the policy's reasons. The last one said in a call counts; it is an
 * event of the trace.
 */
static inline void policy_reason(const struct policy_host *h, uint32_t which,
                                 uint64_t value)
{
    if (h && h->reason) {
        h->reason(h->ctx, which, value);
    }
}

/* The run ends, with this sentence, when the call returns. */
static inline void policy_fail(const struct policy_host *h, const char *why)
{
    h->give_up(h->ctx, why);
}

#endif /* IK_HOST_H */
