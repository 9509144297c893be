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

/* Begins the names of the bundled guests that attack. */
#define CLI_ATTACKERS "attackers/"

/* Calls `fn` with the name and the file of each bundled file of the folder that
   has this ending, as "guests" and ".elf", by the alphabet. */
void cli_each_bundled(const char *folder, const char *ending,
                      void (*fn)(void *ctx, const char *name, const char *path),
                      void *ctx);

#define CLI_PATH_BYTES 4096

/* The path of a file that is read; it may point to `found`. */
struct cli_input {
    const char *path;
    char found[CLI_PATH_BYTES];
};

/*
 * Finds a file that the call names: if nothing has this path, it is the bundled
 * file of this path ("workloads/scenarios/first.yaml"), or the one of this name
 * in the bundled folder ("first.yaml", "first"). Otherwise the path stays.
 */
void cli_find_input(const char *folder, const char *name,
                    struct cli_input *input);

/* Finds the bundled file or folder of that path: see find.c. */
SIM_MUST_USE bool cli_find_bundle(const char *name, char *path, size_t bytes);

#endif /* CLI_CLI_H */
