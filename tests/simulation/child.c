/* child.c - see child.h. */
#define _DEFAULT_SOURCE /* usleep, strdup */
#include "tests/simulation/child.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Of the processor, not of the clock, so that a busy host changes nothing: who
   uses more than this gets nowhere. */
#define CPU_SECONDS 120

void child_add(struct child *c, const char *arg)
{
    size_t i = 0;
    while (c->args[i]) {
        i++;
    }
    SIM_ASSERT(i + 1 < CHILD_ARGS);
    c->args[i] = arg;
}

static uint64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static void redirect(const char *path, int to)
{
    int fd =
        open(path ? path : "/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (fd < 0 || dup2(fd, to) < 0) {
        _exit(126);
    }
    close(fd);
}

static _Noreturn void become(const struct child *c)
{
    redirect(c->out, STDOUT_FILENO);
    redirect(c->err, STDERR_FILENO);
    if (c->folder && chdir(c->folder) != 0) {
        _exit(126);
    }
    if (c->is_perturbed) {
        setenv("MALLOC_PERTURB_", "165", 1);
    }
    struct rlimit limit = { CPU_SECONDS, CPU_SECONDS };
    struct rlimit none = { 0, 0 };
    setrlimit(RLIMIT_CPU, &limit);
    setrlimit(RLIMIT_CORE, &none);
    char *argv[CHILD_ARGS];
    size_t i = 0;
    for (; c->args[i]; i++) {
        argv[i] = strdup(c->args[i]);
    }
    argv[i] = NULL;
    SIM_ASSERT(argv[0]);
    execv(argv[0], argv);
    _exit(127);
}

struct child_end child_run(const struct child *c)
{
    uint64_t begun = now_us();
    fflush(stdout);
    pid_t pid = fork();
    SIM_ASSERT(pid >= 0);
    if (pid == 0) {
        become(c);
    }
    int status = 0;
    if (c->signal != 0) {
        usleep((useconds_t)c->signal_us);
        kill(pid, c->signal); /* It is no other's: nobody has waited for it. */
    }
    while (waitpid(pid, &status, 0) != pid) {
    }
    return (struct child_end){
        .code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
        .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
        .took_us = now_us() - begun,
    };
}
