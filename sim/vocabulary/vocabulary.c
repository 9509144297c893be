/* vocabulary.c - see vocabulary.h. */
#include "sim/vocabulary/vocabulary.h"

#include <stdio.h>
#include <string.h>

#include "sim/banned.h"

#define WORD_ROW(constant, name, phrase, color) \
    [constant] = { name, phrase, color },

#define L(tag, STEM, title)                                             \
    static const struct word tag##_rows[] = { STEM##_WORDS(WORD_ROW) }; \
    const struct vocabulary tag##_words = { title, tag##_rows, STEM##_COUNT };
VOCABULARIES(L)
#undef L

const struct vocabulary *const vocabularies[] = {
#define L(tag, STEM, title) &tag##_words,
    VOCABULARIES(L)
#undef L
        NULL
};

const struct word *word_of(const struct vocabulary *v, uint64_t value)
{
    static const struct word unknown = { "?", "?", COLOR_NONE };
    return value < v->count ? &v->words[value] : &unknown;
}

const char *word_name(const struct vocabulary *v, uint64_t value)
{
    return word_of(v, value)->name;
}

const char *word_phrase(const struct vocabulary *v, uint64_t value)
{
    return word_of(v, value)->phrase;
}

bool word_find(const struct vocabulary *v, const char *name, size_t length,
               uint32_t *value)
{
    for (uint32_t i = 0; i < v->count; i++) {
        const char *word = v->words[i].name;
        if (strlen(word) == length && memcmp(word, name, length) == 0) {
            *value = i;
            return true;
        }
    }
    return false;
}

void word_set(const struct vocabulary *v, uint64_t mask,
              char text[WORD_SET_BYTES])
{
    size_t used = 0;
    for (uint32_t i = 0; i < v->count; i++) {
        if (word_set_has(mask, i)) {
            int length = snprintf(text + used, WORD_SET_BYTES - used, "%s%s",
                                  used > 0 ? "+" : "", v->words[i].name);
            SIM_ASSERT(length > 0 && used + (size_t)length < WORD_SET_BYTES);
            used += (size_t)length;
        }
    }
    if (used == 0) {
        (void)snprintf(text, WORD_SET_BYTES, "none");
    }
}
