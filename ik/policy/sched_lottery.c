/*
 * sched_lottery.c - lottery scheduling: each quantum is drawn among the ready
 * VMs, each with as many tickets as it has shares (Waldspurger and Weihl,
 * OSDI 1994).
 *
 * A VM that stopped after the fraction f of a quantum, idling or waiting for
 * a page, has 1/f times its tickets until it wins again (compensation
 * tickets, at most RATIO_LIMIT times), so that those who use little at a time
 * get their share too. An overrun counts as used, and is taken from the next
 * quantum.
 *
 * Bounds, in expectation only: a VM with the part p of all tickets wins n p of
 * n draws, with a standard deviation of sqrt(n p (1 - p)); it waits 1/p draws
 * on average, and more than k with a probability of (1 - p)^k. So nobody
 * starves, but nobody is promised a time.
 *
 * Weakness: that variance; over a few quanta shares mean little. Sched_stride
 * does the same without it. With compensation, gaming gains nothing: what is
 * won more often was used less.
 *
 * O(log n) for each operation: tickets stand in a tree of partial sums.
 */
#include "ik/policy/policies.h"
#include "ik/policy/quantum.h"
#include "sim/arena.h"

#define RATIO_ONE   16u /* Tickets of one share, uncompensated. */
#define RATIO_LIMIT 4096u

struct lottery_vm {
    uint64_t sum;  /* Of the tickets of a run of ready VMs that ends here: a
                     Fenwick tree, with VM n at index n + 1. */
    uint64_t debt; /* Cycles that it overran. */
    uint32_t shares;
    uint32_t ratio; /* Tickets a share. */
    bool is_ready;
};

struct sched_lottery {
    struct sched base;
    struct policy_host *host;
    uint64_t quantum_cycles;
    uint64_t tickets;  /* Of all ready VMs. */
    uint64_t arrivals; /* Of ready VMs, so far. */
    vmid_t vm_limit;
    uint32_t top; /* The greatest power of two <= vm_limit. */
    struct lottery_vm *vms;
};

static struct sched_lottery *lottery_of(struct sched *s)
{
    SIM_ASSERT(s->policy == &sched_lottery);
    return CONTAINER_OF(s, struct sched_lottery, base);
}

static struct sched *lottery_create(const struct sched_policy *self,
                                    struct arena *arena,
                                    const struct sched_config *config)
{
    SIM_ASSERT(config->vm_limit > 0);
    SIM_ASSERT(config->vm_limit <= VM_LIMIT);
    SIM_ASSERT(config->quantum_cycles > 0);
    struct sched_lottery *l =
        arena_alloc(arena, sizeof(*l), alignof(struct sched_lottery));
    struct lottery_vm *vms =
        arena_alloc(arena, config->vm_limit * sizeof(*vms), alignof(uint64_t));
    if (!l || !vms) {
        return NULL;
    }
    *l = (struct sched_lottery){
        .base.policy = self,
        .host = config->host,
        .quantum_cycles = config->quantum_cycles,
        .vm_limit = config->vm_limit,
        .top = 1u << (31 - __builtin_clz(config->vm_limit)),
        .vms = vms,
    };
    for (vmid_t i = 0; i < config->vm_limit; i++) {
        vms[i].shares = sched_config_vm(config, i).shares;
        vms[i].ratio = RATIO_ONE;
    }
    return &l->base;
}

static uint64_t tickets_of(const struct lottery_vm *v)
{
    return (uint64_t)v->shares * v->ratio;
}

/* The VM's tickets come into the draw, or leave it. */
static void enter(struct sched_lottery *l, vmid_t vm)
{
    uint64_t tickets = tickets_of(&l->vms[vm]);
    l->tickets += tickets;
    for (uint32_t i = vm + 1; i <= l->vm_limit; i += i & (0u - i)) {
        l->vms[i - 1].sum += tickets;
    }
}

static void leave(struct sched_lottery *l, vmid_t vm)
{
    uint64_t tickets = tickets_of(&l->vms[vm]);
    l->tickets -= tickets;
    for (uint32_t i = vm + 1; i <= l->vm_limit; i += i & (0u - i)) {
        l->vms[i - 1].sum -= tickets;
    }
}

