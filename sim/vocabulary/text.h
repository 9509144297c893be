/*
 * text.h - text that came from outside (a name in a file, a path, a symbol)
 * and is to be shown. Plain text is UTF-8 without control characters (C0, DEL,
 * C1), which move a terminal's cursor and end lines, and without the characters
 * that turn the direction of writing, behind which text may look like another
 * (Boucher and Anderson, "Trojan Source", 2021).
 */
#ifndef SIM_TEXT_H
#define SIM_TEXT_H

#include "sim/base.h"

/* The number of bytes of the plain character that `text` begins with. 0: its
   first byte begins none, or is the end. */
size_t text_plain_bytes(const char *text);

bool text_is_plain(const char *text);

/* Puts `?` for each byte of what is not plain. It never cuts a character. */
void text_tame(char *text);

/* Copies what may be shown, and `?` for each other byte, as far as there is room
   before the zero at the end; it never cuts a character. Returns the rest of the
   text, which is empty if all of it is there. */
const char *text_copy_shown(char *room, size_t bytes, const char *text);

#define TEXT_SHOWN_BYTES 1024

struct text_shown {
    char chars[TEXT_SHOWN_BYTES];
};

/* The text as it may be shown, cut if it is longer. */
struct text_shown text_shown(const char *text);

#endif /* SIM_TEXT_H */
