/*
 * gate_open.c - no gatekeeper: everybody is admitted at once, in the order of
 * arrival, whatever memory there is.
 *
 * It is here to be compared with. Weakness: when the working sets of those
 * admitted do not fit in memory, each takes the others' pages and all wait for
 * disks (thrashing). Nobody waits at the gate, so nobody starves there; but
 * while frames do not even suffice for an instruction of each, those admitted
 * last are sent back, and the gate is shut to all until another VM has idled,
 * ended or used up a quantum (ik/memory/paging.h).
 */
#include "ik/policy/policies.h"
#include "ik/queue/vmlist.h"
#include "sim/arena.h"

struct gate_open {
    struct gate base;
    vmid_t vm_limit;
    struct vmlist waiting;
    struct vmlink links[]; /* By VM number. */
};

static struct gate_open *open_of(struct gate *g)
{
    SIM_ASSERT(g->policy == &gate_open);
    return CONTAINER_OF(g, struct gate_open, base);
}

static struct gate *open_create(const struct gate_policy *self,
                                struct arena *arena,
                                const struct gate_config *config)
{
    size_t size =
        sizeof(struct gate_open) + config->vm_limit * sizeof(struct vmlink);
    struct gate_open *o = arena_alloc(arena, size, alignof(struct gate_open));
    if (!o) {
        return NULL;
    }
    o->base.policy = self;
    o->vm_limit = config->vm_limit;
    o->waiting = VMLIST_EMPTY;
    return &o->base;
}

static void open_arrive(struct gate *g, vmid_t vm, uint32_t frames)
{
    (void)frames; /* Memory does not count here. */
    struct gate_open *o = open_of(g);
    SIM_ASSERT(vm < o->vm_limit);
    vmlist_push(&o->waiting, o->links, vm);
}

static void open_leave(struct gate *g, vmid_t vm)
{
    struct gate_open *o = open_of(g);
    SIM_ASSERT(vm < o->vm_limit);
    vmlist_remove(&o->waiting, o->links, vm);
}

static vmid_t open_head(const struct gate *g)
{
    SIM_ASSERT(g->policy == &gate_open);
    const struct gate_open *o = (const struct gate_open *)(const void *)g;
    return o->waiting.head;
}

static vmid_t open_admit(struct gate *g, const struct gate_view *view)
{
    (void)view;
    struct gate_open *o = open_of(g);
    return vmlist_pop(&o->waiting, o->links);
}

const struct gate_policy gate_open = {
    .facts = {
        .name = "open",
        .summary = "everybody is admitted at once (shows thrashing)",
        .source = "No gatekeeper: what an isolation kernel without one does",
    },
    .create = open_create,
    .arrive = open_arrive,
    .leave = open_leave,
    .head = open_head,
    .admit = open_admit,
};
