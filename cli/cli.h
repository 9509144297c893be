/*
 * cli.h - what the subcommands of `iksim` share: complaints, options, help.
 *
 * Exit codes: 0 done; 1 the run found something wrong; 2 usage, configuration
 * or input error. Results go to stdout, progress and messages to stderr.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "sim/base.h"

struct option; /* Of <getopt.h>. */

enum {
    CLI_HELPED = -1, /* Inside: help was asked for and given: done. */
    CLI_DONE = 0,
    CLI_WRONG = 1,
    CLI_USAGE = 2,
    CLI_NO_EXEC = 127,   /* Of a child: the program is not there. */
    CLI_SIGNALLED = 128, /* And the signal that ended a child. */
    CLI_INTERRUPTED = CLI_SIGNALLED + 2, /* Ctrl-C; results are written. */
};

struct command {
    const char *name;
    const char *arguments; /* As in the synopsis. */
    const char *summary;   /* One line. */
    const char *help;      /* The rest of --help. */
    /* argv[0] is the command's name. Returns the exit code, or CLI_HELPED. */
    int (*run)(const struct command *self, int argc, char **argv);
};

/* "iksim: MESSAGE" on stderr. Returns CLI_USAGE. */
int cli_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The word asks for help. */
bool cli_wants_help(const char *word);

/* What --help prints, on stdout. Returns CLI_DONE. */
int cli_help(const struct command *command);

/* "iksim: NAME: MESSAGE; see iksim NAME --help". Returns CLI_USAGE. */
int cli_misuse(const struct command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What stands on a command line. */
struct cli_words {
    char **words; /* Borrowed. */
    int count;
};

/* The value of "help" in a table of options; any other's is from 256 on. */
#define CLI_OPT_HELP 'h'

/*
 * Takes the options from a command line, words[0] being the command's name,
 * and leaves the words that are none. `take` is called with each option's
 * value in the table, and finds its argument in optarg; what it returns other
 * than CLI_DONE ends it. Returns CLI_DONE to go on, or what the command is to
 * return.
 */
int cli_parse(const struct command *self, struct cli_words *words,
              const struct option *options,
              int (*take)(const struct command *self, void *ctx, int option),
              void *ctx);

/* The value of --seed as what --set would be given: "run.seed=N". */
#define CLI_SEED_BYTES 32
int cli_take_seed(const struct command *self, const char *value,
                  char set[CLI_SEED_BYTES]);

/*
 * Finds the file of an image: a path when it has a slash or exists, else the
 * bundled guest of that name. False: there is none.
 */
SIM_MUST_USE bool cli_find_image(const char *name, char *path, size_t bytes);

/* The same of a folder that lies beside the program. */
SIM_MUST_USE bool cli_find_bundle(const char *name, char *path, size_t bytes);

#endif /* CLI_CLI_H */
