/*
 * json.c - the effective scenario as JSON: libcyaml's schema is walked over the
 * same text that would be saved as YAML.
 */
#include <jansson.h>
#include <string.h>

#include "sim/arena.h"
#include "sim/scenario/raw.h"

#include "sim/banned.h"

static const char *load_pointer(const char *from)
{
    const char *p;
    memcpy(&p, from, sizeof(p));
    return p;
}

/* Three deep, as scenarios are; none holds lists in lists. */
/* NOLINTBEGIN(misc-no-recursion) */
static json_t *build_mapping(const cyaml_schema_value_t *value,
                             const char *data);

static json_t *build_list(const cyaml_schema_value_t *value, const char *items,
                          uint32_t count)
{
    json_t *list = json_array();
    const cyaml_schema_value_t *entry = value->sequence.entry;
    for (uint32_t i = 0; i < count; i++) {
        json_array_append_new(
            list, build_mapping(entry, items + (size_t)i * entry->data_size));
    }
    return list;
}

/* NULL: left out. */
static json_t *build_field(const cyaml_schema_field_t *f, const char *data)
{
    const char *at = load_pointer(data + f->data_offset);
    if (!at) {
        return NULL;
    }
    if (f->value.type == CYAML_STRING) {
        return json_string(at);
    }
    if (f->value.type == CYAML_MAPPING) {
        return build_mapping(&f->value, at);
    }
    SIM_ASSERT(f->value.type == CYAML_SEQUENCE);
    uint32_t count;
    memcpy(&count, data + f->count_offset, sizeof(count));
    return count > 0 ? build_list(&f->value, at, count) : NULL;
}

static json_t *build_mapping(const cyaml_schema_value_t *value,
                             const char *data)
{
    json_t *object = json_object();
    const cyaml_schema_field_t *fields = value->mapping.fields;
    for (const cyaml_schema_field_t *f = fields; f->key; f++) {
        json_t *member = build_field(f, data);
        if (member) {
            json_object_set_new(object, f->key, member);
        }
    }
    return object;
}
/* NOLINTEND(misc-no-recursion) */

char *scenario_write_json(const struct scenario *s)
{
    struct arena room;
    if (!arena_map(&room, RAW_ROOM_BYTES)) {
        return NULL;
    }
    const struct raw *raw = raw_from_scenario(&room, s);
    json_t *root = build_mapping(&raw->schema->top, (const void *)raw);
    char *text = json_dumps(root, JSON_COMPACT);
    json_decref(root);
    arena_unmap(&room);
    return text;
}
