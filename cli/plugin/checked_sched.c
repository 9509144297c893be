/* checked_sched.c - what a scheduler promises, held. See checked.h. */
#include <stdio.h>

#include "cli/plugin/calls.h"
#include "cli/plugin/checked.h"
#include "cli/plugin/names.h"
#include "ik/queue/vmheap.h"
#include "sim/arena.h"

/* Where a VM stands, as the calls have said it. */
enum place {
    PLACE_NONE, /* It never came. */
    PLACE_READY,
    PLACE_CHOSEN, /* It runs, or is set aside. */
    PLACE_STOPPED,
    PLACE_REMOVED,
};

struct seen {
    enum place place;
    enum sched_stop why; /* Of PLACE_STOPPED. */
    bool is_preferred;   /* Of PLACE_READY. */
    uint64_t since;      /* Cycle. */
};

struct checked_sched {
    struct sched base;
    struct sched *inner;
    struct calls calls;
    uint64_t most_cycles; /* Of a quantum. */
    vmid_t vm_limit;
    uint32_t ready;
    /* With is_ordered: those that are ready, the others and the preferred. */
    struct vmheap order[2];
    struct seen *vms;
};

struct checked_table {
    struct sched_policy table;
    const struct sched_policy *inner;
};

static const struct checked_table *table_of(const struct sched_policy *self)
{
    return (const struct checked_table *)(const void *)self;
}

static struct checked_sched *checked_of(struct sched *s)
{
    return CONTAINER_OF(s, struct checked_sched, base);
}

static const struct sched_policy *inner_of(const struct checked_sched *c)
{
    return c->inner->policy;
}

static void set_place(struct checked_sched *c, vmid_t vm, enum place place)
{
    SIM_ASSERT(vm < c->vm_limit);
    struct seen *v = &c->vms[vm];
    if (v->place == PLACE_READY) {
        c->ready--;
        if (c->order[0].slots) {
            vmheap_remove(&c->order[v->is_preferred], vm);
        }
    }
    c->ready += place == PLACE_READY;
    v->place = place;
    v->since = c->calls.host.now(&c->calls);
}

static struct sched *create(const struct sched_policy *self,
                            struct arena *arena,
                            const struct sched_config *config)
{
    const struct sched_policy *inner = table_of(self)->inner;
    struct checked_sched *c =
        arena_alloc(arena, sizeof(*c), alignof(struct checked_sched));
    struct seen *vms = arena_alloc(arena, config->vm_limit * sizeof(*vms),
                                   alignof(struct seen));
    if (!c || !vms) {
        return NULL;
    }
    *c = (struct checked_sched){ .base.policy = self,
                                 .most_cycles =
                                     CHECKED_QUANTA * config->quantum_cycles,
                                 .vm_limit = config->vm_limit,
                                 .vms = vms };
    if (inner->promises.is_ordered &&
        (!vmheap_init(&c->order[0], arena, config->vm_limit) ||
         !vmheap_init(&c->order[1], arena, config->vm_limit))) {
        return NULL;
    }
    calls_init(&c->calls, &inner->facts, config->host, "VM");
    struct sched_config own = *config;
    own.host = &c->calls.host;
    (void)calls_begin(&c->calls, "create", VM_NONE);
    c->inner = inner->create(inner, arena, &own);
    return c->inner ? &c->base : NULL;
}

static struct sched_place ready(struct sched *s, vmid_t vm)
{
    struct checked_sched *c = checked_of(s);
    struct sched_place place = { .key = 0 };
    if (calls_begin(&c->calls, "ready", vm)) {
        place = inner_of(c)->ready(c->inner, vm);
    }
    set_place(c, vm, PLACE_READY);
    c->vms[vm].is_preferred = place.is_preferred;
    if (c->order[0].slots) {
        vmheap_push(&c->order[place.is_preferred], vm, place.key);
    }
    return place;
}

