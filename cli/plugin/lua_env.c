/*
 * lua_env.c - what a policy in Lua may name: of the libraries what depends on
 * nothing of the host, and the host, which is the run. See lua_policy.h.
 */
#include <lauxlib.h>
#include <lualib.h>
#include <string.h>

#include "cli/plugin/lua_policy.h"
#include "cli/plugin/texts.h"
#include "ik/queue/vmheap.h"

/* ---- The run ------------------------------------------------------------- */

static struct policy_host *host_of(lua_State *lua)
{
    struct lua_policy *p = lua_policy_of(lua);
    if (!p->host) {
        luaL_error(lua, "the host answers from create() on, not before");
    }
    return p->host;
}

static int host_now(lua_State *lua)
{
    lua_pushinteger(lua, (lua_Integer)policy_now(host_of(lua)));
    return 1;
}

static int host_random(lua_State *lua)
{
    lua_Integer below = luaL_checkinteger(lua, 1);
    luaL_argcheck(lua, below > 0, 1, "must be above 0");
    uint64_t drawn = policy_random(host_of(lua), (uint64_t)below);
    lua_pushinteger(lua, (lua_Integer)drawn);
    return 1;
}

static int host_wake_at(lua_State *lua)
{
    lua_Integer cycle = luaL_checkinteger(lua, 1);
    luaL_argcheck(lua, cycle > 0, 1, "must be a cycle to come");
    policy_wake_at(host_of(lua), (uint64_t)cycle);
    return 0;
}

/* Reasons are counted from 1, as all in Lua. */
static int host_reason(lua_State *lua)
{
    lua_Integer which = luaL_checkinteger(lua, 1);
    lua_Integer value = luaL_optinteger(lua, 2, 0);
    luaL_argcheck(lua, which > 0 && which <= UINT32_MAX, 1,
                  "must be the number of a reason, from 1 on");
    luaL_argcheck(lua, value >= 0, 2, "must not be negative");
    policy_reason(host_of(lua), (uint32_t)which - 1, (uint64_t)value);
    return 0;
}

static const struct policy_arg *find_row(lua_State *lua, int at,
                                         const struct policy_arg *rows)
{
    const char *name = luaL_checkstring(lua, at);
    for (const struct policy_arg *r = rows; r && r->name; r++) {
        if (strcmp(r->name, name) == 0) {
            return r;
        }
    }
    luaL_error(lua, "the policy's table lists no argument '%s'", name);
    return NULL;
}

static struct lua_policy *creating(lua_State *lua)
{
    struct lua_policy *p = lua_policy_of(lua);
    if (!p->arena) {
        luaL_error(lua, "this may be asked in create() alone");
    }
    return p;
}

static vmid_t vm_at(lua_State *lua, int at, uint32_t limit)
{
    lua_Integer vm = luaL_checkinteger(lua, at);
    luaL_argcheck(lua, vm >= 0 && vm < (lua_Integer)limit, at,
                  "there is none of that number");
    return (vmid_t)vm;
}

static int host_arg(lua_State *lua)
{
    struct lua_policy *p = creating(lua);
    const struct policy_arg *row = find_row(lua, 1, p->facts.args);
    uint64_t value = policy_arg(p->host, &p->facts, row->name);
    lua_pushinteger(lua, (lua_Integer)value);
    return 1;
}

static int host_vm_arg(lua_State *lua)
{
    struct lua_policy *p = creating(lua);
    vmid_t vm = vm_at(lua, 1, p->vm_limit);
    const struct policy_arg *row = find_row(lua, 2, p->facts.vm_args);
    uint64_t value = policy_vm_arg(p->host, &p->facts, vm, row->name);
    lua_pushinteger(lua, (lua_Integer)value);
    return 1;
}

/* shares, priority, frames that are reserved. */
static int host_entitled(lua_State *lua)
{
    struct lua_policy *p = creating(lua);
    struct entitlement e =
        entitlement_of(p->vm, p->vm_ctx, vm_at(lua, 1, p->vm_limit));
    lua_pushinteger(lua, e.shares);
    lua_pushinteger(lua, e.priority);
    lua_pushinteger(lua, e.reserve_frames);
    return 3;
}

/* ---- Frames -------------------------------------------------------------- */

/* One of the questions of a replacement policy, which is the first upvalue. */
static int ask_frame(lua_State *lua)
{
    const struct lua_policy *p = lua_policy_of(lua);
    const struct replace_view *view = p->view;
    if (!view) {
        return luaL_error(lua, "this may be asked in victim() alone");
    }
    bool (*const asks[])(void *, uint32_t) = { view->may_take,
                                               view->was_touched,
                                               view->is_dirty, view->clean };
    uint32_t frame = vm_at(lua, 1, p->number_limit);
    lua_Integer which = lua_tointeger(lua, lua_upvalueindex(1));
    lua_pushboolean(lua, asks[which](view->ctx, frame));
    return 1;
}

