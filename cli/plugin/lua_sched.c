/* lua_sched.c - a scheduler in Lua as a table of the kernel's. */
#include <stdio.h>
#include <string.h>

#include "cli/plugin/kinds.h"
#include "cli/plugin/lua_policy.h"
#include "cli/plugin/names.h"

enum {
    CREATE,
    READY,
    REMOVE,
    PICK,
    STOP,
    TAKE,
    PREEMPTS,
    CHARGED,
};

static const char *const functions[] = {
    [CREATE] = "create",      [READY] = "ready",      [REMOVE] = "remove",
    [PICK] = "pick",          [STOP] = "?stop",       [TAKE] = "?take",
    [PREEMPTS] = "?preempts", [CHARGED] = "?charged", [CHARGED + 1] = NULL,
};

struct lua_sched_table {
    struct sched_policy table;
    struct lua_policy *policy;
    uint64_t bound; /* Of promises; 0: none. */
};

static const struct lua_sched_table *table_of(const struct sched_policy *self)
{
    return (const struct lua_sched_table *)(const void *)self;
}

struct lua_sched {
    struct sched base;
    struct lua_policy *policy;
    uint64_t quantum_cycles;
};

static struct lua_sched *lua_of(struct sched *s)
{
    return CONTAINER_OF(s, struct lua_sched, base);
}

static struct sched *create(const struct sched_policy *self,
                            struct arena *arena,
                            const struct sched_config *config)
{
    struct lua_sched *s =
        arena_alloc(arena, sizeof(*s), alignof(struct lua_sched));
    if (!s) {
        return NULL;
    }
    *s = (struct lua_sched){
        .base.policy = self,
        .policy = table_of(self)->policy,
        .quantum_cycles = config->quantum_cycles,
    };
    const struct lua_instance with = { .host = config->host,
                                       .arena = arena,
                                       .vm = config->vm,
                                       .vm_ctx = config->vm_ctx,
                                       .vm_limit = config->vm_limit,
                                       .quantum_cycles = config->quantum_cycles,
                                       .switch_cycles = config->switch_cycles };
    lua_policy_create(s->policy, &with);
    return &s->base;
}

/* With a second result the others' keys are behind those of the preferred. */
static struct sched_place ready(struct sched *s, vmid_t vm)
{
    struct lua_policy *p = lua_of(s)->policy;
    struct sched_place place = { .key = 0 };
    lua_policy_begin(p, READY);
    lua_pushinteger(p->lua, vm);
    if (!lua_policy_call(p, 1, 2) ||
        !lua_policy_whole(p, 0, "its key", INT64_MAX, &place.key)) {
        return place;
    }
    place.is_preferred = lua_toboolean(p->lua, LUA_POLICY_RESULT + 1);
    if (!lua_isnil(p->lua, LUA_POLICY_RESULT + 1) && !place.is_preferred) {
        place.key |= SCHED_OTHERS_KEY;
    }
    return place;
}

static void vm_leaves(struct sched *s, vmid_t vm)
{
    struct lua_policy *p = lua_of(s)->policy;
    lua_policy_begin(p, REMOVE);
    lua_pushinteger(p->lua, vm);
    (void)lua_policy_call(p, 1, 0);
}

/* The results from `first` on: a quantum, or a whole one without it. */
static uint64_t quantum_of(const struct lua_sched *s, int result)
{
    uint64_t quantum = s->quantum_cycles;
    if (!lua_isnil(s->policy->lua, LUA_POLICY_RESULT + result)) {
        (void)lua_policy_whole(s->policy, result, "a quantum", INT64_MAX,
                               &quantum);
    }
    return quantum;
}

static struct sched_choice pick(struct sched *base)
{
    struct lua_sched *s = lua_of(base);
    struct lua_policy *p = s->policy;
    struct sched_choice choice = { .vm = VM_NONE };
    uint64_t vm = VM_NONE;
    lua_policy_begin(p, PICK);
    if (!lua_policy_call(p, 0, 3) || lua_isnil(p->lua, LUA_POLICY_RESULT) ||
        !lua_policy_whole(p, 0, "a VM", UINT32_MAX - 1, &vm)) {
        return choice;
    }
    choice.vm = (vmid_t)vm;
    choice.quantum_cycles = quantum_of(s, 1);
    choice.is_preferred = lua_toboolean(p->lua, LUA_POLICY_RESULT + 2);
    return choice;
}

