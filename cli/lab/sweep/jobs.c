/* jobs.c - see jobs.h. */
#define _GNU_SOURCE
#include "cli/lab/sweep/jobs.h"
#include "cli/host_clock.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"

static void watched_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGCHLD);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
}

bool jobs_begin(int *signals)
{
    sigset_t set;
    watched_signals(&set);
    sigprocmask(SIG_BLOCK, &set, NULL);
    *signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (*signals < 0) {
        cli_complain("cannot wait for runs: %s", strerror(errno));
    }
    return *signals >= 0;
}

enum jobs_event jobs_wait(struct pollfd *files, uint32_t count,
                          uint32_t timeout_ms)
{
    enum jobs_event event =
        poll(files, count, (int)timeout_ms) > 0 ? JOBS_CHILD : JOBS_TIMEOUT;
    struct signalfd_siginfo info;
    while (read(files[0].fd, &info, sizeof(info)) == sizeof(info)) {
        if (info.ssi_signo != SIGCHLD) {
            event = JOBS_INTERRUPT;
        }
    }
    return event;
}

void jobs_release_signals(void)
{
    sigset_t set;
    watched_signals(&set);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

void jobs_end(int signals)
{
    if (signals >= 0) {
        close(signals);
    }
    jobs_release_signals();
}

/* The child's side makes only calls that are safe after fork. */
_Noreturn static void become(const struct job *job, char *const argv[],
                             pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(CLI_NO_EXEC); /* The parent had died before prctl. */
    }
    /* The child leaves the terminal's process group, so that Ctrl-C reaches the
       sweep alone, which ends its runs. */
    setpgid(0, 0);
    jobs_release_signals();
    dup2(job->out, STDOUT_FILENO);
    dup2(job->err, STDERR_FILENO);
    execv(argv[0], argv);
    _exit(CLI_NO_EXEC);
}

static void close_files(struct job *job)
{
    if (job->out >= 0) {
        close(job->out);
    }
    if (job->err >= 0) {
        close(job->err);
    }
    job->out = -1;
    job->err = -1;
}

bool job_start(struct job *job, char *const argv[])
{
    job->out = memfd_create("stdout", MFD_CLOEXEC);
    job->err = memfd_create("stderr", MFD_CLOEXEC);
    job->started = host_now();
    pid_t parent = getpid();
    pid_t pid = job->out < 0 || job->err < 0 ? -1 : fork();
    if (pid < 0) {
        cli_complain("cannot start a run: %s", strerror(errno));
        close_files(job);
        return false;
    }
    if (pid == 0) {
        become(job, argv, parent);
    }
    job->pid = pid;
    return true;
}

/* Reads the whole file, and ends it with a 0. */
static char *read_all(int fd)
{
    struct stat status;
    if (fstat(fd, &status) != 0) {
        return NULL;
    }
    size_t size = (size_t)status.st_size;
    char *text = malloc(size + 1);
    if (!text) {
        return NULL;
    }
    size_t got = 0;
    while (got < size) {
        ssize_t n = pread(fd, text + got, size - got, (off_t)got);
        if (n <= 0) {
            break;
        }
        got += (size_t)n;
    }
    text[got] = '\0';
    return text;
}

bool job_poll(struct job *job, struct job_end *end)
{
    int status;
    if (job->pid == 0 || waitpid(job->pid, &status, WNOHANG) != job->pid) {
        return false;
    }
    *end = (struct job_end){
        .exit_code =
            WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
        .wall_s = host_seconds(job->started, host_now()),
        .out = read_all(job->out),
        .err = read_all(job->err),
    };
    close_files(job);
    job->pid = 0;
    return true;
}

void job_end_clear(struct job_end *end)
{
    free(end->out);
    free(end->err);
}

void job_kill(struct job *job)
{
    if (job->pid != 0) {
        kill(job->pid, SIGKILL);
        waitpid(job->pid, NULL, 0);
        close_files(job);
        job->pid = 0;
    }
}
