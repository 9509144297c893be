/*
 * sched_mlfq.c - multi-level feedback queues: who uses much sinks (Corbato et
 * al., CTSS, 1962; the rules are those of Arpaci-Dusseau's book, chapter 8).
 *
 * There are LEVELS queues, each served only when those above are empty, round
 * robin in each. A quantum is 1/8 of the scenario's at the top and twice as
 * long at each level down. A VM begins at the level that its priority says.
 * When it has used a quantum there, in one piece or in many, it goes one level
 * down, and from the top to its priority's at least; idling before the end
 * changes nothing, so it cannot be gamed. When all together have used
 * `boost` quanta since the last time, every VM is put at the top again.
 * A page fault keeps the rest; an overrun counts for the next level.
 *
 * The higher queue runs (rule 1), also when a VM becomes ready: the one that
 * runs makes room for it, stays first in its queue, and goes on with the rest
 * of its quantum. With `preempt: false` it runs to its end, as long as a whole
 * quantum, before it is looked who is higher.
 *
 * Bound: with N other VMs, each runs before they have used
 * boost + 1 + N / 8 quanta, an overrun each on top: then it is at the
 * top, and at most the others once before it. Nobody starves.
 *
 * Weakness: shares mean nothing to it; who computes gets what the others
 * leave; and the levels, quanta and period are magic numbers.
 */
#include "ik/policy/policies.h"
#include "ik/policy/quantum.h"
#include "ik/queue/vmlist.h"
#include "sim/arena.h"

#define LEVELS       (PRIORITY_LIMIT + 1)
#define ARRIVAL_BITS 30

enum { REASON_SINKS, REASON_BOOST, REASON_HIGHER };

struct mlfq_vm {
    uint64_t spent; /* Of its quantum at this level. */
    uint64_t key;   /* That it last stood by. */
    uint32_t level;
    uint32_t priority;
    uint32_t boosts; /* That it has taken part in. */
    bool is_ready;
    bool is_first; /* It was preempted, and is the next of its queue. */
};

struct sched_mlfq {
    struct sched base;
    uint64_t quantum_cycles;
    struct policy_host *host;
    uint64_t boost_quanta;
    bool preempts;
    uint64_t used;     /* By all, since the last boost. */
    uint32_t boosts;   /* So far; wraps around. */
    uint32_t arrivals; /* Of ready VMs, since then. */
    vmid_t vm_limit;
    struct vmlist queues[LEVELS];
    struct vmlink *links; /* By VM number; of all queues. */
    struct mlfq_vm *vms;
};

static struct sched_mlfq *mlfq_of(struct sched *s)
{
    SIM_ASSERT(s->policy == &sched_mlfq);
    return CONTAINER_OF(s, struct sched_mlfq, base);
}

static struct sched *mlfq_create(const struct sched_policy *self,
                                 struct arena *arena,
                                 const struct sched_config *config)
{
    SIM_ASSERT(config->vm_limit > 0);
    SIM_ASSERT(config->vm_limit <= VM_LIMIT);
    SIM_ASSERT(config->quantum_cycles > 0);
    struct sched_mlfq *m =
        arena_alloc(arena, sizeof(*m), alignof(struct sched_mlfq));
    struct vmlink *links =
        arena_alloc(arena, config->vm_limit * sizeof(*links), alignof(vmid_t));
    struct mlfq_vm *vms =
        arena_alloc(arena, config->vm_limit * sizeof(*vms), alignof(uint64_t));
    if (!m || !links || !vms) {
        return NULL;
    }
    *m = (struct sched_mlfq){
        .base.policy = self,
        .quantum_cycles = config->quantum_cycles,
        .host = config->host,
        .preempts = policy_arg(config->host, &self->facts, "preempt") != 0,
        .boost_quanta = policy_arg(config->host, &self->facts, "boost"),
        .vm_limit = config->vm_limit,
        .links = links,
        .vms = vms,
    };
    for (uint32_t i = 0; i < LEVELS; i++) {
        m->queues[i] = VMLIST_EMPTY;
    }
    for (vmid_t i = 0; i < config->vm_limit; i++) {
        vms[i].priority = sched_config_vm(config, i).priority;
        SIM_ASSERT(vms[i].priority < LEVELS);
        vms[i].level = vms[i].priority;
    }
    return &m->base;
}