static void vm_leaves(struct sched *s, vmid_t vm)
{
    struct checked_sched *c = checked_of(s);
    if (calls_begin(&c->calls, "remove", vm)) {
        inner_of(c)->remove(c->inner, vm);
    }
    set_place(c, vm, PLACE_REMOVED);
}

/* What is wrong with that choice, as the end of a sentence. */
static void describe(const struct checked_sched *c, vmid_t vm, char *text,
                     size_t bytes)
{
    const struct seen *v = vm < c->vm_limit ? &c->vms[vm] : NULL;
    if (!v) {
        snprintf(text, bytes, "of which there is none: VMs are 0 to %u",
                 c->vm_limit - 1);
        return;
    }
    switch (v->place) {
    case PLACE_NONE:
        snprintf(text, bytes, "which has never been ready");
        return;
    case PLACE_READY:
        snprintf(text, bytes, "which is ready");
        return;
    case PLACE_CHOSEN:
        snprintf(text, bytes, "which it chose before and has not stopped");
        return;
    case PLACE_REMOVED:
        snprintf(text, bytes, "which was removed at cycle %llu",
                 (unsigned long long)v->since);
        return;
    case PLACE_STOPPED:
        snprintf(text, bytes,
                 v->why == SCHED_STOP_END
                     ? "which is dead since cycle %llu"
                     : "which stopped at cycle %llu and is not "
                       "ready again",
                 (unsigned long long)v->since);
        return;
    }
}

/* False: the quantum is none. */
static bool check_quantum(struct checked_sched *c,
                          const struct sched_choice *choice)
{
    if (choice->quantum_cycles > 0 &&
        choice->quantum_cycles <= c->most_cycles) {
        return true;
    }
    calls_fail(&c->calls,
               "must grant 1 to %llu cycles (%u quanta); it granted VM %u %llu",
               (unsigned long long)c->most_cycles, CHECKED_QUANTA, choice->vm,
               (unsigned long long)choice->quantum_cycles);
    return false;
}

/*
 * Who is ready and goes before that VM by the keys; VM_NONE: nobody. Of those
 * that are not preferred the first may go before any that is: so round robin
 * keeps preferred ones from starving the others.
 */
static vmid_t first_before(const struct checked_sched *c, vmid_t vm)
{
    const struct vmheap *own = &c->order[c->vms[vm].is_preferred];
    const struct vmheap *others = &c->order[0];
    vmid_t first = vmheap_first(own);
    vmid_t other = vmheap_first(others);
    if (first == vm && other != VM_NONE &&
        others->slots[other].key < own->slots[vm].key) {
        first = other;
    }
    return first == vm ? VM_NONE : first;
}

static uint64_t key_of(const struct checked_sched *c, vmid_t vm)
{
    return c->order[c->vms[vm].is_preferred].slots[vm].key;
}

/* False: nobody is chosen, and if that is wrong it has been said. */
static bool check_choice(struct checked_sched *c,
                         const struct sched_choice *choice)
{
    if (choice->vm == VM_NONE) {
        if (c->ready == 0) {
            return false;
        }
        if (!inner_of(c)->promises.may_rest) {
            calls_fail(&c->calls,
                       "must choose one of the %u VMs that are ready; it chose "
                       "nobody, and does not say that it may rest",
                       c->ready);
        } else if (c->calls.wakes <= c->calls.host.now(&c->calls)) {
            calls_fail(&c->calls,
                       "must say by wake_at until when it rests, since %u VMs "
                       "are ready; it did not",
                       c->ready);
        }
        return false;
    }
    char what[96];
    if (choice->vm >= c->vm_limit || c->vms[choice->vm].place != PLACE_READY) {
        describe(c, choice->vm, what, sizeof(what));
        calls_fail(&c->calls,
                   "must choose a VM that is ready; it chose VM %u, %s (%u "
                   "ready)",
                   choice->vm, what, c->ready);
        return false;
    }
    vmid_t first = c->order[0].slots ? first_before(c, choice->vm) : VM_NONE;
    if (first != VM_NONE) {
        calls_fail(&c->calls,
                   "must choose by the keys that ready() gave, as it promises; "
                   "it chose VM %u with key %llu before VM %u with key %llu",
                   choice->vm, (unsigned long long)key_of(c, choice->vm), first,
                   (unsigned long long)key_of(c, first));
        return false;
    }
    return check_quantum(c, choice);
}

