/* sched_fixture.h - a scheduler alone, and what is asked of it in turn. */
#ifndef TESTS_IK_POLICY_SCHED_FIXTURE_H
#define TESTS_IK_POLICY_SCHED_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ik/policy/policies.h"
#include "sim/arena.h"

#define QUANTUM     8000
#define LIMIT       64
#define ARENA_BYTES 32768

struct sched_fixture {
    struct arena arena;
    struct sched *sched;
    struct policy_host host; /* Of defaults, and of draws. */
    const struct sched_policy *policy;
    struct entitlement vms[LIMIT]; /* Change before sched_start. */
    uint64_t used[LIMIT];          /* By run_turn. */
    alignas(16) uint8_t memory[ARENA_BYTES];
};

/* 100 shares and priority 0 each. */
void sched_set(struct sched_fixture *f, const struct sched_policy *policy);
void sched_start(struct sched_fixture *f);
/* Both. */
void sched_init(struct sched_fixture *f, const struct sched_policy *policy);

void sched_ready(struct sched_fixture *f, vmid_t vm);

/* Picks, which must give `vm`, and stops it so; returns what was granted. */
uint64_t sched_run(struct sched_fixture *f, vmid_t vm, enum sched_stop why,
                   uint64_t used);

/* Picks any; it uses `used` at most, all that it is granted when that is less,
   and is ready again. Returns who it was. */
vmid_t sched_run_any(struct sched_fixture *f, uint64_t used);

void sched_expect_nobody(struct sched_fixture *f);

#endif /* TESTS_IK_POLICY_SCHED_FIXTURE_H */