static void add_questions(lua_State *lua)
{
    static const char *const names[] = { "may_take", "was_touched", "is_dirty",
                                         "clean" };
    for (int i = 0; i < 4; i++) {
        lua_pushinteger(lua, i);
        lua_pushcclosure(lua, ask_frame, 1);
        lua_setfield(lua, -2, names[i]);
    }
}

/* ---- Heaps --------------------------------------------------------------- */

struct heap {
    struct vmheap heap;
    uint32_t limit;
};

static const char heap_kind[] = "heap";

static struct heap *heap_at(lua_State *lua)
{
    return luaL_checkudata(lua, 1, heap_kind);
}

static int host_heap(lua_State *lua)
{
    struct lua_policy *p = creating(lua);
    struct heap *h = lua_newuserdatauv(lua, sizeof(*h), 0);
    h->limit = p->number_limit;
    if (++p->heaps > LUA_POLICY_HEAPS) {
        return luaL_error(lua, "it makes more than %d heaps", LUA_POLICY_HEAPS);
    }
    if (!vmheap_init(&h->heap, p->arena, h->limit)) {
        return luaL_error(lua, "the host has no room for a heap");
    }
    luaL_setmetatable(lua, heap_kind);
    return 1;
}

static bool heap_has(const struct heap *h, uint32_t who)
{
    return h->heap.slots[who].place_plus_1 != 0;
}

static int heap_push(lua_State *lua)
{
    struct heap *h = heap_at(lua);
    uint32_t who = vm_at(lua, 2, h->limit);
    lua_Integer key = luaL_optinteger(lua, 3, 0);
    luaL_argcheck(lua, key >= 0, 3, "a key must not be negative");
    luaL_argcheck(lua, !heap_has(h, who), 2, "it is in the heap already");
    vmheap_push(&h->heap, who, (uint64_t)key);
    return 0;
}

static int push_first(lua_State *lua, const struct heap *h)
{
    uint32_t who = vmheap_first(&h->heap);
    if (who == VM_NONE) {
        return 0;
    }
    lua_pushinteger(lua, who);
    lua_pushinteger(lua, (lua_Integer)h->heap.slots[who].key);
    return 2;
}

static int heap_first(lua_State *lua)
{
    return push_first(lua, heap_at(lua));
}

static int heap_pop(lua_State *lua)
{
    struct heap *h = heap_at(lua);
    int results = push_first(lua, h);
    if (results > 0) {
        vmheap_remove(&h->heap, vmheap_first(&h->heap));
    }
    return results;
}

static int heap_remove(lua_State *lua)
{
    struct heap *h = heap_at(lua);
    uint32_t who = vm_at(lua, 2, h->limit);
    bool is_in = heap_has(h, who);
    if (is_in) {
        vmheap_remove(&h->heap, who);
    }
    lua_pushboolean(lua, is_in);
    return 1;
}

static int heap_holds(lua_State *lua)
{
    struct heap *h = heap_at(lua);
    lua_pushboolean(lua, heap_has(h, vm_at(lua, 2, h->limit)));
    return 1;
}

static int heap_count(lua_State *lua)
{
    lua_pushinteger(lua, heap_at(lua)->heap.count);
    return 1;
}

static const luaL_Reg host_functions[] = {
    { "now", host_now },
    { "random", host_random },
    { "wake_at", host_wake_at },
    { "reason", host_reason },
    { "arg", host_arg },
    { "vm_arg", host_vm_arg },
    { "vm", host_entitled },
    { "heap", host_heap },
    { NULL, NULL },
};

static const luaL_Reg heap_functions[] = {
    { "push", heap_push },   { "pop", heap_pop },
    { "first", heap_first }, { "remove", heap_remove },
    { "has", heap_holds },   { "count", heap_count },
    { NULL, NULL },
};

/* ---- Libraries ----------------------------------------------------------- */

/* Calls the first upvalue. What it goes through costs as many steps. */
static int charged(lua_State *lua)
{
    struct lua_policy *p = lua_policy_of(lua);
    p->steps_left -= (int64_t)lua_rawlen(lua, 1);
    if (p->steps_left < 0) {
        return luaL_error(lua, "it takes more steps than a call may take");
    }
    lua_pushvalue(lua, lua_upvalueindex(1));
    lua_insert(lua, 1);
    lua_call(lua, lua_gettop(lua) - 1, LUA_MULTRET);
    return lua_gettop(lua);
}

