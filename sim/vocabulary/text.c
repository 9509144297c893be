/* text.c - see text.h. */
#include "sim/vocabulary/text.h"

#include <stdio.h>
#include <string.h>

#include "sim/banned.h"

static bool is_within(uint32_t code, uint32_t first, uint32_t last)
{
    return code >= first && code <= last;
}

/* Controls, and the marks, embeddings and isolates of Unicode's bidirectional
   algorithm (UAX 9, section 2), and what is no character at all. */
static bool is_plain(uint32_t code)
{
    return !is_within(code, 0x00, 0x1f) && !is_within(code, 0x7f, 0x9f) &&
           code != 0x061c && !is_within(code, 0x200e, 0x200f) &&
           !is_within(code, 0x2028, 0x202e) &&
           !is_within(code, 0x2066, 0x2069) &&
           !is_within(code, 0xd800, 0xdfff) &&
           !is_within(code, 0xfffe, 0xffff) && code <= 0x10ffff;
}

size_t text_plain_bytes(const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    if (s[0] < 0x80) {
        return is_plain(s[0]) ? 1 : 0;
    }
    if (s[0] < 0xc2 || s[0] > 0xf4) {
        return 0;
    }
    size_t count = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
    uint32_t code = s[0] & (0x7fu >> count);
    for (size_t i = 1; i < count; i++) {
        if ((s[i] & 0xc0) != 0x80) {
            return 0; /* This includes the end of the text. */
        }
        code = code << 6 | (s[i] & 0x3fu);
    }
    /* A longer form than the character needs is no form of it (RFC 3629). */
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    return code >= least[count] && is_plain(code) ? count : 0;
}

bool text_is_plain(const char *text)
{
    size_t count = 1;
    while (*text && count > 0) {
        count = text_plain_bytes(text);
        text += count;
    }
    return count > 0;
}

void text_tame(char *text)
{
    while (*text) {
        size_t count = text_plain_bytes(text);
        if (count == 0) {
            *text = '?';
            count = 1;
        }
        text += count;
    }
}

const char *text_copy_shown(char *room, size_t bytes, const char *text)
{
    size_t used = 0;
    while (*text) {
        size_t count = text_plain_bytes(text);
        size_t taken = count > 0 ? count : 1;
        if (used + taken >= bytes) {
            break;
        }
        memcpy(room + used, count > 0 ? text : "?", taken);
        used += taken;
        text += taken;
    }
    room[used] = '\0';
    return text;
}

struct text_shown text_shown(const char *text)
{
    struct text_shown shown;
    (void)text_copy_shown(shown.chars, sizeof(shown.chars), text);
    return shown;
}
