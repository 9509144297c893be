/* schema.c - see schema.h. */
#include "sim/scenario/schema.h"

#include <stdio.h>
#include <string.h>

#include "sim/arena.h"

#include "sim/banned.h"

static const struct {
    const char *part, *key;
} open_keys[OPEN_COUNT] = {
#define ROW(part, key) { #part, #key },
    OPEN_KEYS(ROW)
#undef ROW
};

/* ---- Names -------------------------------------------------------------- */

/* False: there is no room. */
static bool add_name(struct open_names *names, const char *name, size_t length)
{
    for (uint32_t i = 0; i < names->count && length < OPEN_NAME_BYTES; i++) {
        if (strncmp(names->names[i], name, length) == 0 &&
            names->names[i][length] == '\0') {
            return true;
        }
    }
    if (names->count == OPEN_NAMES || length >= OPEN_NAME_BYTES) {
        return false;
    }
    memcpy(names->names[names->count++], name, length);
    return true;
}

/* Which open mapping the mark is a key of; OPEN_COUNT: of none. */
static int open_of_mark(const struct mark *m)
{
    const struct mark *mapping = m->parent;
    const struct mark *part = mapping ? mapping->parent : NULL;
    if (!m->key || !part || !mapping->key) {
        return OPEN_COUNT;
    }
    if (!part->key) { /* An item of the list. */
        part = part->parent;
    }
    for (int i = 0; part && part->key && !part->parent && i < OPEN_COUNT; i++) {
        if (strcmp(open_keys[i].part, part->key) == 0 &&
            strcmp(open_keys[i].key, mapping->key) == 0) {
            return i;
        }
    }
    return OPEN_COUNT;
}

/* The name in "kernel.scheduler_args.NAME=..." or "vms[0].policy_args...";
   NULL: the word is about another key. */
static const char *name_in_set(const char *word, int i)
{
    size_t part = strlen(open_keys[i].part);
    if (strncmp(word, open_keys[i].part, part) != 0) {
        return NULL;
    }
    const char *at = word + part;
    at += *at == '[' ? source_item_bytes(at) : 0;
    size_t length = strlen(open_keys[i].key);
    if (*at != '.' || strncmp(at + 1, open_keys[i].key, length) != 0 ||
        at[1 + length] != '.') {
        return NULL;
    }
    return at + length + 2;
}

/* ---- Fields ------------------------------------------------------------- */

#define LEAF  (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)
#define INNER (CYAML_FLAG_POINTER_NULL | CYAML_FLAG_OPTIONAL)

/* The mapping's names are texts, one after another. */
static void build_open(struct schema *s, enum open_key key)
{
    for (uint32_t i = 0; i < s->open[key].count; i++) {
        s->open_fields[key][i] = (cyaml_schema_field_t){
            .key = s->open[key].names[i],
            .data_offset = i * (uint32_t)sizeof(char *),
            .value = { CYAML_VALUE_STRING(LEAF, char, 0, CYAML_UNLIMITED) },
        };
    }
    s->open_fields[key][s->open[key].count] =
        (cyaml_schema_field_t)CYAML_FIELD_END;
}

static cyaml_schema_field_t open_field(const struct schema *s,
                                       enum open_key key, size_t offset)
{
    return (cyaml_schema_field_t){
        .key = open_keys[key].key,
        .data_offset = (uint32_t)offset,
        .value = { .type = CYAML_MAPPING,
                   .flags = INNER,
                   .data_size = OPEN_NAMES * (uint32_t)sizeof(char *),
                   .mapping = { .fields = s->open_fields[key] } },
    };
}

/* The part's fixed fields with its open mappings behind; NULL when the arena is
   full. */
static cyaml_schema_field_t *with_open(const struct schema *s,
                                       struct arena *arena, const char *part,
                                       const cyaml_schema_field_t *fixed)
{
#define OFFSET(part, key) offsetof(struct raw_##part, key),
    static const size_t offsets[OPEN_COUNT] = { OPEN_KEYS(OFFSET) };
#undef OFFSET
    size_t count = 0;
    while (fixed[count].key) {
        count++;
    }
    cyaml_schema_field_t *fields =
        arena_alloc(arena, (count + OPEN_COUNT + 1) * sizeof(*fields),
                    alignof(cyaml_schema_field_t));
    if (!fields) {
        return NULL;
    }
    memcpy(fields, fixed, count * sizeof(*fields));
    for (int i = 0; i < OPEN_COUNT; i++) {
        if (strcmp(open_keys[i].part, part) == 0) {
            fields[count++] = open_field(s, (enum open_key)i, offsets[i]);
        }
    }
    fields[count] = (cyaml_schema_field_t)CYAML_FIELD_END;
    return fields;
}

static const cyaml_schema_value_t disk_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_disk, disk_fields),
};
static const cyaml_schema_value_t event_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_event, event_fields),
};

