/*
 * set.c - `--set vms[0].count=1000`: the schema is walked along the path, and
 * the text of one key is replaced.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/raw.h"
#include "sim/vocabulary/text.h"

#include "sim/banned.h"

/* Where the walk is: a value of the schema, and what is loaded for it. */
struct place {
    const cyaml_schema_value_t *value;
    char *data;           /* Of a list or a leaf: the pointer to it. */
    uint32_t *list_count; /* Of a list. */
};

struct walk {
    const char *word; /* KEY=VALUE */
    const char *rest; /* Of the key. */
    char *message;
};

static bool refuse(const struct walk *w, const char *text)
{
    snprintf(w->message, SCENARIO_MESSAGE_BYTES, "--set %.*s: %s",
             (int)strcspn(w->word, "="), w->word, text);
    make_printable(w->message);
    return false;
}

static void *load_pointer(const char *from)
{
    void *p;
    memcpy((void *)&p, from, sizeof(p));
    return p;
}

static void store_pointer(char *to, void *p)
{
    memcpy(to, (const void *)&p, sizeof(p));
}

/* Steps from a mapping to one of its keys. */
static bool step_to_key(struct walk *w, struct place *at)
{
    size_t length = strcspn(w->rest, ".[=");
    const cyaml_schema_field_t *fields = at->value->mapping.fields;
    const cyaml_schema_field_t *f = raw_find_field(fields, w->rest, length);
    if (!f) {
        char name[64];
        char text[UNKNOWN_BYTES];
        snprintf(name, sizeof(name), "%.*s", (int)length, w->rest);
        raw_describe_unknown(fields, name, text);
        return refuse(w, text);
    }
    w->rest += length;
    at->value = &f->value;
    if (f->value.type == CYAML_SEQUENCE) {
        at->list_count = (uint32_t *)(void *)(at->data + f->count_offset);
    }
    at->data += f->data_offset;
    if (f->value.type == CYAML_MAPPING) {
        char *inner = load_pointer(at->data);
        if (!inner) {
            inner = raw_alloc(f->value.data_size);
            store_pointer(at->data, inner);
        }
        at->data = inner;
    }
    return true;
}

static char *append_item(struct place *at)
{
    size_t size = at->value->sequence.entry->data_size;
    size_t used = *at->list_count * size;
    char *old = load_pointer(at->data);
    char *items = raw_alloc(used + size);
    if (old) {
        memcpy(items, old, used);
        cyaml_mem(NULL, old, 0);
    }
    store_pointer(at->data, items);
    (*at->list_count)++;
    return items + used;
}

/* Steps from a list to one of its items; w->rest is at "[". */
static bool step_to_item(struct walk *w, struct place *at)
{
    SIM_ASSERT(at->list_count);
    char *end = NULL;
    const char *digits = w->rest + 1;
    unsigned long index = strtoul(digits, &end, 10);
    if (*digits < '0' || *digits > '9' || *end != ']') {
        return refuse(w, "an item is named by its number, such as [0]");
    }
    w->rest = end + 1;
    if (index > *at->list_count) {
        char text[96];
        snprintf(text, sizeof(text), "there is no such item, the list has %u",
                 *at->list_count);
        return refuse(w, text);
    }
    const cyaml_schema_value_t *entry = at->value->sequence.entry;
    if (index == *at->list_count) {
        at->data = append_item(at);
    } else {
        at->data = (char *)load_pointer(at->data) + index * entry->data_size;
    }
    at->value = entry;
    return true;
}

static bool step(struct walk *w, struct place *at)
{
    if (at->value->type == CYAML_SEQUENCE) {
        return *w->rest == '['
                   ? step_to_item(w, at)
                   : refuse(w, "is a list: name an item, such as [0]");
    }
    bool is_first = w->rest == w->word;
    if (!is_first && *w->rest != '.') {
        return refuse(w, "is a mapping: name one of its keys");
    }
    w->rest += !is_first;
    return step_to_key(w, at);
}

/* What is not could not be saved, as YAML. */
static bool is_utf8(const char *text)
{
    size_t bytes = 1;
    for (; *text && bytes > 0; text += bytes) {
        bytes = (unsigned char)*text < 0x80 ? 1 : text_plain_bytes(text);
    }
    return bytes > 0;
}

bool raw_set(struct raw *raw, const char *word,
             char message[SCENARIO_MESSAGE_BYTES])
{
    struct walk w = { .word = word, .rest = word, .message = message };
    const char *value = strchr(word, '=');
    if (!value || value == word) {
        snprintf(message, SCENARIO_MESSAGE_BYTES,
                 "--set %.100s: must be KEY=VALUE, such as vms[0].count=10",
                 word);
        make_printable(message);
        return false;
    }
    if (!is_utf8(word)) {
        snprintf(message, SCENARIO_MESSAGE_BYTES,
                 "--set %.100s: is not plain text in UTF-8", word);
        make_printable(message);
        return false;
    }
    struct place at = { .value = &raw->schema->top, .data = (char *)raw };
    while (at.value->type != CYAML_STRING) {
        if (!step(&w, &at)) {
            return false;
        }
    }
    if (*w.rest != '=') {
        return refuse(&w, "is a single value: it has no keys or items");
    }
    value++;
    size_t size = strlen(value) + 1;
    char *text = raw_alloc(size);
    memcpy(text, value, size);
    cyaml_mem(NULL, load_pointer(at.data), 0);
    store_pointer(at.data, text);
    return true;
}
