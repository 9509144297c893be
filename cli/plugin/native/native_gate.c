/* native_gate.c - a gatekeeper in C as a table of the kernel's. */
#include "cli/plugin/kinds.h"
#include "cli/plugin/native/native.h"

struct native_gate_table {
    struct gate_policy table;
    const struct iksim_gatekeeper *own;
    struct plugin_note *note;
};

struct native_gate {
    struct gate base;
    const struct iksim_gatekeeper *own;
    void *state;
    struct native_host host;
};

static const struct native_gate *native_of(const struct gate *g)
{
    return (const struct native_gate *)(const void *)g;
}

static struct gate *create(const struct gate_policy *self, struct arena *arena,
                           const struct gate_config *config)
{
    struct native_gate *g =
        arena_alloc(arena, sizeof(*g), alignof(struct native_gate));
    if (!g) {
        return NULL;
    }
    g->base.policy = self;
    g->own = ((const struct native_gate_table *)(const void *)self)->own;
    native_host_init(
        &g->host, ((const struct native_gate_table *)(const void *)self)->note,
        &self->facts, config->host, arena, config->vm, config->vm_ctx);
    g->host.host.vm_limit = config->vm_limit;
    g->host.host.min_free_frames = config->min_free_frames;
    native_enter(&g->host, "create");
    void *state = g->own->create(&g->host.host);
    native_left(&g->host);
    g->state = native_created(&g->host, state);
    return &g->base;
}

static void arrive(struct gate *g, vmid_t vm, uint32_t frames)
{
    native_enter(&native_of(g)->host, "arrive");
    native_of(g)->own->arrive(native_of(g)->state, vm, frames);
    native_left(&native_of(g)->host);
}

static void leave(struct gate *g, vmid_t vm)
{
    native_enter(&native_of(g)->host, "leave");
    native_of(g)->own->leave(native_of(g)->state, vm);
    native_left(&native_of(g)->host);
}

static vmid_t head(const struct gate *g)
{
    native_enter(&native_of(g)->host, "head");
    vmid_t answer = native_of(g)->own->head(native_of(g)->state);
    native_left(&native_of(g)->host);
    return answer;
}

static vmid_t admit(struct gate *g, const struct gate_view *view)
{
    const struct iksim_memory m = { view->free_frames, view->unfilled_frames,
                                    view->admitted };
    native_enter(&native_of(g)->host, "admit");
    vmid_t answer = native_of(g)->own->admit(native_of(g)->state, &m);
    native_left(&native_of(g)->host);
    return answer;
}

static uint32_t rank(const struct gate *g, vmid_t vm, uint32_t frames)
{
    native_enter(&native_of(g)->host, "rank");
    uint32_t answer = native_of(g)->own->rank(native_of(g)->state, vm, frames);
    native_left(&native_of(g)->host);
    return answer;
}

const struct gate_policy *native_gate_load(const struct plugin *p,
                                           struct arena *arena, char *message)
{
    struct policy_facts facts;
    struct native_gate_table *t =
        arena_alloc(arena, sizeof(*t), alignof(struct native_gate_table));
    const struct iksim_gatekeeper *own =
        native_find(p, "iksim_gatekeeper", arena, &facts, message);
    if (!t || !own) {
        return NULL;
    }
    if (!own->create || !own->arrive || !own->leave || !own->head ||
        !own->admit) {
        (void)native_complain(message, "iksim_gatekeeper",
                              "needs create, arrive, leave, head and admit");
        return NULL;
    }
    *t = (struct native_gate_table){
        .table = { .facts = facts,
                   .create = create,
                   .arrive = arrive,
                   .leave = leave,
                   .head = head,
                   .admit = admit,
                   .rank = own->rank ? rank : NULL },
        .own = own,
        .note = p->note,
    };
    return &t->table;
}
