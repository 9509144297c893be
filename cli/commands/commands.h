/*
 * commands.h - the subcommands of `iksim`, a file and a row each. The row NAME
 * stands for command_NAME in NAME.c, here or in lab/.
 */
#ifndef CLI_COMMANDS_COMMANDS_H
#define CLI_COMMANDS_COMMANDS_H

#include "cli/command.h"

/* In the order of help and manual. */
#define COMMANDS(X) \
    X(run)          \
    X(scenario)     \
    X(policies)     \
    X(policy)       \
    X(figures)      \
    X(guests)       \
    X(new)          \
    X(verify)       \
    X(disasm)       \
    X(trace)        \
    X(explain)      \
    X(viz)          \
    X(sweep)        \
    X(plot)         \
    X(compare)      \
    X(capacity)     \
    X(isolate)      \
    X(paper)        \
    X(help)         \
    X(completion)

#define X(name) extern const struct command command_##name;
COMMANDS(X)
#undef X

/* `iksim` itself: all of the above. */
extern const struct command command_iksim;

#endif /* CLI_COMMANDS_COMMANDS_H */
