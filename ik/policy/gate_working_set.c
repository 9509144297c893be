/*
 * gate_working_set.c - admits the first waiting VM whose working set fits, so
 * that the sum of working sets stays within memory (Denning 1968, "The working
 * set model for program behavior").
 *
 * A VM fits when the free frames, less those promised to admitted VMs and not
 * yet taken, less min_free, are at least what its own admission promises. A
 * large VM may thus be overtaken by smaller ones, but
 *   - by at most `overtake` of them: from then on nobody passes it;
 *   - when nobody is admitted, the head is, whether it fits or not: there is
 *     nothing left to wait for.
 * So whoever arrives behind n others is admitted after at most
 * n + overtake more admissions, whatever arrives; and, as admissions end
 * (by idling, by a lease), after a finite time.
 *
 * Weakness: the working set is what a VM held when it was last admitted, which
 * is too little after a short or starved admission, and nothing for a VM that
 * runs for the first time. While a large head waits undisturbed for others to
 * end, memory stands empty.
 *
 * O(1) to arrive and leave. Asking is O(1) when nobody fits for want of frames
 * that the least promise needs, or when the head may not be passed; else it
 * walks to the VM admitted, or once past all.
 */
#include "ik/policy/policies.h"
#include "ik/queue/vmlist.h"
#include "sim/arena.h"

/* A VM that waits. */
struct ws_waiter {
    uint32_t frames;    /* Its promise. */
    uint32_t overtaken; /* How often; never more than `overtake`. */
};

/*
 * Whoever overtakes a VM overtakes all before it too, so `overtaken` never
 * rises from head to tail, and the head alone says whether anyone may pass.
 * After the links comes a waiter for each VM.
 */
struct gate_working_set {
    struct gate base;
    uint64_t min_free_frames;
    uint64_t overtake;     /* How often a VM may be passed. */
    uint32_t least_frames; /* No waiting VM's promise is less. */
    vmid_t vm_limit;
    struct vmlist waiting;
    struct vmlink links[]; /* By VM number. */
};

static struct gate_working_set *ws_of(struct gate *g)
{
    SIM_ASSERT(g->policy == &gate_working_set);
    return CONTAINER_OF(g, struct gate_working_set, base);
}

static struct ws_waiter *ws_waiter_of(struct gate_working_set *w, vmid_t vm)
{
    SIM_ASSERT(vm < w->vm_limit);
    return (struct ws_waiter *)(void *)(w->links + w->vm_limit) + vm;
}

static struct gate *ws_create(const struct gate_policy *self,
                              struct arena *arena,
                              const struct gate_config *config)
{
    size_t size = sizeof(struct gate_working_set) +
                  config->vm_limit * sizeof(struct vmlink) +
                  config->vm_limit * sizeof(struct ws_waiter);
    struct gate_working_set *w =
        arena_alloc(arena, size, alignof(struct gate_working_set));
    if (!w) {
        return NULL;
    }
    w->base.policy = self;
    w->min_free_frames = config->min_free_frames;
    w->overtake = policy_arg(config->host, &self->facts, "overtake");
    w->least_frames = UINT32_MAX;
    w->vm_limit = config->vm_limit;
    w->waiting = VMLIST_EMPTY;
    return &w->base;
}

static void ws_arrive(struct gate *g, vmid_t vm, uint32_t frames)
{
    struct gate_working_set *w = ws_of(g);
    *ws_waiter_of(w, vm) = (struct ws_waiter){ .frames = frames };
    w->least_frames = frames < w->least_frames ? frames : w->least_frames;
    vmlist_push(&w->waiting, w->links, vm);
}

static void ws_leave(struct gate *g, vmid_t vm)
{
    struct gate_working_set *w = ws_of(g);
    SIM_ASSERT(vm < w->vm_limit);
    vmlist_remove(&w->waiting, w->links, vm);
}

static vmid_t ws_head(const struct gate *g)
{
    SIM_ASSERT(g->policy == &gate_working_set);
    const struct gate_working_set *w =
        (const struct gate_working_set *)(const void *)g;
    return w->waiting.head;
}

/* The first that fits in `room`; if nobody does, it learns the least. */
static vmid_t ws_first_fit(struct gate_working_set *w, uint64_t room)
{
    uint32_t least = UINT32_MAX;
    for (vmid_t vm = w->waiting.head; vm != VM_NONE; vm = w->links[vm].next) {
        uint32_t frames = ws_waiter_of(w, vm)->frames;
        if (frames <= room) {
            return vm;
        }
        least = frames < least ? frames : least;
    }
    w->least_frames = least;
    return VM_NONE;
}

static vmid_t ws_choose(struct gate_working_set *w,
                        const struct gate_view *view)
{
    vmid_t head = w->waiting.head;
    if (view->admitted == 0) {
        return head;
    }
    uint64_t kept = view->unfilled_frames + w->min_free_frames;
    if (view->free_frames < kept) {
        return VM_NONE;
    }
    uint64_t room = view->free_frames - kept;
    if (room < w->least_frames) {
        return VM_NONE;
    }
    const struct ws_waiter *first = ws_waiter_of(w, head);
    if (first->overtaken == w->overtake) {
        return first->frames <= room ? head : VM_NONE;
    }
    return ws_first_fit(w, room);
}

static vmid_t ws_admit(struct gate *g, const struct gate_view *view)
{
    struct gate_working_set *w = ws_of(g);
    if (vmlist_is_empty(&w->waiting)) {
        return VM_NONE;
    }
    vmid_t chosen = ws_choose(w, view);
    if (chosen == VM_NONE) {
        return VM_NONE;
    }
    for (vmid_t vm = w->waiting.head; vm != chosen; vm = w->links[vm].next) {
        struct ws_waiter *waiter = ws_waiter_of(w, vm);
        waiter->overtaken++;
        SIM_ASSERT(waiter->overtaken <= w->overtake);
    }
    vmlist_remove(&w->waiting, w->links, chosen);
    return chosen;
}

static const struct policy_arg ws_args[] = {
    { "overtake", POLICY_NUMBER, 0, 1000000, 64,
      "how often a VM that does not fit may be passed by smaller ones" },
    { .name = NULL },
};

const struct gate_policy gate_working_set = {
    .facts = {
        .name = "working-set",
        .summary = "whose working set fits; nobody is passed for ever",
        .source = "Denning, The Working Set Model for Program Behavior, CACM "
                  "1968",
        .differs = "The working set is what a VM held when it was last "
                   "admitted. A VM that does not fit is overtaken by smaller "
                   "ones, `overtake` times at most.",
        .args = ws_args,
    },
    .create = ws_create,
    .arrive = ws_arrive,
    .leave = ws_leave,
    .head = ws_head,
    .admit = ws_admit,
};
