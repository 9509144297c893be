/* stdio.c - <stdio.h>: format() to the console and to strings. */
#include "ilwaco/console.h"
#include "ilwaco/libc/format.h"

#include <stdio.h>

static void console_sink_put(struct format_sink *sink, char c)
{
    (void)sink;
    console_put(c);
}

int putchar(int c)
{
    console_put((char)c);
    return (unsigned char)c;
}

int puts(const char *line)
{
    return printf("%s\n", line);
}

int vprintf(const char *restrict text, va_list arguments)
{
    struct format_sink sink = { .put = console_sink_put };
    format(&sink, text, arguments);
    return (int)sink.count;
}

int printf(const char *restrict text, ...)
{
    va_list arguments;
    va_start(arguments, text);
    int count = vprintf(text, arguments);
    va_end(arguments);
    return count;
}

/* Keeps the first `room - 1` characters; the last byte is for the zero. */
struct string_sink {
    struct format_sink base;
    char *to;
    size_t room;
};

static void string_sink_put(struct format_sink *base, char c)
{
    struct string_sink *sink = (struct string_sink *)base;
    if (base->count + 1 < sink->room) {
        sink->to[base->count] = c;
    }
}

int vsnprintf(char *restrict to, size_t room, const char *restrict text,
              va_list arguments)
{
    struct string_sink sink = { .base = { .put = string_sink_put },
                                .to = to,
                                .room = room };
    format(&sink.base, text, arguments);
    if (room > 0) {
        size_t count = sink.base.count;
        to[count < room ? count : room - 1] = '\0';
    }
    return (int)sink.base.count;
}

int snprintf(char *restrict to, size_t room, const char *restrict text, ...)
{
    va_list arguments;
    va_start(arguments, text);
    int count = vsnprintf(to, room, text, arguments);
    va_end(arguments);
    return count;
}
