/*
 * gate_fifo.c - Denali's gatekeeper: first come, first admitted, while enough
 * frames are free (OSDI 2002, section 3.2.1).
 *
 * The head is admitted when the free frames, less those promised to admitted
 * VMs and not yet taken, are at least min_free. Nobody is overtaken, so a VM
 * waits for as many admissions as stand before it, and no longer than it takes
 * for frames to become free.
 */
#include "ik/policy/policies.h"
#include "ik/queue/vmlist.h"
#include "sim/arena.h"

struct gate_fifo {
    struct gate base;
    uint64_t min_free_frames;
    vmid_t vm_limit;
    struct vmlist waiting;
    struct vmlink *links; /* By VM number. */
};

static struct gate_fifo *fifo_of(struct gate *g)
{
    SIM_ASSERT(g->policy == &gate_fifo);
    return CONTAINER_OF(g, struct gate_fifo, base);
}

static struct gate *fifo_create(const struct gate_policy *self,
                                struct arena *arena,
                                const struct gate_config *config)
{
    struct gate_fifo *f =
        arena_alloc(arena, sizeof(*f), alignof(struct gate_fifo));
    struct vmlink *links =
        arena_alloc(arena, config->vm_limit * sizeof(*links), alignof(vmid_t));
    if (!f || !links) {
        return NULL;
    }
    *f = (struct gate_fifo){
        .base.policy = self,
        .min_free_frames = config->min_free_frames,
        .vm_limit = config->vm_limit,
        .waiting = VMLIST_EMPTY,
        .links = links,
    };
    return &f->base;
}

static void fifo_arrive(struct gate *g, vmid_t vm, uint32_t frames)
{
    (void)frames; /* Only min_free counts here. */
    struct gate_fifo *f = fifo_of(g);
    SIM_ASSERT(vm < f->vm_limit);
    vmlist_push(&f->waiting, f->links, vm);
}

static void fifo_leave(struct gate *g, vmid_t vm)
{
    struct gate_fifo *f = fifo_of(g);
    SIM_ASSERT(vm < f->vm_limit);
    vmlist_remove(&f->waiting, f->links, vm);
}

static vmid_t fifo_head(const struct gate *g)
{
    SIM_ASSERT(g->policy == &gate_fifo);
    const struct gate_fifo *f = (const struct gate_fifo *)(const void *)g;
    return f->waiting.head;
}

static vmid_t fifo_admit(struct gate *g, const struct gate_view *view)
{
    struct gate_fifo *f = fifo_of(g);
    if (view->free_frames < view->unfilled_frames + f->min_free_frames) {
        return VM_NONE;
    }
    return vmlist_pop(&f->waiting, f->links);
}

const struct gate_policy gate_fifo = {
    .facts = {
        .name = "fifo",
        .summary = "first come, first admitted while frames are free (Denali)",
        .source = "Whitaker, Shaw and Gribble, Scale and Performance in the "
                  "Denali Isolation Kernel, OSDI 2002, section 3.2.1",
    },
    .create = fifo_create,
    .arrive = fifo_arrive,
    .leave = fifo_leave,
    .head = fifo_head,
    .admit = fifo_admit,
};