static struct sched_choice pick(struct sched *s)
{
    struct checked_sched *c = checked_of(s);
    struct sched_choice choice = { .vm = VM_NONE };
    if (!calls_begin(&c->calls, "pick", VM_NONE)) {
        return choice;
    }
    choice = inner_of(c)->pick(c->inner);
    calls_now(&c->calls)->chosen = choice.vm;
    if (c->calls.has_failed || !check_choice(c, &choice)) {
        return (struct sched_choice){ .vm = VM_NONE };
    }
    set_place(c, choice.vm, PLACE_CHOSEN);
    return choice;
}

static struct sched_choice take(struct sched *s, vmid_t vm)
{
    struct checked_sched *c = checked_of(s);
    struct sched_choice choice = { .vm = vm, .quantum_cycles = 1 };
    if (calls_begin(&c->calls, "take", vm)) {
        choice = inner_of(c)->take(c->inner, vm);
        if (!c->calls.has_failed && choice.vm != vm) {
            calls_fail(&c->calls, "must give VM %u; it gave VM %u", vm,
                       choice.vm);
        }
        if (c->calls.has_failed || !check_quantum(c, &choice)) {
            choice = (struct sched_choice){ .vm = vm, .quantum_cycles = 1 };
        }
    }
    set_place(c, vm, PLACE_CHOSEN);
    return choice;
}

static void stop(struct sched *s, vmid_t vm, enum sched_stop why,
                 uint64_t granted, uint64_t used)
{
    struct checked_sched *c = checked_of(s);
    bool goes_on = calls_begin(&c->calls, "stop", vm);
    calls_now(&c->calls)->why = plugin_stop_names[why];
    c->vms[vm].why = why;
    set_place(c, vm, PLACE_STOPPED);
    if (goes_on) {
        inner_of(c)->stop(c->inner, vm, why, granted, used);
    }
}

static bool preempts(struct sched *s, vmid_t vm, vmid_t running, uint64_t used)
{
    struct checked_sched *c = checked_of(s);
    return calls_begin(&c->calls, "preempts", vm) &&
           inner_of(c)->preempts(c->inner, vm, running, used) &&
           !c->calls.has_failed;
}

static void charged(struct sched *s, vmid_t vm, uint64_t cycles)
{
    struct checked_sched *c = checked_of(s);
    if (calls_begin(&c->calls, "charged", vm)) {
        inner_of(c)->charged(c->inner, vm, cycles);
    }
}

static uint64_t bound(const struct sched *s, uint32_t others)
{
    const struct checked_sched *c =
        (const struct checked_sched *)(const void *)s;
    return inner_of(c)->promises.bound(c->inner, others);
}

const struct sched_policy *checked_sched(struct arena *arena,
                                         const struct sched_policy *inner)
{
    struct checked_table *t =
        arena_alloc(arena, sizeof(*t), alignof(struct checked_table));
    if (!t) {
        return NULL;
    }
    *t = (struct checked_table){
        .table = { .facts = inner->facts,
                   .promises = inner->promises,
                   .create = create,
                   .ready = ready,
                   .remove = vm_leaves,
                   .pick = pick,
                   .take = take,
                   .stop = stop,
                   .preempts = inner->preempts ? preempts : NULL,
                   .charged = inner->charged ? charged : NULL },
        .inner = inner,
    };
    t->table.promises.bound = inner->promises.bound ? bound : NULL;
    return &t->table;
}
