/* tally.c - see tally.h. */
#include "sim/steady/tally.h"

#include <stdio.h>
#include <string.h>

#include "sim/vocabulary/vocabulary.h"

#include "sim/banned.h"

void steady_tally_add(struct steady_tally *t, const json_t *report)
{
    const json_t *steady = json_object_get(report, "steady");
    const char *class = json_string_value(json_object_get(steady, "class"));
    uint32_t value = 0;
    if (class && word_find(&steady_class_words, class, strlen(class), &value)) {
        t->runs++;
        t->of[value]++;
        t->overloaded += json_is_true(json_object_get(steady, "overloaded"));
    }
}

void steady_tally_write(const struct steady_tally *t,
                        char text[STEADY_TALLY_BYTES])
{
    uint32_t classes = 0;
    for (uint32_t i = 0; i < STEADY_CLASS_COUNT; i++) {
        classes += t->of[i] > 0;
    }
    int used = snprintf(text, STEADY_TALLY_BYTES, "%s",
                        classes == 0   ? "unknown"
                        : classes == 1 ? ""
                                       : "inconsistent (");
    const char *before = "";
    for (uint32_t i = 0; i < STEADY_CLASS_COUNT; i++) {
        const char *class = i == STEADY_NONE && t->overloaded == t->of[i]
                                ? "overloaded"
                                : word_name(&steady_class_words, i);
        char count[16] = "";
        if (t->of[i] == 0) {
            continue;
        }
        if (classes > 1) {
            snprintf(count, sizeof(count), "%u ", t->of[i]);
        }
        used += snprintf(text + used, STEADY_TALLY_BYTES - (size_t)used,
                         "%s%s%s", before, count, class);
        before = ", ";
    }
    snprintf(text + used, STEADY_TALLY_BYTES - (size_t)used, "%s",
             classes > 1 ? ")" : "");
}

json_t *steady_tally_to_json(const struct steady_tally *t)
{
    json_t *object = json_object();
    for (uint32_t i = 0; i < STEADY_CLASS_COUNT; i++) {
        if (t->of[i] > 0) {
            json_object_set_new(object, word_name(&steady_class_words, i),
                                json_integer(t->of[i]));
        }
    }
    return object;
}
