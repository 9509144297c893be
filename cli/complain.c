/* complain.c - what all commands say of a call that is wrong, and their help. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

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
    va_list args;
    va_start(args, format);
    fprintf(stderr, "iksim: %s: ", command->name);
    vfprintf(stderr, format, args);
    fprintf(stderr, "; see iksim %s --help\n", command->name);
    va_end(args);
    return CLI_USAGE;
}

bool cli_wants_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

int cli_help(const struct command *command)
{
    printf("Usage: iksim %s%s%s\n\n%s.\n", command->name,
           command->arguments[0] != '\0' ? " " : "", command->arguments,
           command->summary);
    if (command->help[0] != '\0') {
        printf("\n%s", command->help);
    }
    return CLI_DONE;
}
