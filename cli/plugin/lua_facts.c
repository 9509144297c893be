/* lua_facts.c - what a policy in Lua states of itself. See lua_policy.h. */
#include <lauxlib.h>
#include <string.h>

#include "cli/plugin/lua_policy.h"
#include "sim/units.h"

static void *take(lua_State *lua, struct arena *arena, size_t bytes)
{
    void *at = arena_alloc(arena, bytes, alignof(max_align_t));
    if (!at) {
        luaL_error(lua, "the host has too little memory");
    }
    return at;
}

/* The text of a field of the table on top, kept; NULL: it is not there. */
static const char *text_of(lua_State *lua, struct arena *arena,
                           const char *name)
{
    int type = lua_getfield(lua, -1, name);
    if (type == LUA_TNIL) {
        lua_pop(lua, 1);
        return NULL;
    }
    size_t bytes = 0;
    const char *text =
        type == LUA_TSTRING ? lua_tolstring(lua, -1, &bytes) : NULL;
    if (!text) {
        luaL_error(lua, "'%s' must be a text", name);
        return NULL;
    }
    char *kept = take(lua, arena, bytes + 1);
    memcpy(kept, text, bytes);
    lua_pop(lua, 1);
    return kept;
}

/* A limit of an argument, as a number, or a time as "20ms". */
static uint64_t limit_of(lua_State *lua, const struct policy_arg *row,
                         const char *name, uint64_t otherwise)
{
    uint64_t value = otherwise;
    int type = lua_getfield(lua, -1, name);
    const char *why = NULL;
    if (type == LUA_TSTRING && row->unit == POLICY_TIME) {
        why = units_read_time(lua_tostring(lua, -1), &value);
    } else if (type == LUA_TBOOLEAN && row->unit == POLICY_FLAG) {
        value = lua_toboolean(lua, -1) != 0;
    } else if (type == LUA_TNUMBER && row->unit == POLICY_NUMBER &&
               lua_isinteger(lua, -1) && lua_tointeger(lua, -1) >= 0) {
        value = (uint64_t)lua_tointeger(lua, -1);
    } else if (type != LUA_TNIL) {
        why = "is not of its unit";
    }
    if (why) {
        luaL_error(lua, "'%s' of argument '%s' %s", name, row->name, why);
    }
    lua_pop(lua, 1);
    return value;
}

static enum policy_unit unit_of(lua_State *lua, struct arena *arena)
{
    static const char *const units[] = { "number", "flag", "time" };
    const char *unit = text_of(lua, arena, "unit");
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (!unit || strcmp(unit, units[i]) == 0) {
            return (enum policy_unit)i;
        }
    }
    luaL_error(lua, "a unit is \"number\", \"flag\" or \"time\", not '%s'",
               unit);
    return POLICY_NUMBER;
}

static void read_row(lua_State *lua, struct arena *arena,
                     struct policy_arg *row)
{
    if (!lua_istable(lua, -1)) {
        luaL_error(lua, "an argument is a table: {name=..., unit=..., "
                        "default=..., low=..., high=..., meaning=...}");
    }
    row->name = text_of(lua, arena, "name");
    if (!row->name) {
        luaL_error(lua, "an argument has no name");
    }
    row->unit = unit_of(lua, arena);
    uint64_t most = row->unit == POLICY_FLAG   ? 1
                    : row->unit == POLICY_TIME ? POLICY_TIME_LIMIT
                                               : INT64_MAX;
    row->low = limit_of(lua, row, "low", 0);
    row->high = limit_of(lua, row, "high", most);
    row->fallback = limit_of(lua, row, "default", row->low);
    const char *meaning = text_of(lua, arena, "meaning");
    row->meaning = meaning ? meaning : "what it says";
    if (row->low > row->fallback || row->fallback > row->high ||
        row->high > most) {
        luaL_error(lua, "the default of argument '%s' is not within its limits",
                   row->name);
    }
}

/* The rows of a list, NULL without one. */
static const struct policy_arg *rows_of(lua_State *lua, struct arena *arena,
                                        int table, const char *name)
{
    int type = lua_getfield(lua, table, name);
    size_t count = type == LUA_TTABLE ? lua_rawlen(lua, -1) : 0;
    if (type != LUA_TNIL && type != LUA_TTABLE) {
        luaL_error(lua, "'%s' must be a list", name);
    }
    struct policy_arg *rows =
        count > 0 ? take(lua, arena, (count + 1) * sizeof(*rows)) : NULL;
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(lua, -1, (lua_Integer)i + 1);
        read_row(lua, arena, &rows[i]);
        lua_pop(lua, 1);
    }
    lua_pop(lua, 1);
    return rows;
}

static const char *const *reasons_of(lua_State *lua, struct arena *arena,
                                     int table)
{
    int type = lua_getfield(lua, table, "reasons");
    size_t count = type == LUA_TTABLE ? lua_rawlen(lua, -1) : 0;
    if (type != LUA_TNIL && type != LUA_TTABLE) {
        luaL_error(lua, "'reasons' must be a list of texts");
    }
    const char **texts = take(lua, arena, (count + 1) * sizeof(*texts));
    for (size_t i = 0; i < count; i++) {
        lua_newtable(lua);
        lua_rawgeti(lua, -2, (lua_Integer)i + 1);
        lua_setfield(lua, -2, "reason");
        texts[i] = text_of(lua, arena, "reason");
        lua_pop(lua, 1);
    }
    lua_pop(lua, 1);
    return texts;
}

void lua_facts_read(struct lua_policy *p, struct arena *arena, int table)
{
    lua_State *lua = p->lua;
    lua_pushvalue(lua, table);
    const char *summary = text_of(lua, arena, "summary");
    const char *source = text_of(lua, arena, "source");
    lua_pop(lua, 1);
    p->facts = (struct policy_facts){
        .name = p->path,
        .summary = summary ? summary : "a policy in Lua",
        .source = source ? source : p->path,
        .args = rows_of(lua, arena, table, "args"),
        .vm_args = rows_of(lua, arena, table, "vm_args"),
        .reasons = reasons_of(lua, arena, table),
    };
}
