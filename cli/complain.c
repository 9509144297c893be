/* complain.c - complaints of all commands about a wrong call. */
#include <stdarg.h>
#include <stdio.h>

#include "cli/command.h"

int cli_complain(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("iksim: ", stderr);
    vfprintf(stderr, format, args);
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
    vfprintf(stderr, format, args);
    fprintf(stderr, "; see iksim %s%s--help\n", command->name,
            has_name ? " " : "");
    va_end(args);
    return CLI_USAGE;
}
