/*
 * scenario.c - from a file and `--set` words to a scenario; see scenario.h.
 *
 * Reads the source (source.c), loads it as text by the schema (raw.c), applies
 * the changes (set.c) and resolves the text by the rules (resolve.c).
 */
#include "sim/scenario.h"

#include <stdio.h>

#include "sim/arena.h"
#include "sim/scenario/raw.h"
#include "sim/scenario/resolve.h"

#include "sim/banned.h"

static struct scenario *load(struct arena *arena,
                             const struct scenario_source *source,
                             char message[SCENARIO_MESSAGE_BYTES])
{
    const struct schema *schema = schema_for_source(arena, source, message);
    struct raw *raw = schema ? raw_load(source, schema, message) : NULL;
    if (!raw) {
        return NULL;
    }
    bool is_good = true;
    for (uint32_t i = 0; is_good && i < source->options.set_count; i++) {
        is_good = raw_set(raw, source->options.sets[i], message);
    }
    struct scenario *s =
        is_good ? scenario_resolve(arena, raw, source, message) : NULL;
    raw_free(raw);
    return s;
}

struct scenario *scenario_load(struct arena *arena, const char *path,
                               const struct scenario_options *options,
                               char message[SCENARIO_MESSAGE_BYTES])
{
    struct scenario_source *source = source_open(arena, path, options, message);
    if (!source) {
        return NULL;
    }
    struct scenario *s = load(arena, source, message);
    source_close(source);
    return s;
}

void scenario_complain(const struct scenario *s, const char *key,
                       const char *text, char message[SCENARIO_MESSAGE_BYTES])
{
    if (s->source) {
        source_complain(s->source, message, key, "%s", text);
    } else {
        snprintf(message, SCENARIO_MESSAGE_BYTES, "%s: %s: %s", s->path, key,
                 text);
    }
}
