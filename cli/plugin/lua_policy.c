/* lua_policy.c - see lua_policy.h. */
#include "cli/plugin/lua_policy.h"

#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/arena.h"

#define STATE      (LUA_POLICY_SLOTS + 1) /* What create() gave. */
#define HOOK_STEPS 1000
/* For what is put on the stack outside a protected call. */
#define OWN_MEMORY (1u << 20)

struct lua_policy *lua_policy_of(lua_State *lua)
{
    struct lua_policy *p;
    memcpy(&p, lua_getextraspace(lua), sizeof(struct lua_policy *));
    return p;
}

/* ---- Bounds -------------------------------------------------------------- */

static void *allocate(void *ctx, void *at, size_t old_bytes, size_t bytes)
{
    struct lua_policy *p = ctx;
    size_t before = at ? old_bytes : 0; /* Without one it says a type. */
    if (bytes == 0) {
        free(at);
        p->held_bytes -= before;
        return NULL;
    }
    size_t limit = LUA_POLICY_MEMORY + (p->is_inside ? 0 : OWN_MEMORY);
    if (bytes > before && p->held_bytes + bytes - before > limit) {
        return NULL;
    }
    void *now = realloc(at, bytes);
    if (now) {
        p->held_bytes += bytes - before;
    }
    return now;
}

static void on_steps(lua_State *lua, lua_Debug *where)
{
    struct lua_policy *p = lua_policy_of(lua);
    p->steps_left -= HOOK_STEPS;
    if (p->steps_left < 0) {
        (void)lua_getinfo(lua, "Sl", where);
        lua_pushfstring(lua,
                        "%s:%d: it takes more than %I steps, which is all that "
                        "a call may take",
                        where->short_src, where->currentline,
                        (LUAI_UACINT)p->steps);
        (void)lua_error(lua);
    }
}

/* ---- Loading ------------------------------------------------------------- */

/* The message on top of the stack, or what stands for it. */
static const char *message_of(const struct lua_policy *p)
{
    const char *text = lua_tostring(p->lua, -1);
    if (p->status == LUA_ERRMEM) {
        return "it needs more memory than it may have, 64 MiB";
    }
    return text ? text : "it ends by an error that is no text";
}

/* False: the message is on top. */
static bool run(struct lua_policy *p, int arguments, int results)
{
    p->is_inside = true;
    p->status = lua_pcall(p->lua, arguments, results, 0);
    p->is_inside = false;
    return p->status == LUA_OK;
}

struct loading {
    struct lua_policy *policy;
    struct arena *arena;
    const struct plugin_source *source;
    const char *kind;
    const char *const *functions;
};

/* Under lua_pcall: whatever goes wrong ends here. */
static int load(lua_State *lua)
{
    const struct loading *l = lua_touserdata(lua, 1);
    char chunk[512];
    snprintf(chunk, sizeof(chunk), "@%s", l->source->name);
    if (luaL_loadbufferx(lua, l->source->text, l->source->bytes, chunk, "t") !=
        LUA_OK) {
        return lua_error(lua);
    }
    lua_env_push(lua);
    lua_setupvalue(lua, -2, 1);
    lua_call(lua, 0, 1);
    if (!lua_istable(lua, -1)) {
        return luaL_error(lua,
                          "%s: it must return a table, as `iksim policy "
                          "new` writes one; it returns a %s",
                          l->source->name, luaL_typename(lua, -1));
    }
    lua_getfield(lua, -1, "kind");
    const char *kind = lua_tostring(lua, -1);
    if (!kind || strcmp(kind, l->kind) != 0) {
        l->policy->is_other_kind = true;
        return luaL_error(lua,
                          "%s: its table must say kind = \"%s\"; it says "
                          "%s",
                          l->source->name, l->kind, kind ? kind : "none");
    }
    lua_pop(lua, 1);
    lua_facts_read(l->policy, l->arena, lua_gettop(lua));
    return 1;
}

static int read_slots(lua_State *lua)
{
    const struct loading *l = lua_touserdata(lua, 1);
    /* In its own frame: what was read is handed back in order. */
    lua_settop(lua, 2);
    for (uint32_t i = 0; l->functions[i]; i++) {
        bool may_lack = l->functions[i][0] == '?';
        const char *name = l->functions[i] + may_lack;
        int type = lua_getfield(lua, 2, name);
        if (type != LUA_TFUNCTION && !(may_lack && type == LUA_TNIL)) {
            return luaL_error(lua, "%s: its table has no function '%s'",
                              l->source->name, name);
        }
    }
    return lua_gettop(lua) - 2;
}

bool lua_policy_load(struct lua_policy *p, struct arena *arena,
                     const struct plugin_source *source, const char *kind,
                     const char *const *functions, char *message)
{
    *p = (struct lua_policy){ .path = source->name };
    p->steps = p->steps_left = LUA_POLICY_STEPS;
    p->lua = lua_newstate(allocate, p);
    if (!p->lua) {
        snprintf(message, PLUGIN_MESSAGE_BYTES, "too little memory for Lua");
        return false;
    }
    struct lua_policy **at = lua_getextraspace(p->lua);
    *at = p;
    lua_sethook(p->lua, on_steps, LUA_MASKCOUNT, HOOK_STEPS);
    struct loading l = { p, arena, source, kind, functions };
    lua_pushcfunction(p->lua, load);
    lua_pushlightuserdata(p->lua, &l);
    bool is_well = run(p, 1, 1);
    if (is_well) {
        lua_pushcfunction(p->lua, read_slots);
        lua_pushlightuserdata(p->lua, &l);
        lua_pushvalue(p->lua, 1);
        is_well = run(p, 2, LUA_POLICY_SLOTS);
    }
    if (!is_well) {
        snprintf(message, PLUGIN_MESSAGE_BYTES, "%s", message_of(p));
        return false;
    }
    /* The table goes from below the slots to above them. */
    lua_pushvalue(p->lua, 1);
    lua_remove(p->lua, 1);
    return true;
}