/* Whose the ticket of this number is, counted over the VMs in their order. */
static vmid_t holder_of(const struct sched_lottery *l, uint64_t ticket)
{
    uint32_t at = 0;
    for (uint32_t step = l->top; step > 0; step /= 2) {
        uint32_t next = at + step;
        if (next <= l->vm_limit && l->vms[next - 1].sum <= ticket) {
            ticket -= l->vms[next - 1].sum;
            at = next;
        }
    }
    return at;
}

static struct sched_place lottery_ready(struct sched *s, vmid_t vm)
{
    struct sched_lottery *l = lottery_of(s);
    SIM_ASSERT(vm < l->vm_limit);
    SIM_ASSERT(!l->vms[vm].is_ready);
    l->vms[vm].is_ready = true;
    enter(l, vm);
    return (struct sched_place){ .key = l->arrivals++ };
}

static void lottery_remove(struct sched *s, vmid_t vm)
{
    struct sched_lottery *l = lottery_of(s);
    SIM_ASSERT(vm < l->vm_limit);
    SIM_ASSERT(l->vms[vm].is_ready);
    l->vms[vm].is_ready = false;
    leave(l, vm);
}

/* A quantum is a win, drawn or not: compensation ends. */
static struct sched_choice lottery_take(struct sched *s, vmid_t vm)
{
    struct sched_lottery *l = lottery_of(s);
    lottery_remove(s, vm);
    l->vms[vm].ratio = RATIO_ONE;
    int64_t carry = -(int64_t)l->vms[vm].debt;
    return (struct sched_choice){
        .vm = vm,
        .quantum_cycles = quantum_whole(l->quantum_cycles, carry),
    };
}

static struct sched_choice lottery_pick(struct sched *s)
{
    struct sched_lottery *l = lottery_of(s);
    if (l->tickets == 0) {
        return (struct sched_choice){ .vm = VM_NONE };
    }
    return lottery_take(s, holder_of(l, policy_random(l->host, l->tickets)));
}

static void lottery_stop(struct sched *s, vmid_t vm, enum sched_stop why,
                         uint64_t granted, uint64_t used)
{
    struct sched_lottery *l = lottery_of(s);
    SIM_ASSERT(vm < l->vm_limit);
    struct lottery_vm *v = &l->vms[vm];
    SIM_ASSERT(!v->is_ready);
    v->debt = used > granted ? used - granted : 0;
    if (why != SCHED_STOP_IDLE && why != SCHED_STOP_PAGING) {
        return;
    }
    /* What it owed was taken from the grant, and is not made up for. */
    uint64_t owed =
        granted < l->quantum_cycles ? l->quantum_cycles - granted : 0;
    uint64_t spent = owed + (used > 0 ? used : 1);
    uint64_t most = (uint64_t)RATIO_LIMIT * RATIO_ONE;
    uint64_t ratio = l->quantum_cycles / spent >= RATIO_LIMIT
                         ? most
                         : l->quantum_cycles * RATIO_ONE / spent;
    v->ratio = ratio > RATIO_ONE ? (uint32_t)ratio : RATIO_ONE;
}

const struct sched_policy sched_lottery = {
    .facts = {
        .name = "lottery",
        .summary = "each quantum is drawn; vms[].shares are the tickets",
        .source = "Waldspurger and Weihl, Lottery Scheduling: Flexible "
                  "Proportional-Share Resource Management, OSDI 1994",
        .differs = "Compensation is limited to 4096 times the tickets. There "
                   "are no currencies and no transfers of tickets. An "
                   "overrun counts as used, and is taken from the next "
                   "quantum.",
    },
    .promises = {
        .shares = SCHED_SHARES_EXPECTED,
    },
    .create = lottery_create,
    .ready = lottery_ready,
    .remove = lottery_remove,
    .pick = lottery_pick,
    .take = lottery_take,
    .stop = lottery_stop,
};
