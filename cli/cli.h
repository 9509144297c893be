/*
 * cli.h - what the subcommands of `iksim` share.
 *
 * Exit codes: 0 done; 1 the run found something wrong; 2 usage, configuration
 * or input error. Results go to stdout, progress and messages to stderr.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "sim/base.h"

enum {
    CLI_DONE = 0,
    CLI_WRONG = 1,
    CLI_USAGE = 2,
    CLI_INTERRUPTED = 130, /* By Ctrl-C, results so far written. */
};

struct command {
    const char *name;
    const char *arguments; /* As in the synopsis. */
    const char *summary;   /* One line. */
    const char *help;      /* The rest of --help. */
    /* argv[0] is the command's name. Returns the exit code. */
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

/*
 * Finds the file of an image: a path when it has a slash or exists, else the
 * bundled guest of that name. False: there is none.
 */
SIM_MUST_USE bool cli_find_image(const char *name, char *path, size_t bytes);

/* All subcommands; ended by a NULL name. */
extern const struct command command_run;
extern const struct command command_verify;
extern const struct command command_disasm;
extern const struct command command_policies;
extern const struct command command_scenario;
extern const struct command command_sweep;
extern const struct command command_plot;
extern const struct command command_compare;
extern const struct command command_capacity;
extern const struct command command_trace;
extern const struct command command_viz;

#endif /* CLI_CLI_H */
