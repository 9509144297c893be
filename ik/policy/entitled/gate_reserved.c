/*
 * gate_reserved.c - who is within its reserve is admitted at once, the others
 * as in gate_fifo.c.
 *
 * A VM whose promised frames, as far as it does not hold them, are no more than
 * its vms[].reserve does not wait for free frames: replacement has them from
 * who is beyond its own. When nobody gets on for want of frames, who holds most
 * beyond its reserve goes back to the gate, not who came last.
 *
 * Weakness: what a VM wants beyond its reserve is not looked at while what is
 * missing is small; it pays for that with pages of its own.
 */
#include "ik/policy/policies.h"
#include "ik/queue/vmlist.h"
#include "sim/arena.h"

struct gate_reserved_vm {
    uint32_t reserve;
    bool is_entitled; /* Valid while the VM waits: in which list. */
};

struct gate_reserved {
    struct gate base;
    uint64_t min_free_frames;
    vmid_t vm_limit;
    struct vmlist entitled, others;
    struct vmlink *links; /* By VM number. */
    struct gate_reserved_vm *vms;
};

static struct gate_reserved *reserved_of(struct gate *g)
{
    SIM_ASSERT(g->policy == &gate_reserved);
    return CONTAINER_OF(g, struct gate_reserved, base);
}

static const struct gate_reserved *const_of(const struct gate *g)
{
    SIM_ASSERT(g->policy == &gate_reserved);
    return (const struct gate_reserved *)(const void *)g;
}

static struct gate *reserved_create(const struct gate_policy *self,
                                    struct arena *arena,
                                    const struct gate_config *config)
{
    struct gate_reserved *e =
        arena_alloc(arena, sizeof(*e), alignof(struct gate_reserved));
    struct vmlink *links =
        arena_alloc(arena, config->vm_limit * sizeof(*links), alignof(vmid_t));
    struct gate_reserved_vm *vms =
        arena_alloc(arena, config->vm_limit * sizeof(*vms), alignof(uint32_t));
    if (!e || !links || !vms) {
        return NULL;
    }
    *e = (struct gate_reserved){
        .base.policy = self,
        .min_free_frames = config->min_free_frames,
        .vm_limit = config->vm_limit,
        .entitled = VMLIST_EMPTY,
        .others = VMLIST_EMPTY,
        .links = links,
        .vms = vms,
    };
    for (vmid_t vm = 0; vm < config->vm_limit; vm++) {
        vms[vm].reserve =
            entitlement_of(config->vm, config->vm_ctx, vm).reserve_frames;
    }
    return &e->base;
}

static struct vmlist *list_of(struct gate_reserved *e, vmid_t vm)
{
    return e->vms[vm].is_entitled ? &e->entitled : &e->others;
}

static void reserved_arrive(struct gate *g, vmid_t vm, uint32_t frames)
{
    struct gate_reserved *e = reserved_of(g);
    SIM_ASSERT(vm < e->vm_limit);
    struct gate_reserved_vm *v = &e->vms[vm];
    v->is_entitled = v->reserve > 0 && frames <= v->reserve;
    vmlist_push(list_of(e, vm), e->links, vm);
}

static void reserved_leave(struct gate *g, vmid_t vm)
{
    struct gate_reserved *e = reserved_of(g);
    SIM_ASSERT(vm < e->vm_limit);
    vmlist_remove(list_of(e, vm), e->links, vm);
}

static vmid_t reserved_head(const struct gate *g)
{
    const struct gate_reserved *e = const_of(g);
    return vmlist_is_empty(&e->entitled) ? e->others.head : e->entitled.head;
}

static vmid_t reserved_admit(struct gate *g, const struct gate_view *view)
{
    struct gate_reserved *e = reserved_of(g);
    if (!vmlist_is_empty(&e->entitled)) {
        return vmlist_pop(&e->entitled, e->links);
    }
    if (view->free_frames < view->unfilled_frames + e->min_free_frames) {
        return VM_NONE;
    }
    return vmlist_pop(&e->others, e->links);
}

static uint32_t reserved_rank(const struct gate *g, vmid_t vm, uint32_t frames)
{
    const struct gate_reserved *e = const_of(g);
    SIM_ASSERT(vm < e->vm_limit);
    uint32_t reserve = e->vms[vm].reserve;
    return frames > reserve ? frames - reserve : 0;
}

const struct gate_policy gate_reserved = {
    .facts = {
        .name = "reserved",
        .summary = "at once within vms[].reserve, else first come, first admitted",
        .source = "fifo's rule: Denali, OSDI 2002, section 3.2.1; that "
                  "guaranteed memory needs no waiting: Waldspurger, Memory "
                  "Resource Management in VMware ESX Server, OSDI 2002",
    },
    .create = reserved_create,
    .arrive = reserved_arrive,
    .leave = reserved_leave,
    .head = reserved_head,
    .admit = reserved_admit,
    .rank = reserved_rank,
};
