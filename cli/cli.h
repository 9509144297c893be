/*
 * cli.h - what all of `iksim` shares: complaints, exit codes, bundled files.
 *
 * Exit codes: 0 done; 1 the run found something wrong; 2 usage, configuration
 * or input error. Results go to stdout, progress and messages to stderr.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "sim/base.h"

struct command; /* See command.h. */

enum {
    CLI_HELPED = -1, /* Within the program: help was asked for and printed. */
    CLI_DONE = 0,
    CLI_WRONG = 1,
    CLI_USAGE = 2,
    CLI_NO_EXEC = 127,   /* A child did not find its program. */
    CLI_SIGNALLED = 128, /* Plus the signal that ended a child. */
    CLI_INTERRUPTED = CLI_SIGNALLED + 2, /* Ctrl-C; results are written. */
};

/*
 * Prints "iksim: MESSAGE" on stderr. Returns CLI_USAGE. Of another function,
 * "Complains." means: if it fails, it has printed such a message, and returns
 * false or NULL.
 */
int cli_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints "iksim: NAME: MESSAGE; see iksim NAME --help". Returns CLI_USAGE. */
int cli_misuse(const struct command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Finds the file of an image: a path if there is such a file, else the bundled
 * guest of that name, as `httpd` or `attackers/flooder`; a name with a slash
 * that is neither stays a path. False: there is none.
 */
SIM_MUST_USE bool cli_find_image(const char *name, char *path, size_t bytes);

/* Calls `fn` with the name and the file of each bundled guest, by the alphabet;
   those that attack come last, and their names begin with CLI_ATTACKERS. */
#define CLI_ATTACKERS "attackers/"
typedef void cli_image_fn(void *ctx, const char *name, const char *path);
void cli_each_image(cli_image_fn *fn, void *ctx);

/* Finds the file or folder of that name that lies beside the program. */
SIM_MUST_USE bool cli_find_bundle(const char *name, char *path, size_t bytes);

#endif /* CLI_CLI_H */
