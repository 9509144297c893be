/*
 * conform.h - what a policy does when it is tried without a machine: whether it
 * keeps its contract over a long random history, does the same again, and what
 * it guarantees. `iksim policy test` prints it.
 */
#ifndef CLI_PLUGIN_CONFORM_H
#define CLI_PLUGIN_CONFORM_H

#include "cli/plugin/plugin.h"

#define CONFORM_ROWS       10
#define CONFORM_TEXT_BYTES 160

enum conform_verdict {
    CONFORM_SEEN, /* A measurement that nothing was promised of. */
    CONFORM_KEPT,
    CONFORM_BROKEN,
};

struct conform_row {
    const char *what;
    char promised[CONFORM_TEXT_BYTES];
    char seen[CONFORM_TEXT_BYTES];
    enum conform_verdict verdict;
};

struct conform {
    struct conform_row rows[CONFORM_ROWS];
    uint32_t count;
    char broken[1024]; /* The sentence of a broken contract, or "". */
    uint64_t calls;    /* Of the policy, in all. */
};

/* Tries the policy of that source. False: it does not load, and `message` says
   why not. */
SIM_MUST_USE bool conform_try(struct conform *c,
                              const struct plugin_source *source,
                              char message[PLUGIN_MESSAGE_BYTES]);

#endif /* CLI_PLUGIN_CONFORM_H */
