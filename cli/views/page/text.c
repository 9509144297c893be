/* text.c - see text.h. */
#include "cli/views/page/text.h"

#include <math.h>
#include <string.h>

#include "sim/quantity.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/*
 * Returns the number of bytes of the character that `s` begins with. 0: there
 * is none; overlong forms, surrogates, U+FFFE and U+FFFF are no characters (RFC
 * 3629; XML 1.0, 2.2).
 */
static size_t character_bytes(const unsigned char *s)
{
    if (s[0] < 0x80) {
        bool is_space = s[0] == '\t' || s[0] == '\n' || s[0] == '\r';
        return s[0] >= 0x20 || is_space ? 1 : 0;
    }
    size_t count = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
    if (s[0] < 0xc2 || s[0] > 0xf4) {
        return 0;
    }
    uint32_t code = s[0] & (0x7fu >> count);
    for (size_t i = 1; i < count; i++) {
        if ((s[i] & 0xc0) != 0x80) {
            return 0; /* This includes the end of the text. */
        }
        code = code << 6 | (s[i] & 0x3fu);
    }
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    bool is_surrogate = code >= 0xd800 && code < 0xe000;
    bool is_none = code == 0xfffe || code == 0xffff;
    return code < least[count] || code > 0x10ffff || is_surrogate || is_none
               ? 0
               : count;
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
        size_t count = character_bytes((const unsigned char *)text);
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
