/* complain.c - complaints of all commands about a wrong call. */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"
#include "sim/vocabulary/text.h"

/* What is complained of came from outside, and may be anything. */
static void put_plain(const char *format, va_list args)
    __attribute__((format(printf, 1, 0)));

static void put_plain(const char *format, va_list args)
{
    char *text = NULL;
    if (vasprintf(&text, format, args) >= 0) {
        text_tame(text);
        fputs(text, stderr);
        free(text);
    }
}

int cli_complain(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("iksim: ", stderr);
    put_plain(format, args);
    fputc('\n', stderr);
    va_end(args);
    return CLI_USAGE;
}

int cli_misuse(const struct command *command, const char *format, ...)
{
    bool has_name = command->name[0] != '\0';
    va_list args;
    va_start(args, format);
    fprintf(stderr, "iksim: %s%s", command->name, has_name ? ": " : "");
    put_plain(format, args);
    fprintf(stderr, "; see iksim %s%s--help\n", command->name,
            has_name ? " " : "");
    va_end(args);
    return CLI_USAGE;
}
