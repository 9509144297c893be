/*
 * format.h - the conversions of printf (see <stdio.h>), into anything that
 * takes characters.
 */
#ifndef ILWACO_LIBC_FORMAT_H
#define ILWACO_LIBC_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/* Where the characters go. Embed it first in what `put` needs. */
struct format_sink {
    void (*put)(struct format_sink *sink, char c);
    size_t count; /* Characters put so far. */
};

void format(struct format_sink *sink, const char *text, va_list arguments)
    __attribute__((format(printf, 2, 0)));

#endif /* ILWACO_LIBC_FORMAT_H */
