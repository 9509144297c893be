/*
 * naive.h - replacement policies as one would first write them: an array in
 * order, searched and shifted. Written from the rules, to check the fast ones.
 */
#ifndef TESTS_IK_POLICY_NAIVE_H
#define TESTS_IK_POLICY_NAIVE_H

#include "tests/ik_policy/fake_memory.h"

struct naive_page {
    uint32_t frame;
    vmid_t vm;
    uint64_t last_use;
};

struct naive {
    struct naive_page pages[FAKE_FRAMES];
    uint32_t count;
    uint32_t hand; /* Index of a page; 0 when there is none. */
    uint64_t tau_cycles;
    uint32_t reserve[FAKE_VMS]; /* Frames. */
    uint64_t now[FAKE_VMS];     /* Virtual times, as told. */
    uint64_t
        least[FAKE_VMS]; /* Of a VM's pages, no last use noted is earlier. */
};

struct naive_policy {
    const struct replace_policy *real; /* That it is to agree with. */
    void (*enter)(struct naive *n, uint32_t frame, vmid_t vm);
    void (*touch)(struct naive *n, uint32_t frame);
    /* Forgets touches and cleans in *m as the policy is to do. */
    uint32_t (*victim)(struct naive *n, struct fake_memory *m);
};

extern const struct naive_policy naive_fifo;
extern const struct naive_policy naive_lru;
extern const struct naive_policy naive_clock;
extern const struct naive_policy naive_wsclock;
extern const struct naive_policy naive_reserved;

void naive_leave(struct naive *n, uint32_t frame);

#endif /* TESTS_IK_POLICY_NAIVE_H */
