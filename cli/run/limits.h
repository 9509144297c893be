/*
 * limits.h - how much of the host one run may take before it is ended, with
 * its results so far.
 *
 * A count of instructions ends the run at the same event each time. The host's
 * time and memory do not: a run that they end cannot be repeated, like one that
 * a signal ends.
 */
#ifndef CLI_RUN_LIMITS_H
#define CLI_RUN_LIMITS_H

#include <time.h>

#include "cli/command.h"

/* Why a run ended before it was whole; `interrupted` and what follows it come
   from outside. */
enum session_end {
    SESSION_WHOLE,
    SESSION_CUT,          /* By session_options.until_ns. */
    SESSION_INSTRUCTIONS, /* By a limit, as the next two. */
    SESSION_INTERRUPTED,
    SESSION_WALL,
    SESSION_MEMORY,
    SESSION_OUTPUT, /* A file could no longer be written. */
    SESSION_END_COUNT
};

/* 0: no limit. */
struct limits {
    uint64_t wall_ns;        /* Of the host, from limits_start on. */
    uint64_t memory_bytes;   /* Resident, of the process. */
    uint64_t instructions;   /* Retired by all guests since the run began. */
    uint64_t translation_ns; /* See guard_options. */
};

/* "wall=10s,memory=2GiB,instructions=1000000"; a cli_read_fn. */
bool limits_read(const char *text, void *at, char message[CLI_MESSAGE_BYTES]);

/* All 0 at first, but for `limits`. */
struct limits_watch {
    struct limits limits;
    struct timespec started, looked;
    uint32_t asked;
};

/* The host's time begins to count. */
void limits_start(struct limits_watch *w);

/* SESSION_WALL or SESSION_MEMORY, if that is reached, else SESSION_WHOLE. To be
   asked all the time: the host is looked at some ten times a second. */
enum session_end limits_reached(struct limits_watch *w);

struct session_end_facts {
    const char *word;     /* In the manifest. */
    const char *sentence; /* For the user; NULL: nothing is said. */
    int exit_code;        /* CLI_DONE: that of what was found. */
    bool repeats;         /* A run that ended so ends so again. */
};

const struct session_end_facts *session_end_facts(enum session_end end);

#endif /* CLI_RUN_LIMITS_H */
