/* cmdline.c - see cmdline.h. */
#include "ilwaco/cmdline.h"

#include "ilwaco/panic.h"
#include "ilwaco/vregs.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A word of the line: [text, text + bytes); bytes is 0 at the end. */
struct word {
    const char *text;
    size_t bytes;
};

static struct word word_next(const char *from)
{
    while (isspace((unsigned char)*from)) {
        from++;
    }
    struct word word = { .text = from, .bytes = 0 };
    while (from[word.bytes] != '\0' &&
           !isspace((unsigned char)from[word.bytes])) {
        word.bytes++;
    }
    return word;
}

static bool word_has_key(struct word word, const char *key)
{
    size_t bytes = strlen(key);
    return word.bytes > bytes && word.text[bytes] == '=' &&
           strncmp(word.text, key, bytes) == 0;
}

const char *cmdline_find(const char *line, const char *key, size_t *value_bytes)
{
    const char *value = NULL;
    for (struct word word = word_next(line); word.bytes > 0;
         word = word_next(word.text + word.bytes)) {
        if (word_has_key(word, key)) {
            value = word.text + strlen(key) + 1;
            *value_bytes = word.bytes - strlen(key) - 1;
        }
    }
    return value;
}

static bool word_is_known(struct word word, const char *const *keys,
                          size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (word_has_key(word, keys[i])) {
            return true;
        }
    }
    return false;
}

const char *cmdline_unknown(const char *line, const char *const *keys,
                            size_t count, size_t *word_bytes)
{
    for (struct word word = word_next(line); word.bytes > 0;
         word = word_next(word.text + word.bytes)) {
        if (!word_is_known(word, keys, count)) {
            *word_bytes = word.bytes;
            return word.text;
        }
    }
    return NULL;
}

void cmdline_accept(const char *const *keys, size_t count)
{
    size_t bytes = 0;
    const char *word = cmdline_unknown(vreg_cmdline(), keys, count, &bytes);
    if (word != NULL) {
        panic("what is \"%.*s\" on the command line?", (int)bytes, word);
    }
}

/* What follows a number: nothing, KiB or MiB; 0 when it is none of these. */
static uint32_t unit_of(const char *text, size_t bytes)
{
    if (bytes == 0) {
        return 1;
    }
    if (bytes != 3 || strncmp(text + 1, "iB", 2) != 0) {
        return 0;
    }
    return *text == 'K' ? 1024 : *text == 'M' ? 1024 * 1024 : 0;
}

uint32_t cmdline_u32(const char *key, uint32_t absent, uint32_t low,
                     uint32_t high)
{
    size_t bytes = 0;
    const char *value = cmdline_find(vreg_cmdline(), key, &bytes);
    if (value == NULL) {
        return absent;
    }
    char *end = NULL;
    unsigned long long number = strtoull(value, &end, 0);
    uint32_t unit = unit_of(end, (size_t)(value + bytes - end));
    bool is_number = bytes > 0 && isdigit((unsigned char)value[0]) && unit != 0;
    if (!is_number || number > high || number * unit < low ||
        number * unit > high) {
        panic("%s=%.*s is not a number from %u to %u", key, (int)bytes, value,
              low, high);
    }
    return (uint32_t)number * unit;
}
