/* plugin.c - see plugin.h. */
#include "cli/plugin/plugin.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/plugin/checked.h"
#include "cli/plugin/kinds.h"
#include "cli/plugin/lua_policy.h"
#include "cli/plugin/native/native.h"

#define FILE_LIMIT (8u << 20)

/* Of the file's name, without a pin. */
static size_t length_of(const char *name)
{
    size_t length = strlen(name);
    const char *at = strrchr(name, '@');
    return at && strspn(at + 1, "0123456789abcdef") == PLUGIN_PIN_CHARS &&
                   at[1 + PLUGIN_PIN_CHARS] == '\0'
               ? (size_t)(at - name)
               : length;
}

static bool has_end(const char *name, const char *end)
{
    size_t length = length_of(name);
    size_t most = strlen(end);
    return length > most && memcmp(name + length - most, end, most) == 0;
}

bool plugin_is_file(const char *name)
{
    return has_end(name, ".lua") || has_end(name, ".c") || has_end(name, ".so");
}

/* Opens the file, and keeps its path. */
static FILE *open_file(struct plugin_source *source, struct arena *arena,
                       const char *beside)
{
    source->path = source->name;
    FILE *file = fopen(source->name, "rb");
    const char *slash = beside ? strrchr(beside, '/') : NULL;
    if (file || !slash || source->name[0] == '/') {
        return file;
    }
    size_t bytes = (size_t)(slash - beside) + strlen(source->name) + 2;
    char *path = arena_alloc(arena, bytes, 1);
    if (!path) {
        return NULL;
    }
    snprintf(path, bytes, "%.*s/%s", (int)(slash - beside), beside,
             source->name);
    source->path = path;
    return fopen(path, "rb");
}

bool plugin_read(struct plugin_source *source, struct arena *arena,
                 const char *name, const char *beside,
                 char message[PLUGIN_MESSAGE_BYTES])
{
    size_t length = length_of(name);
    char *own = arena_alloc(arena, length + 1, 1);
    if (!own || length + 2 + PLUGIN_PIN_CHARS > PLUGIN_NAME_BYTES) {
        snprintf(message, PLUGIN_MESSAGE_BYTES, "the name is too long");
        return false;
    }
    memcpy(own, name, length);
    *source = (struct plugin_source){ .name = own };
    FILE *file = open_file(source, arena, beside);
    if (!file) {
        snprintf(message, PLUGIN_MESSAGE_BYTES,
                 "cannot read the policy '%s': %s", own, strerror(errno));
        return false;
    }
    long end = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    bool is_well = end >= 0 && end <= FILE_LIMIT;
    char *text = is_well ? arena_alloc(arena, (size_t)end + 1, 16) : NULL;
    if (text) {
        source->bytes = fseek(file, 0, SEEK_SET) == 0
                            ? fread(text, 1, (size_t)end, file)
                            : 0;
        is_well = source->bytes == (size_t)end;
    }
    fclose(file);
    if (!text || !is_well) {
        snprintf(message, PLUGIN_MESSAGE_BYTES,
                 "cannot read '%s': it is no file, or above %u MiB", own,
                 FILE_LIMIT >> 20);
        return false;
    }
    source->text = text;
    trace_hash_wide(text, source->bytes, source->hash);
    if (name[length] == '@' &&
        memcmp(name + length + 1, source->hash, PLUGIN_PIN_CHARS) != 0) {
        snprintf(message, PLUGIN_MESSAGE_BYTES,
                 "the policy '%s' has changed: it is to be @%s, and is @%.*s",
                 own, name + length + 1, PLUGIN_PIN_CHARS, source->hash);
        return false;
    }
    return true;
}

void plugin_pin(const struct plugin_source *source,
                char pinned[PLUGIN_NAME_BYTES])
{
    snprintf(pinned, PLUGIN_NAME_BYTES, "%s@%.*s", source->name,
             PLUGIN_PIN_CHARS, source->hash);
}

static bool load_lua(struct plugin *p, struct arena *arena, char *message)
{
    p->lua = arena_alloc(arena, sizeof(*p->lua), alignof(struct lua_policy));
    if (!p->lua) {
        return false;
    }
    switch (p->kind) {
    case POLICY_GATEKEEPER:
        p->gate = lua_gate_load(p->lua, arena, &p->source, message);
        return p->gate;
    case POLICY_SCHEDULER:
        p->sched = lua_sched_load(p->lua, arena, &p->source, message);
        return p->sched;
    case POLICY_REPLACEMENT:
        p->replace = lua_replace_load(p->lua, arena, &p->source, message);
        return p->replace;
    }
    return false;
}

static bool load_native(struct plugin *p, struct arena *arena, char *message)
{
    if (!native_open(p, arena, message)) {
        return false;
    }
    switch (p->kind) {
    case POLICY_GATEKEEPER:
        p->gate = native_gate_load(p, arena, message);
        return p->gate;
    case POLICY_SCHEDULER:
        p->sched = native_sched_load(p, arena, message);
        return p->sched;
    case POLICY_REPLACEMENT:
        p->replace = native_replace_load(p, arena, message);
        return p->replace;
    }
    return false;
}

bool plugin_load(struct plugin *p, struct arena *arena, enum policy_kind kind,
                 const struct plugin_source *source,
                 char message[PLUGIN_MESSAGE_BYTES])
{
    *p = (struct plugin){ .kind = kind, .source = *source, .built_by = "" };
    snprintf(message, PLUGIN_MESSAGE_BYTES, "the host has too little memory");
    if (has_end(source->name, ".lua") ? !load_lua(p, arena, message)
                                      : !load_native(p, arena, message)) {
        return false;
    }
    p->gate = p->gate ? checked_gate(arena, p->gate) : NULL;
    p->sched = p->sched ? checked_sched(arena, p->sched) : NULL;
    p->replace = p->replace ? checked_replace(arena, p->replace) : NULL;
    return p->sched || p->gate || p->replace;
}

/* What it is not is known; whether what it is is well is not asked. */
static bool is_of_kind(const struct plugin *p)
{
    static const char *const symbols[POLICY_KIND_COUNT] = {
        [POLICY_GATEKEEPER] = "iksim_gatekeeper",
        [POLICY_SCHEDULER] = "iksim_scheduler",
        [POLICY_REPLACEMENT] = "iksim_replacement",
    };
    return p->library ? dlsym(p->library, symbols[p->kind]) != NULL
                      : !p->lua || !p->lua->is_other_kind;
}

bool plugin_load_any(struct plugin *p, struct arena *arena,
                     const struct plugin_source *source,
                     char message[PLUGIN_MESSAGE_BYTES])
{
    static const enum policy_kind tried[] = { POLICY_GATEKEEPER,
                                              POLICY_REPLACEMENT };
    bool is_well = plugin_load(p, arena, POLICY_SCHEDULER, source, message);
    for (size_t i = 0; i < 2 && !is_well && !is_of_kind(p); i++) {
        char why[PLUGIN_MESSAGE_BYTES];
        plugin_release(p);
        is_well = plugin_load(p, arena, tried[i], source, why);
        if (!is_well && is_of_kind(p)) {
            snprintf(message, PLUGIN_MESSAGE_BYTES, "%s", why);
        }
    }
    return is_well;
}

void plugin_release(struct plugin *p)
{
    if (p->lua) {
        lua_policy_release(p->lua);
    }
    if (p->library) {
        dlclose(p->library);
    }
    p->lua = NULL;
    p->library = NULL;
}
