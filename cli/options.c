/*
 * options.c - what all subcommands complain of in the same words: options that
 * there are not, values that they lack. What an option means is the command's.
 */
#define _GNU_SOURCE
#include <getopt.h>
#include <stdio.h>

#include "cli/cli.h"
#include "sim/units.h"

#define FIRST_LONG 256                   /* Below it an option is a letter. */
#define SEED_MAX   0x7fffffffffffffffull /* What JSON's readers agree on. */

/* What getopt_long means by '?', and optopt with it. */
static int refuse(const struct command *self, const char *word)
{
    if (optopt >= FIRST_LONG || optopt == CLI_OPT_HELP) {
        return cli_misuse(self, "'%s': this option takes no value", word);
    }
    if (optopt != 0) {
        return cli_misuse(self, "unknown option '-%c'", optopt);
    }
    return cli_misuse(self, "unknown option '%s'", word);
}

int cli_parse(const struct command *self, struct cli_words *words,
              const struct option *options,
              int (*take)(const struct command *self, void *ctx, int option),
              void *ctx)
{
    char **argv = words->words;
    opterr = 0;
    optind = 0; /* From the start, for the GNU and the musl library alike. */
    for (int option; (option = getopt_long(words->count, argv, ":h", options,
                                           NULL)) != -1;) {
        int code = CLI_DONE;
        if (option == CLI_OPT_HELP) {
            cli_help(self);
            code = CLI_HELPED;
        } else if (option == '?') {
            code = refuse(self, argv[optind - 1]);
        } else if (option == ':') {
            code = cli_misuse(self, "'%s' wants a value", argv[optind - 1]);
        } else {
            code = take(self, ctx, option);
        }
        if (code != CLI_DONE) {
            return code;
        }
    }
    *words = (struct cli_words){ argv + optind, words->count - optind };
    return CLI_DONE;
}

int cli_take_seed(const struct command *self, const char *value,
                  char set[CLI_SEED_BYTES])
{
    uint64_t seed = 0;
    if (units_read_whole(value, &seed) || seed > SEED_MAX) {
        return cli_misuse(self,
                          "--seed must be a whole number up to %llu, not '%s'",
                          SEED_MAX, value);
    }
    snprintf(set, CLI_SEED_BYTES, "run.seed=%llu", (unsigned long long)seed);
    return CLI_DONE;
}
