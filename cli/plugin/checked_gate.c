/* checked_gate.c - what a gatekeeper promises, held. See checked.h. */
#include "cli/plugin/calls.h"
#include "cli/plugin/checked.h"
#include "sim/arena.h"

/* Apart from the instance, which head() and rank() may not change. */
struct gate_seen {
    struct calls calls;
    uint32_t waiting;
    vmid_t vm_limit;
    bool *waits; /* By VM. */
};

struct checked_gate {
    struct gate base;
    struct gate *inner;
    struct gate_seen *seen;
};

struct gate_table {
    struct gate_policy table;
    const struct gate_policy *inner;
};

static const struct checked_gate *checked_of(const struct gate *g)
{
    return (const struct checked_gate *)(const void *)g;
}

static struct gate *create(const struct gate_policy *self, struct arena *arena,
                           const struct gate_config *config)
{
    const struct gate_policy *inner =
        ((const struct gate_table *)(const void *)self)->inner;
    struct checked_gate *c =
        arena_alloc(arena, sizeof(*c), alignof(struct checked_gate));
    struct gate_seen *seen =
        arena_alloc(arena, sizeof(*seen), alignof(struct gate_seen));
    bool *waits = arena_alloc(arena, config->vm_limit * sizeof(*waits), 1);
    if (!c || !seen || !waits) {
        return NULL;
    }
    seen->vm_limit = config->vm_limit;
    seen->waits = waits;
    calls_init(&seen->calls, &inner->facts, config->host, "VM");
    struct gate_config own = *config;
    own.host = &seen->calls.host;
    (void)calls_begin(&seen->calls, "create", VM_NONE);
    *c = (struct checked_gate){
        .base.policy = self,
        .inner = inner->create(inner, arena, &own),
        .seen = seen,
    };
    return c->inner ? &c->base : NULL;
}

static void arrive(struct gate *g, vmid_t vm, uint32_t frames)
{
    const struct checked_gate *c = checked_of(g);
    SIM_ASSERT(vm < c->seen->vm_limit && !c->seen->waits[vm]);
    c->seen->waits[vm] = true;
    c->seen->waiting++;
    if (calls_begin(&c->seen->calls, "arrive", vm)) {
        c->inner->policy->arrive(c->inner, vm, frames);
    }
}

static void stop_waiting(const struct checked_gate *c, vmid_t vm)
{
    c->seen->waits[vm] = false;
    c->seen->waiting--;
}

static void leave(struct gate *g, vmid_t vm)
{
    const struct checked_gate *c = checked_of(g);
    stop_waiting(c, vm);
    if (calls_begin(&c->seen->calls, "leave", vm)) {
        c->inner->policy->leave(c->inner, vm);
    }
}

/* The VM, if it waits; otherwise it fails, and VM_NONE. */
static vmid_t one_that_waits(const struct checked_gate *c, vmid_t vm)
{
    struct calls *calls = &c->seen->calls;
    calls_now(calls)->chosen = vm;
    if (calls->has_failed) {
        return VM_NONE;
    }
    if (vm != VM_NONE && (vm >= c->seen->vm_limit || !c->seen->waits[vm])) {
        calls_fail(calls,
                   "must name a VM that waits; it named VM %u, which does not "
                   "(%u wait)",
                   vm, c->seen->waiting);
        return VM_NONE;
    }
    return vm;
}

static vmid_t head(const struct gate *g)
{
    const struct checked_gate *c = checked_of(g);
    if (!calls_begin(&c->seen->calls, "head", VM_NONE)) {
        return VM_NONE;
    }
    vmid_t vm = one_that_waits(c, c->inner->policy->head(c->inner));
    if (vm == VM_NONE && c->seen->waiting > 0) {
        calls_fail(&c->seen->calls,
                   "must name one of the %u VMs that wait; it named nobody",
                   c->seen->waiting);
    }
    return vm;
}

static vmid_t admit(struct gate *g, const struct gate_view *view)
{
    const struct checked_gate *c = checked_of(g);
    if (!calls_begin(&c->seen->calls, "admit", VM_NONE)) {
        return VM_NONE;
    }
    vmid_t vm = one_that_waits(c, c->inner->policy->admit(c->inner, view));
    if (vm != VM_NONE) {
        stop_waiting(c, vm);
    }
    return vm;
}

static uint32_t rank(const struct gate *g, vmid_t vm, uint32_t frames)
{
    const struct checked_gate *c = checked_of(g);
    return calls_begin(&c->seen->calls, "rank", vm)
               ? c->inner->policy->rank(c->inner, vm, frames)
               : 0;
}

const struct gate_policy *checked_gate(struct arena *arena,
                                       const struct gate_policy *inner)
{
    struct gate_table *t =
        arena_alloc(arena, sizeof(*t), alignof(struct gate_table));
    if (!t) {
        return NULL;
    }
    *t = (struct gate_table){
        .table = { .facts = inner->facts,
                   .create = create,
                   .arrive = arrive,
                   .leave = leave,
                   .head = head,
                   .admit = admit,
                   .rank = inner->rank ? rank : NULL },
        .inner = inner,
    };
    return &t->table;
}
