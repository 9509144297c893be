/* tally.c - what has been drawn, counted: keys, words, names. See draw.h. */
#include <stdio.h>
#include <string.h>

#include "sim/scenario/rules.h"
#include "tests/simulation/draw.h"

#define WHAT_BYTES 256

void tally_add(json_t *tally, const char *what, json_int_t count)
{
    json_int_t before = json_integer_value(json_object_get(tally, what));
    json_object_set_new(tally, what, json_integer(before + count));
}

/* Its value is worth counting: a word, or a name of something. */
static bool is_name(const struct offer *o, const struct key_rule *rule,
                    const char *key)
{
    return rule->kind == KEY_WORD || json_object_get(o->policies, key) ||
           strcmp(key, "vms.image") == 0;
}

static void count_mapping(const struct offer *o, const struct key_mapping *m,
                          const json_t *mapping, json_t *tally)
{
    for (const struct key_rule *rule = m->rules; rule->name; rule++) {
        char what[WHAT_BYTES];
        const char *text =
            json_string_value(json_object_get(mapping, rule->name));
        if (!text) {
            continue;
        }
        snprintf(what, sizeof(what), "%s.%s", m->name, rule->name);
        bool has_value = is_name(o, rule, what);
        tally_add(tally, what, 1);
        snprintf(what, sizeof(what), "%s.%s: %.100s", m->name, rule->name,
                 text);
        if (has_value) {
            tally_add(tally, what, 1);
        }
    }
}

void draw_count(const struct offer *o, const json_t *scenario, json_t *tally)
{
    for (const struct key_mapping *m = key_mappings; m->name; m++) {
        json_t *part = json_object_get(scenario, m->name);
        if (!m->is_list) {
            count_mapping(o, m, part, tally);
            continue;
        }
        size_t i;
        json_t *item;
        json_array_foreach(part, i, item)
        {
            count_mapping(o, m, item, tally);
        }
    }
}

static unsigned miss(const json_t *tally, const char *key, const char *value)
{
    char what[2 * WHAT_BYTES];
    snprintf(what, sizeof(what), "%s%s%s", key, value ? ": " : "",
             value ? value : "");
    if (json_object_get(tally, what)) {
        return 0;
    }
    printf("never drawn: %s\n", what);
    return 1;
}

static unsigned miss_names(const json_t *tally, const char *key,
                           const json_t *names)
{
    unsigned missing = 0;
    for (size_t i = 0; i < json_array_size(names); i++) {
        missing +=
            miss(tally, key, json_string_value(json_array_get(names, i)));
    }
    return missing;
}

unsigned draw_list_missing(const struct offer *o, const json_t *tally)
{
    unsigned missing = 0;
    for (const struct key_mapping *m = key_mappings; m->name; m++) {
        for (const struct key_rule *rule = m->rules; rule->name; rule++) {
            char key[WHAT_BYTES];
            snprintf(key, sizeof(key), "%s.%s", m->name, rule->name);
            missing += miss(tally, key, NULL);
            for (size_t i = 0; rule->words && rule->words[i]; i++) {
                missing += miss(tally, key, rule->words[i]);
            }
        }
    }
    const char *key;
    json_t *names;
    json_object_foreach(o->policies, key, names)
    {
        missing += miss_names(tally, key, names);
    }
    return missing + miss_names(tally, "vms.image", o->guests);
}