static struct sched_choice take(struct sched *base, vmid_t vm)
{
    struct lua_sched *s = lua_of(base);
    struct sched_choice choice = { .vm = vm,
                                   .quantum_cycles = s->quantum_cycles };
    if (!lua_policy_has(s->policy, TAKE)) {
        vm_leaves(base, vm);
        return choice;
    }
    lua_policy_begin(s->policy, TAKE);
    lua_pushinteger(s->policy->lua, vm);
    if (lua_policy_call(s->policy, 1, 1)) {
        choice.quantum_cycles = quantum_of(s, 0);
    }
    return choice;
}

static void stop(struct sched *s, vmid_t vm, enum sched_stop why,
                 uint64_t granted, uint64_t used)
{
    struct lua_policy *p = lua_of(s)->policy;
    if (!lua_policy_has(p, STOP)) {
        return;
    }
    lua_policy_begin(p, STOP);
    lua_pushinteger(p->lua, vm);
    lua_pushstring(p->lua, plugin_stop_names[why]);
    lua_pushinteger(p->lua, (lua_Integer)granted);
    lua_pushinteger(p->lua, (lua_Integer)used);
    (void)lua_policy_call(p, 4, 0);
}

static bool preempts(struct sched *s, vmid_t vm, vmid_t running, uint64_t used)
{
    struct lua_policy *p = lua_of(s)->policy;
    lua_policy_begin(p, PREEMPTS);
    lua_pushinteger(p->lua, vm);
    lua_pushinteger(p->lua, running);
    lua_pushinteger(p->lua, (lua_Integer)used);
    return lua_policy_call(p, 3, 1) && lua_toboolean(p->lua, LUA_POLICY_RESULT);
}

static void charged(struct sched *s, vmid_t vm, uint64_t cycles)
{
    struct lua_policy *p = lua_of(s)->policy;
    lua_policy_begin(p, CHARGED);
    lua_pushinteger(p->lua, vm);
    lua_pushinteger(p->lua, (lua_Integer)cycles);
    (void)lua_policy_call(p, 2, 0);
}

static uint64_t bound(const struct sched *s, uint32_t others)
{
    return table_of(s->policy)->bound * ((uint64_t)others + 1);
}

/* What the script's table says under `promises`. */
static bool read_promises(struct lua_sched_table *t, char *message)
{
    struct lua_policy *p = t->policy;
    struct sched_promises *to = &t->table.promises;
    static const char *const shares[] = { "none", "expected", "bounded" };
    const char *word = lua_policy_word(p, "promises", "shares");
    bool is_known = !word;
    for (int i = 0; word && i < 3; i++) {
        if (strcmp(word, shares[i]) == 0) {
            to->shares = (enum sched_shares)i;
            is_known = true;
        }
    }
    if (!is_known) {
        snprintf(message, PLUGIN_MESSAGE_BYTES,
                 "promises.shares must be \"none\", \"expected\" or "
                 "\"bounded\"");
        return false;
    }
    to->is_ordered = lua_policy_flag(p, "promises", "ordered");
    to->may_rest = lua_policy_flag(p, "promises", "rests");
    to->can_be_gamed = lua_policy_flag(p, "promises", "gamed");
    uint64_t most = 0;
    if (!lua_policy_field(p, "promises", "bound", &most)) {
        snprintf(message, PLUGIN_MESSAGE_BYTES,
                 "promises.bound must be a whole number, from 1 to 1000000");
        return false;
    }
    t->bound = most;
    to->bound = most > 0 ? bound : NULL;
    to->bound_text = most > 0 ? "`bound` (N + 1) quanta" : NULL;
    return true;
}

const struct sched_policy *lua_sched_load(struct lua_policy *p,
                                          struct arena *arena,
                                          const struct plugin_source *source,
                                          char *message)
{
    struct lua_sched_table *t =
        arena_alloc(arena, sizeof(*t), alignof(struct lua_sched_table));
    if (!t ||
        !lua_policy_load(p, arena, source, "scheduler", functions, message)) {
        return NULL;
    }
    *t = (struct lua_sched_table){
        .table = { .create = create,
                   .ready = ready,
                   .remove = vm_leaves,
                   .pick = pick,
                   .take = take,
                   .stop = stop,
                   .preempts = lua_policy_has(p, PREEMPTS) ? preempts : NULL,
                   .charged = lua_policy_has(p, CHARGED) ? charged : NULL },
        .policy = p,
    };
    t->table.facts = p->facts;
    bool is_well = read_promises(t, message);
    lua_policy_loaded(p);
    return is_well ? &t->table : NULL;
}