void lua_policy_release(struct lua_policy *p)
{
    if (p->lua) {
        lua_close(p->lua);
    }
    p->lua = NULL;
}

bool lua_policy_has(const struct lua_policy *p, uint32_t slot)
{
    return lua_isfunction(p->lua, (int)slot + 1);
}

void lua_policy_loaded(struct lua_policy *p)
{
    lua_settop(p->lua, LUA_POLICY_SLOTS);
    lua_pushnil(p->lua); /* The state. */
}

/* The field of a table in the script's table, or of that itself, is on top. */
static int push_field(struct lua_policy *p, const char *table, const char *name)
{
    lua_settop(p->lua, STATE);
    if (!table) {
        return lua_getfield(p->lua, STATE, name);
    }
    if (lua_getfield(p->lua, STATE, table) != LUA_TTABLE) {
        lua_pushnil(p->lua);
        return LUA_TNIL;
    }
    return lua_getfield(p->lua, -1, name);
}

bool lua_policy_flag(struct lua_policy *p, const char *table, const char *name)
{
    (void)push_field(p, table, name);
    return lua_toboolean(p->lua, -1);
}

const char *lua_policy_word(struct lua_policy *p, const char *table,
                            const char *name)
{
    return push_field(p, table, name) == LUA_TSTRING ? lua_tostring(p->lua, -1)
                                                     : NULL;
}

bool lua_policy_field(struct lua_policy *p, const char *table, const char *name,
                      uint64_t *value)
{
    int type = push_field(p, table, name);
    lua_Integer whole =
        lua_isinteger(p->lua, -1) ? lua_tointeger(p->lua, -1) : 0;
    *value = (uint64_t)whole;
    return type == LUA_TNIL || (whole >= 1 && whole <= 1000000);
}

/* ---- Calling ------------------------------------------------------------- */

void lua_policy_begin(struct lua_policy *p, uint32_t slot)
{
    lua_settop(p->lua, STATE);
    lua_pushvalue(p->lua, (int)slot + 1);
    lua_pushvalue(p->lua, STATE);
}

static bool call(struct lua_policy *p, int arguments, int results)
{
    p->steps_left = p->steps;
    bool is_well = run(p, arguments, results);
    if (!is_well) {
        policy_fail(p->host, message_of(p));
        lua_settop(p->lua, STATE);
    }
    return is_well;
}

bool lua_policy_call(struct lua_policy *p, int arguments, int results)
{
    return call(p, arguments + 1, results);
}

void lua_policy_create(struct lua_policy *p, const struct lua_instance *with)
{
    uint32_t numbers = with->frame_count ? with->frame_count : with->vm_limit;
    p->host = with->host;
    p->arena = with->arena;
    p->vm = with->vm;
    p->vm_ctx = with->vm_ctx;
    p->vm_limit = with->vm_limit;
    p->number_limit = numbers;
    p->heaps = 0;
    p->steps = (LUA_POLICY_STEPS + (int64_t)LUA_POLICY_STEPS_EACH * numbers) *
               LUA_POLICY_STEPS_CREATE;
    lua_settop(p->lua, STATE);
    lua_pushvalue(p->lua, 1);
    lua_createtable(p->lua, 0, 5);
    const struct {
        const char *name;
        uint64_t value;
    } fields[] = { { "vm_limit", with->vm_limit },
                   { "frame_count", with->frame_count },
                   { "quantum", with->quantum_cycles },
                   { "switch", with->switch_cycles },
                   { "min_free", with->min_free } };
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        lua_pushinteger(p->lua, (lua_Integer)fields[i].value);
        lua_setfield(p->lua, -2, fields[i].name);
    }
    if (call(p, 1, 1)) {
        lua_replace(p->lua, STATE);
    }
    p->arena = NULL;
    p->steps = LUA_POLICY_STEPS + (int64_t)LUA_POLICY_STEPS_EACH * numbers;
}

uint32_t lua_policy_number(struct lua_policy *p, int arguments,
                           const char *what)
{
    uint64_t value;
    bool is_given = lua_policy_call(p, arguments, 1) &&
                    !lua_isnil(p->lua, LUA_POLICY_RESULT) &&
                    lua_policy_whole(p, 0, what, UINT32_MAX - 1, &value);
    return is_given ? (uint32_t)value : UINT32_MAX;
}

bool lua_policy_whole(struct lua_policy *p, int result, const char *what,
                      uint64_t most, uint64_t *value)
{
    char text[256];
    int at = LUA_POLICY_RESULT + result;
    int is_whole = 0;
    lua_Integer whole = 0;
    int type = lua_type(p->lua, at);
    if (type == LUA_TNUMBER) {
        whole = lua_tointegerx(p->lua, at, &is_whole);
    }
    if (is_whole && whole >= 0 && (uint64_t)whole <= most) {
        *value = (uint64_t)whole;
        return true;
    }
    const char *shown = type == LUA_TNUMBER || type == LUA_TSTRING
                            ? lua_tostring(p->lua, at)
                            : lua_typename(p->lua, type);
    snprintf(text, sizeof(text),
             "must give a whole number from 0 to %llu as %s; it gave %s%.40s%s",
             (unsigned long long)most, what, type == LUA_TSTRING ? "'" : "",
             shown, type == LUA_TSTRING ? "'" : "");
    policy_fail(p->host, text);
    return false;
}
