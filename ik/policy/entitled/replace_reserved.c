/*
 * replace_reserved.c - who has most beyond what is reserved for it pays.
 *
 * The victim is a page of the VM that holds most frames beyond vms[].reserve;
 * of its pages it is the first that was not touched since the hand last passed
 * (second chance, a ring and a hand for each VM). A VM that holds no more than
 * its reserve loses none of its pages to others, nor to the gate when it does
 * not run: while it is within its reserve, and reserves together fit in RAM,
 * there is always one beyond its own, which pays for the write, too. Without any
 * reserves this is max-min fairness of frames among those that want more.
 *
 * Weakness: a frame is worth the same to all, so a VM that touches its pages
 * once counts like one that needs them; who idles keeps its reserve from those
 * who could use it. A victim costs a look at each VM.
 */
#include "ik/policy/policies.h"
#include "ik/queue/ring.h"
#include "sim/arena.h"

struct reserved_vm {
    struct frame_ring ring; /* Of its frames. */
    uint32_t reserve;       /* Frames. */
};

struct reserved_frame {
    vmid_t owner; /* Valid while the frame is entered. */
};

struct replace_reserved {
    struct replace base;
    uint32_t frame_count;
    vmid_t vm_limit;
    vmid_t vm_count; /* No VM of this number or a greater one had a page. */
    struct frame_link links[]; /* By frame number; then the owners; then VMs. */
};

static struct replace_reserved *reserved_of(struct replace *r)
{
    SIM_ASSERT(r->policy == &replace_reserved);
    return CONTAINER_OF(r, struct replace_reserved, base);
}

static struct reserved_frame *frames_of(struct replace_reserved *c)
{
    return (struct reserved_frame *)(void *)(c->links + c->frame_count);
}

static struct reserved_vm *vms_of(struct replace_reserved *c)
{
    return (struct reserved_vm *)(void *)(frames_of(c) + c->frame_count);
}

static struct replace *reserved_create(const struct replace_policy *self,
                                       struct arena *arena,
                                       const struct replace_config *config)
{
    SIM_ASSERT(config->frame_count <= FRAME_LIMIT);
    size_t size = sizeof(struct replace_reserved) +
                  config->frame_count * (sizeof(struct frame_link) +
                                         sizeof(struct reserved_frame)) +
                  config->vm_limit * sizeof(struct reserved_vm);
    struct replace_reserved *c =
        arena_alloc(arena, size, alignof(struct replace_reserved));
    if (!c) {
        return NULL;
    }
    c->base.policy = self;
    c->frame_count = config->frame_count;
    c->vm_limit = config->vm_limit;
    for (vmid_t vm = 0; vm < config->vm_limit; vm++) {
        vms_of(c)[vm] = (struct reserved_vm){
            .ring = FRAME_RING_EMPTY,
            .reserve =
                entitlement_of(config->vm, config->vm_ctx, vm).reserve_frames,
        };
    }
    return &c->base;
}

static void reserved_enter(struct replace *r, uint32_t frame, vmid_t vm)
{
    struct replace_reserved *c = reserved_of(r);
    SIM_ASSERT(frame < c->frame_count);
    SIM_ASSERT(vm < c->vm_limit);
    frames_of(c)[frame].owner = vm;
    ring_push(&vms_of(c)[vm].ring, c->links, frame);
    c->vm_count = vm >= c->vm_count ? vm + 1 : c->vm_count;
}

static void reserved_leave(struct replace *r, uint32_t frame)
{
    struct replace_reserved *c = reserved_of(r);
    SIM_ASSERT(frame < c->frame_count);
    struct frame_ring *ring = &vms_of(c)[frames_of(c)[frame].owner].ring;
    ring_remove(ring, c->links, frame);
}

/* Frames that the VM holds beyond its reserve. */
static uint32_t excess_of(const struct reserved_vm *v)
{
    return v->ring.count > v->reserve ? v->ring.count - v->reserve : 0;
}

