/* text.c - see text.h. */
#include "cli/views/page/text.h"

#include <math.h>
#include <string.h>

#include "sim/quantity.h"
#include "sim/vocabulary/text.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* A page may have lines. */
static size_t character_bytes(const char *s)
{
    bool is_space = *s == '\t' || *s == '\n' || *s == '\r';
    return is_space ? 1 : text_plain_bytes(s);
}

static const char *entity_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void html_put(FILE *file, const char *text)
{
    while (*text) {
        const char *entity = entity_of(*text);
        size_t count = character_bytes(text);
        if (entity) {
            fputs(entity, file);
        } else if (count == 0) {
            fputs(REPLACEMENT, file);
        } else {
            fwrite(text, 1, count, file);
        }
        text += count > 0 ? count : 1;
    }
}

struct quantity html_number(double value, double step)
{
    struct quantity t;
    if (value == floor(value) && fabs(value) < 1e15 && step >= 1) {
        t = quantity_count((uint64_t)fabs(value));
        if (value < 0) {
            memmove(t.chars + 1, t.chars, strlen(t.chars) + 1);
            t.chars[0] = '-';
        }
        return t;
    }
    int decimals = step > 0 && step < 1 ? (int)ceil(-log10(step) - 1e-9) : 0;
    snprintf(t.chars, sizeof(t.chars), "%.*f", decimals < 9 ? decimals : 9,
             value);
    return t;
}