/* Addresses are not shown. */
static int format(lua_State *lua)
{
    const char *text = luaL_checkstring(lua, 1);
    for (const char *at = strchr(text, '%'); at; at = strchr(at, '%')) {
        at += 1 + strspn(at + 1, "-+ #0123456789.");
        luaL_argcheck(lua, *at != 'p', 1, "%p would show an address");
        at += *at != '\0';
    }
    for (int i = 2; i <= lua_gettop(lua); i++) {
        luaL_argcheck(lua, lua_type(lua, i) <= LUA_TSTRING, i,
                      "a number, a text or a flag can be shown");
    }
    return charged(lua);
}

/* The names of one library that scripts have; " *" behind one: it is charged. */
static const char *const allowed[][2] = {
    { "_G", "assert error ipairs select tonumber type" },
    { "string", "byte char len lower sub upper" },
    { "table", "insert* remove* concat* unpack*" },
    { "math", "abs ceil floor fmod huge max maxinteger min mininteger "
              "tointeger type ult" },
};

/* From the library at -1 to the table at -2. */
static void copy_names(lua_State *lua, const char *names)
{
    while (*names) {
        size_t length = strcspn(names, "* ");
        lua_pushlstring(lua, names, length);
        lua_pushvalue(lua, -1);
        lua_rawget(lua, -3);
        if (names[length] == '*') {
            lua_pushcclosure(lua, charged, 1);
        }
        lua_rawset(lua, -4);
        names += length + strspn(names + length, "* ");
    }
}

static int on_unknown(lua_State *lua)
{
    return luaL_error(lua,
                      "there is no '%s' here: a policy has no clock, file or "
                      "module of the host's, and what it names it must set; "
                      "host.now() is the run's time",
                      luaL_tolstring(lua, 2, NULL));
}

/* Sets sort, pairs and tostring of the table at `env`. */
static void add_prelude(lua_State *lua, int env)
{
    const char *text = plugin_texts[PLUGIN_TEXT_PRELUDE].text;
    if (luaL_loadbufferx(lua, text, strlen(text), "=prelude", "t") != LUA_OK) {
        lua_error(lua);
    }
    static const char *const wants[] = { "next", "type", "error", "tostring" };
    for (size_t i = 0; i < sizeof(wants) / sizeof(wants[0]); i++) {
        lua_getglobal(lua, wants[i]);
    }
    lua_call(lua, 4, 3);
    lua_setfield(lua, env, "tostring");
    lua_setfield(lua, env, "pairs");
    lua_getfield(lua, env, "table");
    lua_insert(lua, -2);
    lua_setfield(lua, -2, "sort");
    lua_pop(lua, 1);
}

static void add_host(lua_State *lua, int env)
{
    luaL_newmetatable(lua, heap_kind);
    luaL_newlib(lua, heap_functions);
    lua_setfield(lua, -2, "__index");
    lua_pop(lua, 1);
    luaL_newlib(lua, host_functions);
    add_questions(lua);
    lua_setfield(lua, env, "host");
}

void lua_env_push(lua_State *lua)
{
    static const lua_CFunction open[] = { luaopen_base, luaopen_string,
                                          luaopen_table, luaopen_math };
    lua_newtable(lua);
    int env = lua_gettop(lua);
    for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
        if (i == 0) {
            lua_pushvalue(lua, env);
        } else {
            lua_newtable(lua);
        }
        luaL_requiref(lua, allowed[i][0], open[i], 1);
        copy_names(lua, allowed[i][1]);
        lua_pop(lua, 1);
        if (i == 0) {
            lua_pop(lua, 1);
        } else {
            lua_setfield(lua, env, allowed[i][0]);
        }
    }
    lua_getfield(lua, env, "string");
    lua_getglobal(lua, "string");
    lua_getfield(lua, -1, "format");
    lua_pushcclosure(lua, format, 1);
    lua_setfield(lua, -3, "format");
    lua_pop(lua, 1);
    /* ("x"):rep() finds what string.rep does: nothing. */
    lua_pushliteral(lua, "");
    lua_getmetatable(lua, -1);
    lua_pushvalue(lua, -3);
    lua_setfield(lua, -2, "__index");
    lua_settop(lua, env);
    add_prelude(lua, env);
    add_host(lua, env);
    lua_newtable(lua);
    lua_pushcfunction(lua, on_unknown);
    lua_setfield(lua, -2, "__index");
    lua_setmetatable(lua, env);
}
