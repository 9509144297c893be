/*
 * file_header.c - what a trace file says of itself, and of the run: enough to
 * read its events without this program.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/limits.h"
#include "sim/trace/file_format.h"
#include "sim/vocabulary/text.h"

#define SIM_MAY_ALLOCATE
#include "sim/banned.h"

/* More would be a header that nobody wrote. */
#define VM_NUMBERS_LIMIT (1u << 24)

/* ---- Writing ------------------------------------------------------------ */

/* Of words: by value. */
static json_t *words_to_json(const struct vocabulary *words)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < words->count; i++) {
        json_array_append_new(list, json_string(words->words[i].name));
    }
    return list;
}

static json_t *types_to_json(void)
{
    json_t *types = json_object();
    for (size_t i = 0; trace_types[i]; i++) {
        const struct trace_type *type = trace_types[i];
        json_t *about = json_pack("{s:s}", "meaning", type->meaning);
        if (type->words) {
            json_object_set_new(about, "words", words_to_json(type->words));
        }
        json_object_set_new(types, type->name, about);
    }
    return types;
}

static json_t *field_to_json(const struct trace_field *field)
{
    return json_pack("{s:s, s:s, s:i, s:i, s:i, s:s}", "name", field->name,
                     "type", field->type->name, "word", field->word, "shift",
                     field->shift, "bits", field->bits, "legend",
                     field->legend);
}

static json_t *kind_to_json(const struct trace_kind_info *kind)
{
    json_t *fields = json_array();
    for (uint32_t i = 0; i < kind->field_count; i++) {
        json_array_append_new(fields, field_to_json(&kind->fields[i]));
    }
    return json_pack("{s:s, s:s, s:s, s:o}", "name", kind->name, "layer",
                     word_name(&trace_layer_words, kind->layer), "meaning",
                     kind->meaning, "fields", fields);
}

static json_t *kinds_to_json(void)
{
    json_t *list = json_array();
    for (int i = 0; i < TRACE_KIND_COUNT; i++) {
        json_array_append_new(list, kind_to_json(&trace_kinds[i]));
    }
    return list;
}

static json_t *groups_to_json(const struct trace_info *info)
{
    json_t *list = json_array();
    for (uint32_t g = 0; g < info->roster.group_count; g++) {
        json_array_append_new(list, json_string(info->roster.groups[g].name));
    }
    return list;
}

/* Pairs: group, then how many VMs it has. */
static json_t *vms_to_json(const struct trace_info *info)
{
    json_t *list = json_array();
    for (uint32_t g = 0; g < info->roster.group_count; g++) {
        json_array_append_new(
            list, json_pack("[I, I]", (json_int_t)g,
                            (json_int_t)info->roster.groups[g].count));
    }
    return list;
}

char *file_header_text(const struct trace_info *info)
{
    json_t *root = json_pack(
        "{s:i, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o, "
        "s:o}",
        "version", TRACE_FILE_VERSION, "program",
        info->program ? info->program : "", "name", info->name, "seed",
        (json_int_t)info->seed, "cpu_hz", (json_int_t)info->cpu_hz,
        "quantum_cycles", (json_int_t)info->quantum_cycles, "frames",
        (json_int_t)info->frames, "min_free", (json_int_t)info->min_free,
        "disks", (json_int_t)info->disks, "vm_limit",
        (json_int_t)info->vm_limit, "groups", groups_to_json(info), "vm_groups",
        vms_to_json(info), "kinds", kinds_to_json(), "types", types_to_json());
    if (root && info->images) {
        json_object_set(root, "images", info->images);
    }
    if (root && info->reasons) {
        json_object_set(root, "reasons", info->reasons);
    }
    if (root && info->scenario) {
        json_object_set(root, "scenario", info->scenario);
    }
    char *text = root ? json_dumps(root, JSON_INDENT(1)) : NULL;
    json_decref(root);
    return text;
}

/* ---- Reading ------------------------------------------------------------ */

