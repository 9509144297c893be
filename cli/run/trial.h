/*
 * trial.h - one run in a process of its own, for its report, as commands that
 * make many runs need it. A child that dies harms nobody but itself; a child
 * whose parent dies is ended.
 */
#ifndef CLI_RUN_TRIAL_H
#define CLI_RUN_TRIAL_H

#include <jansson.h>
#include <sys/types.h>

#include "sim/scenario.h"

struct warm;

/* The arguments that `iksim run` would be given, all borrowed. */
struct trial {
    const char *path;
    const char *const *sets;
    uint32_t set_count;
};

struct trial_child {
    pid_t pid;
    int fd; /* The child's answer is read from here. */
};

struct trial_result {
    json_t *report; /* Owned; NULL: the run did not come to one. */
    int exit_code;  /* As of `iksim run`; from 128 on: ended by a signal. */
    bool was_warm;  /* The run began at the warm point, not at the start. */
    char message[SCENARIO_MESSAGE_BYTES]; /* "" when all went well. */
};

/*
 * Starts the trial. With `warm` not NULL the trial begins at that point if its
 * result is then exactly that of a run from the start, and otherwise at the
 * start. False: the host has no room for a process, errno says why.
 */
SIM_MUST_USE bool trial_start(const struct trial *trial, struct warm *warm,
                              struct trial_child *child);

/* Waits for the end of the trial. */
void trial_finish(struct trial_child *child, struct trial_result *result);

void trial_result_clear(struct trial_result *result);

#endif /* CLI_RUN_TRIAL_H */
