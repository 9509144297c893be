/* lua_replace.c - a replacement policy in Lua as a table of the kernel's. */
#include "cli/plugin/kinds.h"
#include "cli/plugin/lua_policy.h"

enum { CREATE, ENTER, LEAVE, TOUCH, RAN, VICTIM, KEPT };

static const char *const functions[] = {
    [CREATE] = "create", [ENTER] = "enter", [LEAVE] = "leave",
    [TOUCH] = "?touch",  [RAN] = "?ran",    [VICTIM] = "victim",
    [KEPT] = "?kept",    [KEPT + 1] = NULL,
};

struct lua_replace_table {
    struct replace_policy table;
    struct lua_policy *policy;
};

struct lua_replace {
    struct replace base;
    struct lua_policy *policy;
};

static struct lua_policy *policy_of(const struct replace *r)
{
    return ((const struct lua_replace *)(const void *)r)->policy;
}

static struct replace *create(const struct replace_policy *self,
                              struct arena *arena,
                              const struct replace_config *config)
{
    struct lua_replace *r =
        arena_alloc(arena, sizeof(*r), alignof(struct lua_replace));
    if (!r) {
        return NULL;
    }
    *r = (struct lua_replace){
        .base.policy = self,
        .policy =
            ((const struct lua_replace_table *)(const void *)self)->policy,
    };
    const struct lua_instance with = { .host = config->host,
                                       .arena = arena,
                                       .vm = config->vm,
                                       .vm_ctx = config->vm_ctx,
                                       .vm_limit = config->vm_limit,
                                       .frame_count = config->frame_count };
    lua_policy_create(r->policy, &with);
    return &r->base;
}

/* A call of one or two numbers that gives nothing. */
static void tell(struct replace *r, uint32_t slot, uint64_t first,
                 uint64_t second)
{
    struct lua_policy *p = policy_of(r);
    lua_policy_begin(p, slot);
    lua_pushinteger(p->lua, (lua_Integer)first);
    lua_pushinteger(p->lua, (lua_Integer)second);
    (void)lua_policy_call(p, 2, 0);
}

static void enter(struct replace *r, uint32_t frame, vmid_t vm)
{
    tell(r, ENTER, frame, vm);
}

static void leave(struct replace *r, uint32_t frame)
{
    tell(r, LEAVE, frame, 0);
}

static void touch(struct replace *r, uint32_t frame)
{
    tell(r, TOUCH, frame, 0);
}

static void ran(struct replace *r, vmid_t vm, uint64_t virtual_time)
{
    tell(r, RAN, vm, virtual_time);
}

static uint32_t victim(struct replace *r, const struct replace_view *view)
{
    struct lua_policy *p = policy_of(r);
    lua_policy_begin(p, VICTIM);
    if (view->wanted_by == VM_NONE) {
        lua_pushnil(p->lua);
    } else {
        lua_pushinteger(p->lua, view->wanted_by);
    }
    p->view = view;
    uint32_t frame = lua_policy_number(p, 1, "a frame");
    p->view = NULL;
    return frame;
}

static uint32_t kept(const struct replace *r, vmid_t vm)
{
    struct lua_policy *p = policy_of(r);
    uint64_t value = 0;
    lua_policy_begin(p, KEPT);
    lua_pushinteger(p->lua, vm);
    if (lua_policy_call(p, 1, 1)) {
        (void)lua_policy_whole(p, 0, "frames", UINT32_MAX, &value);
    }
    return (uint32_t)value;
}

const struct replace_policy *
lua_replace_load(struct lua_policy *p, struct arena *arena,
                 const struct plugin_source *source, char *message)
{
    struct lua_replace_table *t =
        arena_alloc(arena, sizeof(*t), alignof(struct lua_replace_table));
    if (!t ||
        !lua_policy_load(p, arena, source, "replacement", functions, message)) {
        return NULL;
    }
    lua_policy_loaded(p);
    *t = (struct lua_replace_table){
        .table = { .facts = p->facts,
                   .create = create,
                   .enter = enter,
                   .leave = leave,
                   .touch = lua_policy_has(p, TOUCH) ? touch : NULL,
                   .ran = lua_policy_has(p, RAN) ? ran : NULL,
                   .victim = victim,
                   .kept = lua_policy_has(p, KEPT) ? kept : NULL },
        .policy = p,
    };
    return &t->table;
}
