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

#include <signal.h>
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
    uint64_t wall_ns;      /* Of the host, from limits_watch on. */
    uint64_t memory_bytes; /* Resident, of the process. */
    uint64_t instructions; /* Retired by all guests since the run began. */
};

/* "wall=10s,memory=2GiB,instructions=1000000"; a cli_read_fn. */
bool limits_read(const char *text, void *at, char message[CLI_MESSAGE_BYTES]);

struct limits_watch {
    volatile sig_atomic_t *end; /* The caller's; set it before the call. */
    /* Read by a signal's handler. */
    struct timespec deadline; /* tv_sec 0: none. */
    uint64_t pages;           /* 0: no limit. */
};

/*
 * Watches the host's part of `limits` ten times a second from now on, by a
 * timer's signal: SESSION_WALL or SESSION_MEMORY goes to *w->end, if that is 0.
 * Both must live as long as the process. False: the host refuses the timer.
 */
SIM_MUST_USE bool limits_watch(struct limits_watch *w,
                               const struct limits *limits);

/* The manifest's word for an end, such as "whole". */
const char *session_end_word(enum session_end end);

/* What a user is told of it; NULL: nothing. */
const char *session_end_sentence(enum session_end end);

/* A run that ended so ends so again. */
bool session_end_repeats(enum session_end end);

#endif /* CLI_RUN_LIMITS_H */
