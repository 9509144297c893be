/* child.h - one process, with its output in files, that may be killed. */
#ifndef TESTS_SIMULATION_CHILD_H
#define TESTS_SIMULATION_CHILD_H

#include "sim/base.h"

#define CHILD_ARGS 24

struct child {
    const char *args[CHILD_ARGS]; /* Ended by NULL; the first is the program. */
    const char *folder;           /* Where it works; NULL: here. */
    const char *out, *err;        /* Files; of the caller's folder. */
    int signal;                   /* That it gets; 0: none, */
    uint64_t signal_us;           /* after so many microseconds. */
    bool is_perturbed;            /* Its heap is full of rubbish. */
};

struct child_end {
    int code;   /* Of its exit; -1: a signal ended it, */
    int signal; /* this one; 0: none. */
    uint64_t took_us;
};

/* Adds to the arguments. */
void child_add(struct child *c, const char *arg);

struct child_end child_run(const struct child *c);

#endif /* TESTS_SIMULATION_CHILD_H */
