/*
 * sched_rr.c - Denali's scheduler: round robin, and whoever idled before its
 * quantum ended is preferred for its next one (OSDI 2002, section 3.2.1).
 *
 * Ready VMs wait in two queues. Preferred ones go first, but at most
 * `run` in a row while another waits, so nobody starves: that bound is
 * ours, the paper does not say how it keeps its promise. A page fault keeps
 * the rest of the quantum, without preference; an overrun is taken from the
 * next quantum.
 *
 * Bounds, in quanta, the one that is running counted as a whole:
 *  - a preferred VM that finds P others preferred before it runs after at most
 *    P + P / run + 2, whatever the number N of VMs that are ready;
 *    without the boost it would be N. This is what the boost is for;
 *  - one that finds O before it in the queue of the others runs after at most
 *    (run + 1) * (O + 1).
 * With synchronous interrupts, what goes out of turn comes on top.
 *
 * Weakness: a VM that idles for a moment just before its quantum ends is
 * preferred again and again, each time for a whole quantum: beside N that
 * compute it takes half of the processor instead of 1 / (N + 1).
 */
#include "ik/policy/policies.h"
#include "ik/policy/quantum.h"
#include "ik/policy/turns.h"
#include "sim/arena.h"

struct sched_rr {
    struct sched base;
    struct turns turns;
    uint64_t run;           /* Preferred picks in a row, at most. */
    uint64_t preferred_run; /* Preferred picks since the last other one. */
};

static struct sched_rr *rr_of(struct sched *s)
{
    SIM_ASSERT(s->policy == &sched_rr);
    return CONTAINER_OF(s, struct sched_rr, base);
}

static struct sched *rr_create(const struct sched_policy *self,
                               struct arena *arena,
                               const struct sched_config *config)
{
    struct sched_rr *rr =
        arena_alloc(arena, sizeof(*rr), alignof(struct sched_rr));
    if (!rr) {
        return NULL;
    }
    *rr = (struct sched_rr){
        .base.policy = self,
        .run = policy_arg(config->host, &self->facts, "run"),
    };
    return turns_init(&rr->turns, arena, config) ? &rr->base : NULL;
}

static struct sched_place rr_ready(struct sched *s, vmid_t vm)
{
    return turns_ready(&rr_of(s)->turns, vm);
}

static void rr_remove(struct sched *s, vmid_t vm)
{
    turns_remove(&rr_of(s)->turns, vm);
}

static struct sched_choice rr_pick(struct sched *s)
{
    struct sched_rr *rr = rr_of(s);
    struct turns *t = &rr->turns;
    bool others_wait = !vmlist_is_empty(&t->others);
    bool prefer = !vmlist_is_empty(&t->preferred) &&
                  (!others_wait || rr->preferred_run < rr->run);
    if (!prefer && !others_wait) {
        return (struct sched_choice){ .vm = VM_NONE };
    }
    rr->preferred_run = prefer && others_wait ? rr->preferred_run + 1 : 0;
    return turns_pick(t, prefer ? &t->preferred : &t->others);
}

static struct sched_choice rr_take(struct sched *s, vmid_t vm)
{
    return turns_take(&rr_of(s)->turns, vm);
}

static void rr_stop(struct sched *s, vmid_t vm, enum sched_stop why,
                    uint64_t granted, uint64_t used)
{
    turns_stop(&rr_of(s)->turns, vm, why, quantum_left(granted, used));
}

/* Of those in the other queue; a preferred one waits less. */
static uint64_t rr_bound(const struct sched *s, uint32_t others)
{
    const struct sched_rr *rr = (const struct sched_rr *)(const void *)s;
    return (rr->run + 1) * (others + 1);
}

static const struct policy_arg rr_args[] = {
    { "run", POLICY_NUMBER, 1, 1000000, 16,
      "preferred VMs that may go in a row while another waits" },
    { .name = NULL },
};

const struct sched_policy sched_rr = {
    .facts = {
        .name = "round-robin",
        .summary = "in turns; who idled early goes first once (Denali)",
        .source = "Whitaker, Shaw and Gribble, Scale and Performance in the "
                  "Denali Isolation Kernel, OSDI 2002, section 3.2.1",
        .differs = "The paper does not say how it keeps preferred VMs from "
                   "starving the others: here at most `run` of them go in a "
                   "row while another waits. An overrun of a quantum is "
                   "taken from the next one.",
        .args = rr_args,
    },
    .promises = {
        .is_ordered = true,
        .can_be_gamed = true,
        .bound = rr_bound,
        .bound_text = "(run + 1) (N + 1) quanta, whatever the others do",
    },
    .create = rr_create,
    .ready = rr_ready,
    .remove = rr_remove,
    .pick = rr_pick,
    .take = rr_take,
    .stop = rr_stop,
};