static uint64_t quantum_of(const struct sched_mlfq *m, uint32_t level)
{
    uint64_t quantum = m->quantum_cycles >> (LEVELS - 1 - level);
    return quantum > 0 ? quantum : 1;
}

/* The boosts since it was last looked at count for it now. */
static void catch_up(const struct sched_mlfq *m, struct mlfq_vm *v)
{
    if (v->boosts != m->boosts) {
        v->boosts = m->boosts;
        v->level = 0;
        v->spent = 0;
    }
}

/*
 * By boost, level and arrival: who was ready at a boost stands, at the top now
 * and in the order of the levels it came from, before all who came later.
 * Were there ever too many arrivals to count, they are equal: as they come.
 */
static uint64_t next_key(struct sched_mlfq *m, uint32_t level)
{
    m->arrivals += m->arrivals < (1u << ARRIVAL_BITS) - 1;
    return (uint64_t)m->boosts << 32 | (uint64_t)level << ARRIVAL_BITS |
           m->arrivals;
}

static struct sched_place mlfq_ready(struct sched *s, vmid_t vm)
{
    struct sched_mlfq *m = mlfq_of(s);
    SIM_ASSERT(vm < m->vm_limit);
    struct mlfq_vm *v = &m->vms[vm];
    SIM_ASSERT(!v->is_ready);
    catch_up(m, v);
    v->is_ready = true;
    if (v->is_first) {
        /* Nobody before it has come, and nobody was put at the top: its key is
           less than all that its queue has. */
        vmlist_push_front(&m->queues[v->level], m->links, vm);
    } else {
        vmlist_push(&m->queues[v->level], m->links, vm);
        v->key = next_key(m, v->level);
    }
    v->is_first = false;
    return (struct sched_place){ .key = v->key };
}

/* Rule 1. Levels change when a VM stops, so that of the running one holds. */
static bool mlfq_preempts(struct sched *s, vmid_t vm, vmid_t running,
                          uint64_t used)
{
    (void)used;
    const struct sched_mlfq *m = mlfq_of(s);
    if (!m->preempts || m->vms[vm].level >= m->vms[running].level) {
        return false;
    }
    policy_reason(m->host, REASON_HIGHER, m->vms[vm].level);
    return true;
}

static void mlfq_remove(struct sched *s, vmid_t vm)
{
    struct sched_mlfq *m = mlfq_of(s);
    SIM_ASSERT(vm < m->vm_limit);
    struct mlfq_vm *v = &m->vms[vm];
    SIM_ASSERT(v->is_ready);
    v->is_ready = false;
    vmlist_remove(&m->queues[v->level], m->links, vm);
}

/* All that are ready go to the top, behind those who are there. */
static void boost(struct sched_mlfq *m)
{
    m->used = 0;
    m->arrivals = 0;
    m->boosts++;
    for (uint32_t level = 0; level < LEVELS; level++) {
        for (uint32_t n = m->queues[level].count; n > 0; n--) {
            vmid_t vm = vmlist_pop(&m->queues[level], m->links);
            catch_up(m, &m->vms[vm]);
            vmlist_push(&m->queues[0], m->links, vm);
        }
    }
}

static struct sched_choice mlfq_pick(struct sched *s)
{
    struct sched_mlfq *m = mlfq_of(s);
    if (m->used / m->boost_quanta >= m->quantum_cycles) {
        policy_reason(m->host, REASON_BOOST, m->used);
        boost(m);
    }
    uint32_t level = 0;
    while (level < LEVELS && vmlist_is_empty(&m->queues[level])) {
        level++;
    }
    if (level == LEVELS) {
        return (struct sched_choice){ .vm = VM_NONE };
    }
    vmid_t vm = m->queues[level].head;
    mlfq_remove(s, vm);
    return (struct sched_choice){
        .vm = vm,
        .quantum_cycles = quantum_of(m, level) - m->vms[vm].spent,
    };
}

