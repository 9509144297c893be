/*
 * jobs.h - runs as processes of their own. Each process writes into files that
 * exist in memory only, so that it never waits for a reader; and each is killed
 * when the sweep ends, however the sweep ends.
 */
#ifndef CLI_LAB_SWEEP_JOBS_H
#define CLI_LAB_SWEEP_JOBS_H

#include <time.h>

#include "sim/base.h"

struct job {
    int pid; /* 0: no process is running. */
    int out, err;
    uint32_t index; /* The caller's number of the run. */
    struct timespec started;
};

/* What a job came to; job_end_clear frees the texts. */
struct job_end {
    int exit_code; /* As in a shell: 128 and the number of a signal. */
    double wall_s;
    char *out, *err; /* What the job printed; NULL: out of memory. */
};

/* Starts the program whose path is argv[0]. Complains. */
SIM_MUST_USE bool job_start(struct job *job, char *const argv[]);

/* Fills in *end if the job has ended. False: the job is still running. */
SIM_MUST_USE bool job_poll(struct job *job, struct job_end *end);

void job_end_clear(struct job_end *end);

/* Ends the job, without a result. */
void job_kill(struct job *job);

/*
 * jobs_wait waits until a child ends, one of the files can be read, or the user
 * interrupts. From jobs_begin to jobs_end the signals SIGCHLD, SIGINT and
 * SIGTERM are blocked, and read from the file `signals`. jobs_begin complains.
 */
enum jobs_event { JOBS_CHILD, JOBS_TIMEOUT, JOBS_INTERRUPT };
struct pollfd;
SIM_MUST_USE bool jobs_begin(int *signals);
/* files[0] belongs to the signals; the caller looks at the others. */
enum jobs_event jobs_wait(struct pollfd *files, uint32_t count,
                          uint32_t timeout_ms);
void jobs_end(int signals);

/* Called in a child: signals do what they do in any program. */
void jobs_release_signals(void);

#endif /* CLI_LAB_SWEEP_JOBS_H */
