/* native_replace.c - a replacement policy in C as a table of the kernel's. */
#include "cli/plugin/kinds.h"
#include "cli/plugin/native/native.h"

struct native_replace_table {
    struct replace_policy table;
    const struct iksim_replacement *own;
    struct plugin_note *note;
};

struct native_replace {
    struct replace base;
    const struct iksim_replacement *own;
    void *state;
    struct native_host host;
};

static const struct native_replace *native_of(const struct replace *r)
{
    return (const struct native_replace *)(const void *)r;
}

static struct replace *create(const struct replace_policy *self,
                              struct arena *arena,
                              const struct replace_config *config)
{
    struct native_replace *r =
        arena_alloc(arena, sizeof(*r), alignof(struct native_replace));
    if (!r) {
        return NULL;
    }
    r->base.policy = self;
    r->own = ((const struct native_replace_table *)(const void *)self)->own;
    native_host_init(
        &r->host,
        ((const struct native_replace_table *)(const void *)self)->note,
        &self->facts, config->host, arena, config->vm, config->vm_ctx);
    r->host.host.vm_limit = config->vm_limit;
    r->host.host.frame_count = config->frame_count;
    native_enter(&r->host, "create");
    void *state = r->own->create(&r->host.host);
    native_left(&r->host);
    r->state = native_created(&r->host, state);
    return &r->base;
}

static void enter(struct replace *r, uint32_t frame, vmid_t vm)
{
    native_enter(&native_of(r)->host, "enter");
    native_of(r)->own->enter(native_of(r)->state, frame, vm);
    native_left(&native_of(r)->host);
}

static void leave(struct replace *r, uint32_t frame)
{
    native_enter(&native_of(r)->host, "leave");
    native_of(r)->own->leave(native_of(r)->state, frame);
    native_left(&native_of(r)->host);
}

static void touch(struct replace *r, uint32_t frame)
{
    native_enter(&native_of(r)->host, "touch");
    native_of(r)->own->touch(native_of(r)->state, frame);
    native_left(&native_of(r)->host);
}

static void ran(struct replace *r, vmid_t vm, uint64_t virtual_time)
{
    native_enter(&native_of(r)->host, "ran");
    native_of(r)->own->ran(native_of(r)->state, vm, virtual_time);
    native_left(&native_of(r)->host);
}

static uint32_t victim(struct replace *r, const struct replace_view *view)
{
    const struct iksim_frames f = { view->ctx,      view->wanted_by,
                                    view->may_take, view->was_touched,
                                    view->is_dirty, view->clean };
    native_enter(&native_of(r)->host, "victim");
    uint32_t answer = native_of(r)->own->victim(native_of(r)->state, &f);
    native_left(&native_of(r)->host);
    return answer;
}

static uint32_t kept(const struct replace *r, vmid_t vm)
{
    native_enter(&native_of(r)->host, "kept");
    uint32_t answer = native_of(r)->own->kept(native_of(r)->state, vm);
    native_left(&native_of(r)->host);
    return answer;
}

const struct replace_policy *
native_replace_load(const struct plugin *p, struct arena *arena, char *message)
{
    struct policy_facts facts;
    struct native_replace_table *t =
        arena_alloc(arena, sizeof(*t), alignof(struct native_replace_table));
    const struct iksim_replacement *own =
        native_find(p, "iksim_replacement", arena, &facts, message);
    if (!t || !own) {
        return NULL;
    }
    if (!own->create || !own->enter || !own->leave || !own->victim) {
        (void)native_complain(message, "iksim_replacement",
                              "needs create, enter, leave and victim");
        return NULL;
    }
    *t = (struct native_replace_table){
        .table = { .facts = facts,
                   .create = create,
                   .enter = enter,
                   .leave = leave,
                   .touch = own->touch ? touch : NULL,
                   .ran = own->ran ? ran : NULL,
                   .victim = victim,
                   .kept = own->kept ? kept : NULL },
        .own = own,
        .note = p->note,
    };
    return &t->table;
}