static struct sched_choice mlfq_take(struct sched *s, vmid_t vm)
{
    mlfq_remove(s, vm);
    return (struct sched_choice){
        .vm = vm,
        .quantum_cycles = mlfq_of(s)->quantum_cycles,
    };
}

/* Keeps spent < the quantum at the level. */
static void mlfq_stop(struct sched *s, vmid_t vm, enum sched_stop why,
                      uint64_t granted, uint64_t used)
{
    (void)granted;
    struct sched_mlfq *m = mlfq_of(s);
    SIM_ASSERT(vm < m->vm_limit);
    struct mlfq_vm *v = &m->vms[vm];
    SIM_ASSERT(!v->is_ready);
    m->used += used;
    v->spent += used;
    v->is_first = why == SCHED_STOP_PREEMPTED;
    uint32_t level = v->level;
    while (v->spent >= quantum_of(m, v->level) && v->level < LEVELS - 1) {
        v->spent -= quantum_of(m, v->level);
        v->level = v->level + 1 > v->priority ? v->level + 1 : v->priority;
    }
    uint64_t quantum = quantum_of(m, v->level);
    if (v->spent >= quantum) {
        v->spent -= quantum;
        v->spent = v->spent < quantum ? v->spent : quantum - 1;
    }
    if (v->level != level) {
        policy_reason(m->host, REASON_SINKS, v->level);
    }
}

static uint64_t mlfq_bound(const struct sched *s, uint32_t others)
{
    const struct sched_mlfq *m = (const struct sched_mlfq *)(const void *)s;
    return m->boost_quanta + 1 + (others + 7) / 8;
}

static const char *const mlfq_reasons[] = {
    [REASON_SINKS] = "it has used a quantum of its queue, and sinks to queue "
                     "%u (0 is the top)",
    [REASON_BOOST] = "all VMs are put at the top again, having used %t",
    [REASON_HIGHER] = "it is in queue %u (0 is the top), above that of the VM "
                      "that runs",
    NULL,
};

static const struct policy_arg mlfq_args[] = {
    { "preempt", POLICY_FLAG, 0, 1, 1,
      "whether a VM that becomes ready preempts one of a lower queue" },
    { "boost", POLICY_NUMBER, 1, 1000000, 64,
      "quanta that all use until every VM is put at the top again" },
    { .name = NULL },
};

const struct sched_policy sched_mlfq = {
    .facts = {
        .name = "mlfq",
        .summary = "feedback queues: who uses much sinks (vms[].priority)",
        .source = "Corbato, Merwin-Daggett and Daley, An Experimental "
                  "Time-Sharing System, 1962; the rules are those of "
                  "Arpaci-Dusseau and Arpaci-Dusseau, Operating Systems: "
                  "Three Easy Pieces, chapter 8",
        .differs = "Rules 1 to 5 are the book's. Its constants are free: 4 "
                   "queues, whose quanta are 1/8, 1/4, 1/2 and all of the "
                   "scenario's; the period of rule 5 counts what all VMs "
                   "use, not time, so an idle machine boosts nobody. A VM "
                   "begins at the queue that its priority says, and sinks "
                   "from the top past the queues above its priority. With "
                   "`preempt: false` rule 1 does not hold when a VM becomes "
                   "ready: it waits for the end of the quantum that is "
                   "running.",
        .args = mlfq_args,
        .reasons = mlfq_reasons,
    },
    .promises = {
        .is_ordered = true,
        .bound = mlfq_bound,
        .bound_text = "boost + 1 + N / 8 quanta",
    },
    .create = mlfq_create,
    .ready = mlfq_ready,
    .remove = mlfq_remove,
    .pick = mlfq_pick,
    .take = mlfq_take,
    .stop = mlfq_stop,
    .preempts = mlfq_preempts,
};
