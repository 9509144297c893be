/*
 * json.c - the effective scenario as JSON: libcyaml's schema is walked over the
 * same text that would be saved as YAML. And the keys of keys.h as a JSON schema,
 * by which editors complete and check scenarios: it says what each value may be;
 * what several keys must be together, only reading the scenario tells.
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "sim/arena.h"
#include "sim/scenario/raw.h"
#include "sim/scenario/schema.h"

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

/* ---- The schema ---------------------------------------------------------- */

#define NUMBER "[0-9]+(\\.[0-9]{1,9})?"
#define TIME   NUMBER " *(ns|us|ms|s)"

/* A value is as good as left out if it is empty. */
static json_t *any_of(json_t *first, json_t *second)
{
    json_t *none = json_pack("{s:s}", "type", "null");
    return second ? json_pack("{s:[o,o,o]}", "anyOf", first, second, none)
                  : json_pack("{s:[o,o]}", "anyOf", first, none);
}

static json_t *pattern(const char *text)
{
    char anchored[256];
    snprintf(anchored, sizeof(anchored), "^(%s)$", text);
    return json_pack("{s:s,s:s}", "type", "string", "pattern", anchored);
}

static json_t *number(const char *type, double least, double most)
{
    return json_pack("{s:s,s:f,s:f}", "type", type, "minimum", least, "maximum",
                     most);
}

/* A text, which a number or a truth may look like. */
static json_t *text(uint64_t most)
{
    json_t *is_text = json_pack("{s:s}", "type", "string");
    if (most > 0) {
        json_object_set_new(is_text, "maxLength",
                            json_integer((json_int_t)most));
    }
    return any_of(is_text, json_pack("{s:[s,s]}", "type", "number", "boolean"));
}

static json_t *word(const char *const *words)
{
    json_t *list = json_array();
    for (; *words; words++) {
        json_array_append_new(list, json_string(*words));
        if (strcmp(*words, "true") == 0 || strcmp(*words, "false") == 0) {
            json_array_append_new(list, json_boolean(**words == 't'));
        }
    }
    json_array_append_new(list, json_null());
    return json_pack("{s:o}", "enum", list);
}

static json_t *value_of(const struct key_rule *rule)
{
    double low = (double)rule->low;
    double high = (double)rule->high;
    switch (rule->kind) {
    case KEY_WHOLE:
        return any_of(number("integer", low, high), pattern("[0-9]+"));
    case KEY_TIME:
        return any_of(pattern(TIME), NULL);
    case KEY_SPAN:
        return any_of(pattern(TIME "|auto"), NULL);
    case KEY_MOMENT:
        return any_of(pattern(TIME "|window( *\\+ *" TIME ")?"), NULL);
    case KEY_SIZE:
        return any_of(pattern(NUMBER " *(B|KiB|MiB|GiB)?"),
                      number("integer", low, high));
    case KEY_BITRATE:
        return any_of(pattern(NUMBER " *(bit|Kbit|Mbit|Gbit)"), NULL);
    case KEY_FRACTION:
        return any_of(pattern(NUMBER " *%?"), number("number", 0, 1));
    case KEY_REAL:
        return any_of(number("number", low, high), pattern("[0-9.eE+-]+"));
    case KEY_WORD:
        return word(rule->words);
    case KEY_SPECIAL:
    case KEY_TEXT:
        break;
    }
    return text(rule->high);
}

static json_t *object_of(const struct key_mapping *mapping)
{
    json_t *keys = json_object();
    for (const struct key_rule *r = mapping->rules; r->name; r++) {
        json_t *value = value_of(r);
        if (r->fallback) {
            json_object_set_new(value, "default", json_string(r->fallback));
        }
        json_object_set_new(keys, r->name, value);
    }
#define ADD(part, key)                                                   \
    if (strcmp(#part, mapping->name) == 0) {                             \
        json_object_set_new(keys, #key,                                  \
                            json_pack("{s:[s,s],s:o}", "type", "object", \
                                      "null", "additionalProperties",    \
                                      text(0)));                         \
    }
    OPEN_KEYS(ADD)
#undef ADD
    return json_pack("{s:[s,s],s:b,s:o}", "type", "object", "null",
                     "additionalProperties", 0, "properties", keys);
}

char *scenario_write_schema(void)
{
    json_t *keys = json_object();
    for (const struct key_mapping *m = key_mappings; m->name; m++) {
        json_t *object = object_of(m);
        if (m->rules == vms_rules) { /* The only key without a default. */
            json_object_set_new(object, "required", json_pack("[s]", "image"));
        }
        json_object_set_new(keys, m->name,
                            m->is_list
                                ? json_pack("{s:[s,s],s:o}", "type", "array",
                                            "null", "items", object)
                                : object);
    }
    json_t *top = json_pack("{s:s,s:s,s:s,s:b,s:[s],s:o}", "$schema",
                            "https://json-schema.org/draft/2020-12/schema",
                            "title", "A scenario of iksim", "type", "object",
                            "additionalProperties", 0, "required", "vms",
                            "properties", keys);
    char *lines = top ? json_dumps(top, JSON_INDENT(1)) : NULL;
    json_decref(top);
    return lines;
}
