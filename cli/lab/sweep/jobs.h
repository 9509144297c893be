/*
 * jobs.h - runs as processes of their own. Each writes into files that
 * exist in memory only, so nobody waits for anybody to read; and each is killed
 * when the sweep is, however it ends.
 */
#ifndef CLI_LAB_SWEEP_JOBS_H
#define CLI_LAB_SWEEP_JOBS_H

#include <time.h>

#include "sim/base.h"

struct job {
    int pid; /* 0: none is running. */
    int out, err;
    uint32_t index; /* The caller's. */
    struct timespec started;
};

/* What a job came to. Texts are owned, by job_clear. */
struct job_end {
    int exit_code; /* As a shell has it: 128 and more: ended by a signal. */
    double wall_s;
    char *out, *err; /* NULL: there was no memory. */
};

/* argv[0] is the path of the program. False: complained. */
SIM_MUST_USE bool job_start(struct job *job, char *const argv[]);

/* False: it is still running. */
SIM_MUST_USE bool job_poll(struct job *job, struct job_end *end);

void job_end_clear(struct job_end *end);

/* Ends it, without a result. */
void job_kill(struct job *job);

/*
 * What jobs_wait waits for: that a child ends, or one of the files can be read.
 * jobs_begin holds back what is said of children, and interruptions, until
 * jobs_end, and puts a file in `signals` that says them; -1: complained.
 */
enum jobs_event { JOBS_CHILD, JOBS_TIMEOUT, JOBS_INTERRUPT };
struct pollfd;
SIM_MUST_USE bool jobs_begin(int *signals);
/* files[0] is the signals'; the others are the caller's to look at. */
enum jobs_event jobs_wait(struct pollfd *files, uint32_t count,
                          uint32_t timeout_ms);
void jobs_end(int signals);

/* For a child: signals do what they do in any program. */
void jobs_release_signals(void);

#endif /* CLI_LAB_SWEEP_JOBS_H */
