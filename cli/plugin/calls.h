/*
 * calls.h - the last calls of a policy, and the one sentence that ends a run
 * whose policy breaks its contract: which operation, what was promised, what
 * happened, and the calls before it.
 *
 * A checker (checked.h) stands between the kernel and a policy and owns one of
 * these. The policy asks the checker's host, which passes on to the kernel's
 * what it may have.
 */
#ifndef CLI_PLUGIN_CALLS_H
#define CLI_PLUGIN_CALLS_H

#include "ik/host.h"

#define CALLS_KEPT     6
#define CALLS_SENTENCE 768

struct calls_entry {
    const char *op;  /* "ready"; a literal. */
    uint32_t who;    /* VM or frame; VM_NONE: none. */
    const char *why; /* "idle"; NULL: nothing. */
    uint32_t chosen; /* What a choice was; VM_NONE: nothing. */
};

struct calls {
    const struct policy_facts *facts; /* Of the policy; borrowed. */
    struct policy_host *outer;        /* Of the kernel; NULL, in tests. */
    struct policy_host host;          /* What the policy asks. */
    uint32_t reason_count;
    const char *noun; /* "VM" or "frame". */
    bool has_failed;  /* The policy is called no more. */
    uint64_t wakes;   /* The cycle of wake_at; 0: none. */
    uint64_t count;   /* Of calls so far. */
    struct calls_entry last[CALLS_KEPT];
};

/* `outer` may be NULL: then there is nobody to tell, and has_failed says it. */
void calls_init(struct calls *c, const struct policy_facts *facts,
                struct policy_host *outer, const char *noun);

/* The policy is called now. False: it has failed, and is not to be. */
static inline bool calls_begin(struct calls *c, const char *op, uint32_t who)
{
    c->last[c->count++ % CALLS_KEPT] =
        (struct calls_entry){ op, who, NULL, VM_NONE };
    return !c->has_failed;
}

static inline struct calls_entry *calls_now(struct calls *c)
{
    return &c->last[(c->count - 1) % CALLS_KEPT];
}

/* Ends the run with the sentence, of which the format is all behind "pick(): ".
   The first one counts. */
void calls_fail(struct calls *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif /* CLI_PLUGIN_CALLS_H */
