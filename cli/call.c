/* call.c - finds the command that is called, and runs the command. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "sim/vocabulary/nearest.h"

const char *command_word(const struct command *c)
{
    const char *blank = strrchr(c->name, ' ');
    return blank ? blank + 1 : c->name;
}

const struct command *command_find(const struct command *of, const char *name)
{
    for (size_t i = 0; of->commands && of->commands[i]; i++) {
        if (strcmp(command_word(of->commands[i]), name) == 0) {
            return of->commands[i];
        }
    }
    return NULL;
}

int command_complain(const struct command *of, const char *name)
{
    struct nearest nearest = { .wrong = name };
    for (size_t i = 0; of->commands && of->commands[i]; i++) {
        nearest_try(&nearest, command_word(of->commands[i]));
    }
    char place[64] = "";
    if (of->name[0] != '\0') {
        snprintf(place, sizeof(place), "%s: ", of->name);
    }
    return nearest.best ? cli_complain("%sthere is no command '%s'; did you "
                                       "mean %s?",
                                       place, name, nearest.best)
                        : cli_misuse(of, "there is no command '%s'", name);
}

static bool wants_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static int run(const struct command *c, int count, char **words)
{
    void *ctx = calloc(1, c->size_bytes + 1);
    if (!ctx) {
        return cli_complain("out of memory");
    }
    int code = cli_parse(c, count, words, ctx);
    if (code == CLI_DONE) {
        code = c->run(c, ctx);
    }
    free(ctx);
    return code == CLI_HELPED ? CLI_DONE : code;
}

int cli_run(const struct command *root, int argc, char **argv)
{
    const struct command *c = root;
    int at = 1;
    for (; c->commands; at++) {
        if (at >= argc) {
            return cli_misuse(c, "no command is named");
        }
        if (wants_help(argv[at])) {
            cli_help(c);
            return CLI_DONE;
        }
        const struct command *next = command_find(c, argv[at]);
        if (!next) {
            return command_complain(c, argv[at]);
        }
        c = next;
    }
    return run(c, argc - at, argv + at);
}
