/* native_sched.c - a scheduler in C as a table of the kernel's. */
#include "cli/plugin/kinds.h"
#include "cli/plugin/native/native.h"

struct native_sched_table {
    struct sched_policy table;
    const struct iksim_scheduler *own;
    struct plugin_note *note;
};

struct native_sched {
    struct sched base;
    const struct iksim_scheduler *own;
    void *state;
    struct native_host host;
};

static struct native_sched *native_of(struct sched *s)
{
    return CONTAINER_OF(s, struct native_sched, base);
}

static const struct native_sched_table *
table_of(const struct sched_policy *self)
{
    return (const struct native_sched_table *)(const void *)self;
}

static struct sched *create(const struct sched_policy *self,
                            struct arena *arena,
                            const struct sched_config *config)
{
    struct native_sched *s =
        arena_alloc(arena, sizeof(*s), alignof(struct native_sched));
    if (!s) {
        return NULL;
    }
    s->base.policy = self;
    s->own = table_of(self)->own;
    native_host_init(&s->host, table_of(self)->note, &self->facts, config->host,
                     arena, config->vm, config->vm_ctx);
    s->host.host.vm_limit = config->vm_limit;
    s->host.host.quantum = config->quantum_cycles;
    s->host.host.switch_cycles = config->switch_cycles;
    native_enter(&s->host, "create");
    void *state = s->own->create(&s->host.host);
    native_left(&s->host);
    s->state = native_created(&s->host, state);
    return &s->base;
}

static struct sched_place ready(struct sched *base, vmid_t vm)
{
    struct native_sched *s = native_of(base);
    native_enter(&s->host, "ready");
    struct iksim_place place = s->own->ready(s->state, vm);
    native_left(&s->host);
    return (struct sched_place){ place.key, place.is_preferred };
}

static void vm_leaves(struct sched *base, vmid_t vm)
{
    struct native_sched *s = native_of(base);
    native_enter(&s->host, "remove");
    s->own->remove(s->state, vm);
    native_left(&s->host);
}

static struct sched_choice pick(struct sched *base)
{
    struct native_sched *s = native_of(base);
    native_enter(&s->host, "pick");
    struct iksim_choice choice = s->own->pick(s->state);
    native_left(&s->host);
    return (struct sched_choice){ choice.vm, choice.quantum,
                                  choice.is_preferred };
}

static struct sched_choice take(struct sched *base, vmid_t vm)
{
    struct native_sched *s = native_of(base);
    struct sched_choice choice = { .vm = vm,
                                   .quantum_cycles = s->host.host.quantum };
    if (s->own->take) {
        native_enter(&s->host, "take");
        choice.quantum_cycles = s->own->take(s->state, vm);
        native_left(&s->host);
    } else {
        native_enter(&s->host, "remove");
        s->own->remove(s->state, vm);
        native_left(&s->host);
    }
    return choice;
}

static void stop(struct sched *base, vmid_t vm, enum sched_stop why,
                 uint64_t granted, uint64_t used)
{
    struct native_sched *s = native_of(base);
    if (s->own->stop) {
        native_enter(&s->host, "stop");
        s->own->stop(s->state, vm, (enum iksim_stop)why, granted, used);
        native_left(&s->host);
    }
}

static bool preempts(struct sched *base, vmid_t vm, vmid_t running,
                     uint64_t used)
{
    struct native_sched *s = native_of(base);
    native_enter(&s->host, "preempts");
    bool answer = s->own->preempts(s->state, vm, running, used);
    native_left(&s->host);
    return answer;
}

static void charged(struct sched *base, vmid_t vm, uint64_t cycles)
{
    struct native_sched *s = native_of(base);
    native_enter(&s->host, "charged");
    s->own->charged(s->state, vm, cycles);
    native_left(&s->host);
}

static uint64_t bound(const struct sched *s, uint32_t others)
{
    return table_of(s->policy)->own->bound * ((uint64_t)others + 1);
}

_Static_assert((unsigned)IKSIM_STOP_PREEMPTED == SCHED_STOP_PREEMPTED &&
                   (unsigned)IKSIM_SHARES_BOUNDED == SCHED_SHARES_BOUNDED &&
                   (unsigned)IKSIM_TIME == POLICY_TIME,
               "the public header has the same numbers");

const struct sched_policy *native_sched_load(const struct plugin *p,
                                             struct arena *arena, char *message)
{
    struct policy_facts facts;
    struct native_sched_table *t =
        arena_alloc(arena, sizeof(*t), alignof(struct native_sched_table));
    const struct iksim_scheduler *own =
        native_find(p, "iksim_scheduler", arena, &facts, message);
    if (!t || !own) {
        return NULL;
    }
    if (!own->create || !own->ready || !own->remove || !own->pick) {
        (void)native_complain(message, "iksim_scheduler",
                              "needs create, ready, remove and pick");
        return NULL;
    }
    *t = (struct native_sched_table){
        .table = { .facts = facts,
                   .promises = { .is_ordered = own->is_ordered,
                                 .may_rest = own->may_rest,
                                 .can_be_gamed = own->can_be_gamed,
                                 .shares = (enum sched_shares)own->shares,
                                 .bound = own->bound ? bound : NULL,
                                 .bound_text = own->bound
                                                   ? "`bound` (N + 1) quanta"
                                                   : NULL },
                   .create = create,
                   .ready = ready,
                   .remove = vm_leaves,
                   .pick = pick,
                   .take = take,
                   .stop = stop,
                   .preempts = own->preempts ? preempts : NULL,
                   .charged = own->charged ? charged : NULL },
        .own = own,
        .note = p->note,
    };
    return &t->table;
}