/* Every key is optional: `--set` may still give it. */
static bool build(struct schema *s, struct arena *arena)
{
    for (int i = 0; i < OPEN_COUNT; i++) {
        build_open(s, (enum open_key)i);
    }
    s->kernel_fields = with_open(s, arena, "kernel", kernel_fields);
    s->vms_fields = with_open(s, arena, "vms", vms_fields);
    s->load_fields = with_open(s, arena, "load", load_fields);
    if (!s->kernel_fields || !s->vms_fields || !s->load_fields) {
        return false;
    }
    s->vms_entry = (cyaml_schema_value_t){
        CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_vms, s->vms_fields),
    };
    s->load_entry = (cyaml_schema_value_t){
        CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_load,
                            s->load_fields),
    };
    const cyaml_schema_field_t fields[] = {
        CYAML_FIELD_MAPPING_PTR("run", INNER, struct raw, run, run_fields),
        CYAML_FIELD_MAPPING_PTR("machine", INNER, struct raw, machine,
                                machine_fields),
        CYAML_FIELD_MAPPING_PTR("kernel", INNER, struct raw, kernel,
                                s->kernel_fields),
        CYAML_FIELD_SEQUENCE_COUNT("vms", INNER, struct raw, vms, vms_count,
                                   &s->vms_entry, 0, CYAML_UNLIMITED),
        CYAML_FIELD_SEQUENCE_COUNT("disks", INNER, struct raw, disks,
                                   disks_count, &disk_entry, 0,
                                   CYAML_UNLIMITED),
        CYAML_FIELD_SEQUENCE_COUNT("events", INNER, struct raw, events,
                                   events_count, &event_entry, 0,
                                   CYAML_UNLIMITED),
        CYAML_FIELD_SEQUENCE_COUNT("load", INNER, struct raw, load, load_count,
                                   &s->load_entry, 0, CYAML_UNLIMITED),
        CYAML_FIELD_MAPPING_PTR("link", INNER, struct raw, link, link_fields),
        CYAML_FIELD_END,
    };
    _Static_assert(sizeof(fields) <= sizeof(s->fields), "there is room");
    memcpy(s->fields, fields, sizeof(fields));
    s->top = (cyaml_schema_value_t){
        CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct raw, s->fields),
    };
    return true;
}

/* ---- The two ways ------------------------------------------------------- */

static void refuse_no_memory(const struct scenario_source *source,
                             char message[SCENARIO_MESSAGE_BYTES])
{
    snprintf(message, SCENARIO_MESSAGE_BYTES,
             "%s: is too large for the memory there is", source->path);
}

struct schema *schema_for_source(struct arena *arena,
                                 const struct scenario_source *source,
                                 char message[SCENARIO_MESSAGE_BYTES])
{
    struct schema *s = arena_alloc(arena, sizeof(*s), alignof(struct schema));
    if (!s) {
        refuse_no_memory(source, message);
        return NULL;
    }
    bool fits = true;
    for (const struct mark *m = source->marks; m && fits; m = m->next) {
        int i = open_of_mark(m);
        fits = i == OPEN_COUNT || add_name(&s->open[i], m->key, strlen(m->key));
    }
    for (uint32_t n = 0; n < source->options.set_count && fits; n++) {
        for (int i = 0; i < OPEN_COUNT && fits; i++) {
            const char *name = name_in_set(source->options.sets[n], i);
            fits = !name || add_name(&s->open[i], name, strcspn(name, ".[="));
        }
    }
    if (!fits) {
        snprintf(message, SCENARIO_MESSAGE_BYTES,
                 "%s: names more than %d arguments of policies, or one of more "
                 "than %d letters",
                 source->path, OPEN_NAMES, OPEN_NAME_BYTES - 1);
        return NULL;
    }
    if (!build(s, arena)) {
        refuse_no_memory(source, message);
        return NULL;
    }
    return s;
}

static void add_args(struct schema *s, enum open_key key,
                     const struct scenario_args *args)
{
    for (uint32_t i = 0; i < args->count; i++) {
        const char *name = args->items[i].name;
        bool fits = add_name(&s->open[key], name, strlen(name));
        SIM_ASSERT(fits); /* As when it was read. */
    }
}

struct schema *schema_for_scenario(struct arena *arena,
                                   const struct scenario *scenario)
{
    struct schema *s = arena_alloc(arena, sizeof(*s), alignof(struct schema));
    if (!s) {
        return NULL;
    }
    add_args(s, OPEN_gatekeeper_args, &scenario->gatekeeper_args);
    add_args(s, OPEN_scheduler_args, &scenario->scheduler_args);
    add_args(s, OPEN_replacement_args, &scenario->replacement_args);
    for (uint32_t i = 0; i < scenario->group_count; i++) {
        add_args(s, OPEN_policy_args, &scenario->vms[i].policy_args);
    }
    for (uint32_t i = 0; i < scenario->load_count; i++) {
        add_args(s, OPEN_expect, &scenario->loads[i].answer.args);
    }
    return build(s, arena) ? s : NULL;
}

uint32_t schema_place(const struct schema *schema, enum open_key key,
                      const char *name)
{
    const struct open_names *names = &schema->open[key];
    uint32_t i = 0;
    while (i < names->count && strcmp(names->names[i], name) != 0) {
        i++;
    }
    SIM_ASSERT(i < names->count);
    return i;
}
