/* lua_gate.c - a gatekeeper in Lua as a table of the kernel's. */
#include "cli/plugin/kinds.h"
#include "cli/plugin/lua_policy.h"

enum { CREATE, ARRIVE, LEAVE, HEAD, ADMIT, RANK };

static const char *const functions[] = {
    [CREATE] = "create", [ARRIVE] = "arrive", [LEAVE] = "leave",
    [HEAD] = "head",     [ADMIT] = "admit",   [RANK] = "?rank",
    [RANK + 1] = NULL,
};

struct lua_gate_table {
    struct gate_policy table;
    struct lua_policy *policy;
};

struct lua_gate {
    struct gate base;
    struct lua_policy *policy;
};

static struct lua_policy *policy_of(const struct gate *g)
{
    return ((const struct lua_gate *)(const void *)g)->policy;
}

static struct gate *create(const struct gate_policy *self, struct arena *arena,
                           const struct gate_config *config)
{
    struct lua_gate *g =
        arena_alloc(arena, sizeof(*g), alignof(struct lua_gate));
    if (!g) {
        return NULL;
    }
    *g = (struct lua_gate){
        .base.policy = self,
        .policy = ((const struct lua_gate_table *)(const void *)self)->policy,
    };
    const struct lua_instance with = { .host = config->host,
                                       .arena = arena,
                                       .vm = config->vm,
                                       .vm_ctx = config->vm_ctx,
                                       .vm_limit = config->vm_limit,
                                       .min_free = config->min_free_frames };
    lua_policy_create(g->policy, &with);
    return &g->base;
}

static void arrive(struct gate *g, vmid_t vm, uint32_t frames)
{
    struct lua_policy *p = policy_of(g);
    lua_policy_begin(p, ARRIVE);
    lua_pushinteger(p->lua, vm);
    lua_pushinteger(p->lua, frames);
    (void)lua_policy_call(p, 2, 0);
}

static void leave(struct gate *g, vmid_t vm)
{
    struct lua_policy *p = policy_of(g);
    lua_policy_begin(p, LEAVE);
    lua_pushinteger(p->lua, vm);
    (void)lua_policy_call(p, 1, 0);
}

static vmid_t head(const struct gate *g)
{
    struct lua_policy *p = policy_of(g);
    lua_policy_begin(p, HEAD);
    return lua_policy_number(p, 0, "a VM");
}

static vmid_t admit(struct gate *g, const struct gate_view *view)
{
    struct lua_policy *p = policy_of(g);
    lua_policy_begin(p, ADMIT);
    lua_pushinteger(p->lua, (lua_Integer)view->free_frames);
    lua_pushinteger(p->lua, (lua_Integer)view->unfilled_frames);
    lua_pushinteger(p->lua, view->admitted);
    return lua_policy_number(p, 3, "a VM");
}

static uint32_t rank(const struct gate *g, vmid_t vm, uint32_t frames)
{
    struct lua_policy *p = policy_of(g);
    uint64_t value = 0;
    lua_policy_begin(p, RANK);
    lua_pushinteger(p->lua, vm);
    lua_pushinteger(p->lua, frames);
    if (lua_policy_call(p, 2, 1)) {
        (void)lua_policy_whole(p, 0, "a rank", UINT32_MAX, &value);
    }
    return (uint32_t)value;
}

const struct gate_policy *lua_gate_load(struct lua_policy *p,
                                        struct arena *arena,
                                        const struct plugin_source *source,
                                        char *message)
{
    struct lua_gate_table *t =
        arena_alloc(arena, sizeof(*t), alignof(struct lua_gate_table));
    if (!t ||
        !lua_policy_load(p, arena, source, "gatekeeper", functions, message)) {
        return NULL;
    }
    lua_policy_loaded(p);
    *t = (struct lua_gate_table){
        .table = { .facts = p->facts,
                   .create = create,
                   .arrive = arrive,
                   .leave = leave,
                   .head = head,
                   .admit = admit,
                   .rank = lua_policy_has(p, RANK) ? rank : NULL },
        .policy = p,
    };
    return &t->table;
}
