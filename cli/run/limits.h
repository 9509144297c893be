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
    SESSION_END_COUNT
};

/* 0: no limit. */
struct limits {
    uint64_t wall_ns;      /* Of the host, from limits_start on. */
    uint64_t memory_bytes; /* Resident, of the process. */
    uint64_t instructions; /* Retired by all guests since the run began. */
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

/* The manifest's word for an end, such as "whole". */
const char *session_end_word(enum session_end end);

/* What a user is told of it; NULL: nothing. */
const char *session_end_sentence(enum session_end end);

/* A run that ended so ends so again. */
bool session_end_repeats(enum session_end end);

#endif /* CLI_RUN_LIMITS_H */