static bool refuse(char message[TRACE_MESSAGE_BYTES], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool refuse(char message[TRACE_MESSAGE_BYTES], const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(message, TRACE_MESSAGE_BYTES, format, args);
    va_end(args);
    return false;
}

static bool get_count(const json_t *root, const char *key, uint64_t most,
                      uint64_t *value)
{
    const json_t *number = json_object_get(root, key);
    json_int_t n = json_integer_value(number);
    *value = (uint64_t)n;
    return json_is_integer(number) && n >= 0 && (uint64_t)n <= most;
}

static bool get_count_32(const json_t *root, const char *key, uint32_t most,
                         uint32_t *value)
{
    uint64_t wide;
    bool is_good = get_count(root, key, most, &wide);
    *value = is_good ? (uint32_t)wide : 0;
    return is_good;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* The first words are those that there were, in their order; more may have been
   added since. */
static bool has_words(const json_t *root, const struct trace_type *type)
{
    const json_t *types = json_object_get(root, "types");
    const json_t *words =
        json_object_get(json_object_get(types, type->name), "words");
    if (!type->words) {
        return json_object_get(types, type->name) && !words;
    }
    bool is_same =
        json_is_array(words) && json_array_size(words) <= type->words->count;
    for (size_t i = 0; is_same && i < json_array_size(words); i++) {
        const char *word = json_string_value(json_array_get(words, i));
        is_same = word && strcmp(word, type->words->words[i].name) == 0;
    }
    return is_same;
}

static bool has_number(const json_t *object, const char *key, json_int_t number)
{
    const json_t *value = json_object_get(object, key);
    return json_is_integer(value) && json_integer_value(value) == number;
}

/* The fields lie where they are looked for, and are what they are taken for. */
static bool has_fields(const json_t *root, const json_t *kind,
                       const struct trace_kind_info *known)
{
    const json_t *fields = json_object_get(kind, "fields");
    bool is_same = json_array_size(fields) == known->field_count;
    for (uint32_t i = 0; is_same && i < known->field_count; i++) {
        const struct trace_field *f = &known->fields[i];
        const json_t *field = json_array_get(fields, i);
        is_same = strcmp(text_of(field, "name"), f->name) == 0 &&
                  strcmp(text_of(field, "type"), f->type->name) == 0 &&
                  has_number(field, "word", f->word) &&
                  has_number(field, "shift", f->shift) &&
                  has_number(field, "bits", f->bits) &&
                  has_words(root, f->type);
    }
    return is_same;
}

/* Kinds may have been added since, behind those that there were. */
static bool check_kinds(const json_t *root, char message[TRACE_MESSAGE_BYTES])
{
    const json_t *kinds = json_object_get(root, "kinds");
    if (!json_is_array(kinds) || json_array_size(kinds) == 0) {
        return refuse(message, "its header names no kinds of events");
    }
    for (size_t i = 0; i < json_array_size(kinds); i++) {
        const json_t *kind = json_array_get(kinds, i);
        const char *name = text_of(kind, "name");
        const struct trace_kind_info *known =
            i < TRACE_KIND_COUNT ? &trace_kinds[i] : NULL;
        if (!known || strcmp(name, known->name) != 0 ||
            strcmp(text_of(kind, "layer"),
                   word_name(&trace_layer_words, known->layer)) != 0 ||
            !has_fields(root, kind, known)) {
            return refuse(message,
                          "it was written by %.40s, whose kind %zu of events, "
                          "'%.40s', is not known here",
                          text_of(root, "program"), i, name);
        }
    }
    return true;
}

/* The groups' VMs follow each other and are all there are. */
static bool read_groups(struct trace_info *info, const json_t *root)
{
    const json_t *names = json_object_get(root, "groups");
    const json_t *pairs = json_object_get(root, "vm_groups");
    size_t count = json_array_size(names);
    struct vm_roster *roster = &info->roster;
    roster->groups = calloc(count + 1, sizeof(*roster->groups));
    if (!roster->groups || json_array_size(pairs) != count) {
        return false;
    }
    uint32_t first = 0;
    for (size_t i = 0; i < count; i++) {
        const json_t *pair = json_array_get(pairs, i);
        json_int_t group = json_integer_value(json_array_get(pair, 0));
        json_int_t vms = json_integer_value(json_array_get(pair, 1));
        struct vm_group *g = &roster->groups[i];
        g->name = json_string_value(json_array_get(names, i));
        if (!g->name || group != (json_int_t)i || vms < 0 ||
            vms > info->vm_limit - first) {
            return false;
        }
        g->first = first;
        g->count = (uint32_t)vms;
        first += g->count;
    }
    roster->group_count = (uint32_t)count;
    return first == info->vm_limit;
}

static bool read_fields(struct trace_info *info, const json_t *root)
{
    info->program = text_of(root, "program");
    info->name = text_of(root, "name");
    info->scenario = json_object_get(root, "scenario");
    info->images = json_object_get(root, "images");
    info->reasons = json_object_get(root, "reasons");
    return get_count(root, "seed", INT64_MAX, &info->seed) &&
           get_count(root, "cpu_hz", CPU_HZ_LIMIT - 1, &info->cpu_hz) &&
           info->cpu_hz > 0 &&
           get_count(root, "quantum_cycles", INT64_MAX,
                     &info->quantum_cycles) &&
           get_count_32(root, "frames", 1u << 24, &info->frames) &&
           get_count_32(root, "min_free", UINT32_MAX, &info->min_free) &&
           get_count_32(root, "disks", 1u << 16, &info->disks) &&
           get_count_32(root, "vm_limit", VM_NUMBERS_LIMIT, &info->vm_limit) &&
           read_groups(info, root);
}

/* Views show the header's texts, to terminals too. jansson reads no text that is
   deeper than 2,048. NOLINTBEGIN(misc-no-recursion) */
static bool is_plain(json_t *value)
{
    if (json_is_string(value)) {
        return text_is_plain(json_string_value(value));
    }
    bool is_well = true;
    for (size_t i = 0; is_well && i < json_array_size(value); i++) {
        is_well = is_plain(json_array_get(value, i));
    }
    void *at = json_object_iter(value);
    for (; is_well && at; at = json_object_iter_next(value, at)) {
        is_well = text_is_plain(json_object_iter_key(at)) &&
                  is_plain(json_object_iter_value(at));
    }
    return is_well;
}
/* NOLINTEND(misc-no-recursion) */

bool file_header_read(struct trace_info *info, const char *text, size_t bytes,
                      char message[TRACE_MESSAGE_BYTES])
{
    json_error_t error;
    *info = (struct trace_info){ 0 };
    json_t *root = json_loadb(text, bytes, 0, &error);
    if (!json_is_object(root)) {
        json_decref(root);
        return refuse(message, "its header is not JSON: %.200s", error.text);
    }
    info->root = root;
    if (!is_plain(root)) {
        file_header_free(info);
        return refuse(message, "its header holds control characters");
    }
    if (!check_kinds(root, message)) {
        file_header_free(info);
        return false;
    }
    if (!read_fields(info, root)) {
        file_header_free(info);
        return refuse(message, "its header does not describe a run");
    }
    return true;
}

void file_header_free(struct trace_info *info)
{
    free(info->roster.groups);
    json_decref(info->root);
    *info = (struct trace_info){ 0 };
}
