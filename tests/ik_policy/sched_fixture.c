/* sched_fixture.c - see sched_fixture.h. */
#include "tests/ik_policy/sched_fixture.h"

#include <string.h>

static struct entitlement entitlement(const void *ctx, vmid_t vm)
{
    const struct sched_fixture *f = ctx;
    assert_true(vm < LIMIT);
    return f->vms[vm];
}

void sched_set(struct sched_fixture *f, const struct sched_policy *policy)
{
    f->policy = policy;
    f->sched = NULL;
    memset(f->used, 0, sizeof(f->used));
    for (vmid_t i = 0; i < LIMIT; i++) {
        f->vms[i] = (struct entitlement){ .shares = 100 };
    }
}

void sched_start(struct sched_fixture *f)
{
    struct sched_config config = {
        .vm_limit = LIMIT,
        .quantum_cycles = QUANTUM,
        .host = &f->host,
        .vm = entitlement,
        .vm_ctx = f,
    };
    f->host = (struct policy_host){ .ctx = NULL };
    rng_init(&f->host.rng, 1, "scheduler", 0);
    arena_init(&f->arena, f->memory, sizeof(f->memory));
    f->sched = f->policy->create(f->policy, &f->arena, &config);
    assert_non_null(f->sched);
    assert_ptr_equal(f->sched->policy, f->policy);
}

void sched_init(struct sched_fixture *f, const struct sched_policy *policy)
{
    sched_set(f, policy);
    sched_start(f);
}

void sched_ready(struct sched_fixture *f, vmid_t vm)
{
    f->policy->ready(f->sched, vm);
}

uint64_t sched_run(struct sched_fixture *f, vmid_t vm, enum sched_stop why,
                   uint64_t used)
{
    struct sched_choice choice = f->policy->pick(f->sched);
    assert_int_equal(choice.vm, vm);
    assert_true(choice.quantum_cycles > 0);
    f->policy->stop(f->sched, vm, why, choice.quantum_cycles, used);
    return choice.quantum_cycles;
}

vmid_t sched_run_any(struct sched_fixture *f, uint64_t used)
{
    struct sched_choice choice = f->policy->pick(f->sched);
    assert_true(choice.vm < LIMIT);
    assert_true(choice.quantum_cycles > 0);
    bool idles = used < choice.quantum_cycles;
    uint64_t spent = idles ? used : choice.quantum_cycles;
    f->used[choice.vm] += spent;
    f->policy->stop(f->sched, choice.vm,
                    idles ? SCHED_STOP_IDLE : SCHED_STOP_QUANTUM,
                    choice.quantum_cycles, spent);
    f->policy->ready(f->sched, choice.vm);
    return choice.vm;
}

void sched_expect_nobody(struct sched_fixture *f)
{
    assert_int_equal(f->policy->pick(f->sched).vm, VM_NONE);
}
