/*
 * sweep_jobs.h - runs as processes of their own. Each writes into files that
 * exist in memory only, so nobody waits for anybody to read; and each is killed
 * when the sweep is, however it ends.
 */
#ifndef CLI_SWEEP_JOBS_H
#define CLI_SWEEP_JOBS_H

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
 * What job_wait waits for. Children and interruptions are held back from the
 * first call of jobs_begin on, until jobs_end.
 */
enum jobs_event { JOBS_CHILD, JOBS_TIMEOUT, JOBS_INTERRUPT };
void jobs_begin(void);
enum jobs_event jobs_wait(uint32_t timeout_ms);
void jobs_end(void);

#endif /* CLI_SWEEP_JOBS_H */
