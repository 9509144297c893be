/*
 * lua_policy.h - a policy in Lua: its state, and how its functions are called.
 *
 * A script sees no clock, file, module or memory address of the host, and
 * nothing whose order depends on one; what it draws comes from the run's own
 * stream. It has so many steps for each call, and so much memory. So it does
 * the same in each replay, whatever it does.
 */
#ifndef CLI_PLUGIN_LUA_POLICY_H
#define CLI_PLUGIN_LUA_POLICY_H

#include <lua.h>

#include "cli/plugin/plugin.h"
#include "ik/host.h"

#define LUA_POLICY_MEMORY (64u << 20) /* Bytes that a script may hold. */
/* Instructions that a call may take, and more of them for each VM or frame. */
#define LUA_POLICY_STEPS        1000000
#define LUA_POLICY_STEPS_EACH   200
#define LUA_POLICY_STEPS_CREATE 10 /* Times as many. */
#define LUA_POLICY_HEAPS        64
#define LUA_POLICY_SLOTS        12 /* Functions that a kind of policy may have. */

struct lua_policy {
    lua_State *lua;
    const char *path;
    struct policy_facts facts;
    size_t held_bytes;
    int64_t steps_left;
    int64_t steps;      /* Of a call. */
    bool is_other_kind; /* It was not loaded, since it says another kind. */
    bool is_inside;     /* A protected call. */
    int status;         /* Of the last one. */

    /* Of the instance. */
    struct policy_host *host;
    struct arena *arena; /* Valid in create(); NULL otherwise. */
    entitlement_fn *vm;
    const void *vm_ctx;
    uint32_t vm_limit, number_limit; /* Of a heap's numbers. */
    uint32_t heaps;
    const struct replace_view *view; /* Valid in victim(); NULL otherwise. */
};

/* What an instance is created with, whatever its kind. */
struct lua_instance {
    struct policy_host *host;
    struct arena *arena;
    entitlement_fn *vm;
    const void *vm_ctx;
    uint32_t vm_limit;
    uint32_t frame_count; /* 0: it has to do with VMs. */
    uint64_t quantum_cycles, switch_cycles;
    uint64_t min_free;
};

/*
 * Runs the script, which gives a table of that kind ("scheduler"), and reads
 * what it states. The functions of these names, ended by NULL, get the slots from 0 on; a "?" before a name:
 * it may be left out. The table stays on the stack.
 * False: `message` says why not.
 */
SIM_MUST_USE bool lua_policy_load(struct lua_policy *p, struct arena *arena,
                                  const struct plugin_source *source,
                                  const char *kind,
                                  const char *const *functions, char *message);
/* Whatever load said. */
void lua_policy_release(struct lua_policy *p);

/* The functions that a kind has: whether that one is there. */
bool lua_policy_has(const struct lua_policy *p, uint32_t slot);

/* Pops the script's own table. */
void lua_policy_loaded(struct lua_policy *p);

/* Calls create(). Fails by policy_fail(). */
void lua_policy_create(struct lua_policy *p, const struct lua_instance *with);

/* Begins a call: the arguments are pushed on p->lua afterwards. */
void lua_policy_begin(struct lua_policy *p, uint32_t slot);

/* Calls it. False, having failed: there are no results. They stand at
   lua_policy_result() + 0, 1, ... */
bool lua_policy_call(struct lua_policy *p, int arguments, int results);
#define LUA_POLICY_RESULT (LUA_POLICY_SLOTS + 2)

/* A result that must be a whole number, 0 to most. False, having failed. */
bool lua_policy_whole(struct lua_policy *p, int result, const char *what,
                      uint64_t most, uint64_t *value);

/* Calls it for the number of a VM or a frame. UINT32_MAX: it gave none, or has
   failed. */
uint32_t lua_policy_number(struct lua_policy *p, int arguments,
                           const char *what);

/* Fields of a table within the script's own table, while that is loaded. What
   is not there is false, NULL, or 0. */
bool lua_policy_flag(struct lua_policy *p, const char *table, const char *name);
const char *lua_policy_word(struct lua_policy *p, const char *table,
                            const char *name);
/* False: the field is no whole number from 1 to 1,000,000. */
bool lua_policy_field(struct lua_policy *p, const char *table, const char *name,
                      uint64_t *value);

/* A host's stack of its own: the policy that a function is called by. */
struct lua_policy *lua_policy_of(lua_State *lua);

/* lua_env.c: leaves on the stack the table of what scripts may name. */
void lua_env_push(lua_State *lua);
/* lua_facts.c: reads what the table at that index states. May raise. */
void lua_facts_read(struct lua_policy *p, struct arena *arena, int table);

#endif /* CLI_PLUGIN_LUA_POLICY_H */
