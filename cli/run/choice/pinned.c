/* pinned.c - see pinned.h. */
#include "cli/run/choice/pinned.h"

#include <stdio.h>

#include "cli/plugin/plugin.h"

const char **pinned_name(struct scenario *s, enum policy_kind kind)
{
    const char **const names[POLICY_KIND_COUNT] = {
        [POLICY_GATEKEEPER] = &s->gatekeeper,
        [POLICY_SCHEDULER] = &s->scheduler,
        [POLICY_REPLACEMENT] = &s->replacement,
    };
    return names[kind];
}

const char *pinned_key(enum policy_kind kind)
{
    static const char *const keys[POLICY_KIND_COUNT] = {
        [POLICY_GATEKEEPER] = "kernel.gatekeeper",
        [POLICY_SCHEDULER] = "kernel.scheduler",
        [POLICY_REPLACEMENT] = "kernel.replacement",
    };
    return keys[kind];
}

/* What was read is let go of; the name is kept. */
static const char *pin(struct arena *arena, const char *name,
                       const char *beside, char *why)
{
    size_t mark = arena->used_bytes;
    struct plugin_source source;
    char pinned[PLUGIN_NAME_BYTES];
    bool is_read = plugin_read(&source, arena, name, beside, why);
    if (is_read) {
        plugin_pin(&source, pinned);
    }
    arena->used_bytes = mark;
    char *kept = is_read ? arena_alloc(arena, sizeof(pinned), 1) : NULL;
    if (kept) {
        snprintf(kept, sizeof(pinned), "%s", pinned);
    }
    return kept;
}

struct scenario *pinned_load(struct arena *arena, const char *path,
                             const struct scenario_options *options,
                             char message[SCENARIO_MESSAGE_BYTES])
{
    struct scenario *s = scenario_load(arena, path, options, message);
    for (uint32_t i = 0; s && i < POLICY_KIND_COUNT; i++) {
        const char **name = pinned_name(s, (enum policy_kind)i);
        if (!plugin_is_file(*name)) {
            continue;
        }
        char why[PLUGIN_MESSAGE_BYTES] = "the host has too little memory";
        const char *pinned = pin(arena, *name, path, why);
        if (!pinned) {
            scenario_complain(s, pinned_key((enum policy_kind)i), why, message);
            return NULL;
        }
        *name = pinned;
    }
    return s;
}