/*
 * The VM with most beyond its reserve of those that come after `before` in the
 * order of excess, and of number where that is equal. VM_NONE: none is beyond.
 */
static vmid_t next_payer(struct replace_reserved *c, vmid_t before)
{
    const struct reserved_vm *vms = vms_of(c);
    uint32_t most = before == VM_NONE ? UINT32_MAX : excess_of(&vms[before]);
    vmid_t best = VM_NONE;
    for (vmid_t vm = 0; vm < c->vm_count; vm++) {
        uint32_t excess = excess_of(&vms[vm]);
        bool is_after = excess < most || (excess == most && vm > before);
        if (excess > 0 && is_after &&
            (best == VM_NONE || excess > excess_of(&vms[best]))) {
            best = vm;
        }
    }
    return best;
}

/* A turn that finds only touched pages has made all of them untouched: the
   first of them goes. FRAME_NONE: none of the VM's may be taken. */
static uint32_t page_of(struct replace_reserved *c, vmid_t vm,
                        const struct replace_view *view)
{
    struct frame_ring *ring = &vms_of(c)[vm].ring;
    uint32_t first = FRAME_NONE;
    uint32_t frame = ring->hand;
    for (uint32_t i = 0; i < ring->count; i++) {
        if (view->may_take(view->ctx, frame)) {
            if (!view->was_touched(view->ctx, frame)) {
                first = frame;
                break;
            }
            first = first == FRAME_NONE ? frame : first;
        }
        frame = ring_next(c->links, frame);
    }
    if (first != FRAME_NONE) {
        ring->hand = ring_next(c->links, first);
    }
    return first;
}

static uint32_t reserved_victim(struct replace *r,
                                const struct replace_view *view)
{
    struct replace_reserved *c = reserved_of(r);
    for (vmid_t vm = next_payer(c, VM_NONE); vm != VM_NONE;
         vm = next_payer(c, vm)) {
        uint32_t frame = page_of(c, vm, view);
        if (frame != FRAME_NONE) {
            return frame;
        }
    }
    /* Its own it may always lose for what it wants more. */
    return view->wanted_by < c->vm_count ? page_of(c, view->wanted_by, view)
                                         : FRAME_NONE;
}

static const struct reserved_vm *vm_of(const struct replace *r, vmid_t vm)
{
    SIM_ASSERT(r->policy == &replace_reserved);
    const struct replace_reserved *c =
        (const struct replace_reserved *)(const void *)r;
    const struct reserved_frame *frames =
        (const struct reserved_frame *)(const void *)(c->links +
                                                      c->frame_count);
    SIM_ASSERT(vm < c->vm_limit);
    return (const struct reserved_vm *)(const void *)(frames + c->frame_count) +
           vm;
}

static uint32_t reserved_kept(const struct replace *r, vmid_t vm)
{
    return vm_of(r, vm)->reserve;
}

static bool reserved_is_owed(const struct replace *r, vmid_t vm)
{
    return vm_of(r, vm)->ring.count < vm_of(r, vm)->reserve;
}

const struct replace_policy replace_reserved = {
    .facts = {
        .name = "reserved",
        .summary = "second chance among the pages of who is most beyond its "
                   "vms[].reserve",
        .source = "guaranteed frames and who is beyond them: Waldspurger, "
                  "Memory Resource Management in VMware ESX Server, OSDI 2002, "
                  "sections 3 and 5; Harty and Cheriton, Application-Controlled "
                  "Physical Memory using External Page-Cache Management, "
                  "ASPLOS 1992; within a VM: Corbato, 1968",
        .differs = "No tax on idle memory: who has a reserve keeps it, idle or "
                   "not.",
    },
    .create = reserved_create,
    .enter = reserved_enter,
    .leave = reserved_leave,
    .victim = reserved_victim,
    .kept = reserved_kept,
    .is_owed = reserved_is_owed,
};
