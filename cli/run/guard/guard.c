/* guard.c - the guard's side: forks, waits, lists, and forks again. */
#define _GNU_SOURCE
#include "cli/run/guard/shared.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"

#include "sim/banned.h"

struct keeper {
    struct guard *guard;
    bool stops_on_signals;
    sigset_t waits_for; /* Blocked in the guard. */
    sigset_t before;    /* The mask of a run. */
    pid_t run;
};

struct cpu_note *guard_note(struct guard *g)
{
    return &g->note;
}

void guard_trust(struct guard *g, const char *name,
                 const struct plugin_note *note)
{
    SIM_ASSERT(g->trusted_count < GUARD_TRUSTED);
    uint32_t i = g->trusted_count++;
    snprintf(g->trusted[i].name, sizeof(g->trusted[i].name), "%s", name);
    g->trusted[i].note = note;
}

const struct guard_block *guard_listed(const struct guard *g, uint32_t *count,
                                       uint32_t *found)
{
    *count = g->listed_count;
    *found = g->listed_count - g->given_count;
    return g->listed;
}

bool guard_is_stopped(const struct guard *g)
{
    return g->is_stopped != 0;
}

/* ---- Listing ------------------------------------------------------------ */

static bool is_listed(const struct guard *g, uint32_t image, uint32_t va)
{
    for (uint32_t i = 0; i < g->listed_count; i++) {
        if (g->listed[i].at.image == image && g->listed[i].at.va == va) {
            return true;
        }
    }
    return false;
}

/* Lists the block at which the engine was. False: it was at blocks that are
   listed already, or there is no room for another. */
static bool list_block(struct guard *g)
{
    uint32_t image = g->note.image;
    for (int i = 0; i < GUARD_PLACES; i++) {
        uint32_t va = g->places[i];
        if (is_listed(g, image, va) || g->listed_count == CPU_LISTED_LIMIT) {
            continue;
        }
        g->listed[g->listed_count++] =
            (struct guard_block){ { image, va }, g->note.owner, g->how };
        return true;
    }
    return false;
}

/* Whether the run ended within the engine; then g->places says where. */
static bool engine_died(struct guard *g, int status)
{
    if (g->is_over) {
        return true;
    }
    /* Its handler has died, too: not of what ends processes from outside. */
    if (!WIFSIGNALED(status) || !g->note.in_engine) {
        return false;
    }
    g->how = WTERMSIG(status);
    for (int i = 0; i < GUARD_PLACES; i++) {
        g->places[i] = g->note.va;
    }
    return g->how == SIGSEGV || g->how == SIGBUS || g->how == SIGILL ||
           g->how == SIGABRT || g->how == SIGFPE;
}

/* ---- Waiting ------------------------------------------------------------ */

/* Ends as a process that the signal ends, without a second core. */
_Noreturn static void die_of(int number)
{
    struct rlimit none = { 0, 0 };
    sigset_t all;
    sigfillset(&all);
    setrlimit(RLIMIT_CORE, &none);
    signal(number, SIG_DFL);
    raise(number);
    sigprocmask(SIG_UNBLOCK, &all, NULL);
    _exit(CLI_SIGNALLED + number);
}

/* Waits for the end of the run; SIGINT and SIGTERM may ask it to stop. */
static int wait_for_run(struct keeper *k)
{
    int status;
    for (;;) {
        int number = sigwaitinfo(&k->waits_for, NULL);
        if (number == SIGCHLD) {
            if (waitpid(k->run, &status, WNOHANG) == k->run) {
                return status;
            }
        } else if (number > 0 && k->guard->is_stopped) {
            kill(k->run, SIGKILL);
            die_of(number);
        } else if (number > 0) {
            k->guard->is_stopped = 1;
        }
    }
}

/* Ends as the run did. */
_Noreturn static void end_as(const struct guard *g, int status)
{
    if (g->endless_op) {
        cli_complain(
            "the policy '%s' has not come back from %s() after %g s of "
            "the host's processor time (see --limit translation)",
            g->trusted[g->endless].name, g->endless_op,
            (double)g->translation_ns / 1e9);
    }
    if (WIFSIGNALED(status)) {
        int number = WTERMSIG(status);
        if (g->trusted_count > 0 && number != SIGKILL && number != SIGTERM) {
            fprintf(stderr,
                    "iksim: the run died of a signal, %s, outside the engine: "
                    "the policy '%s' is C, which runs unprotected\n",
                    strsignal(number), g->trusted[0].name);
        }
        die_of(WTERMSIG(status));
    }
    _exit(WEXITSTATUS(status));
}

/* ---- Forking ------------------------------------------------------------ */

static void become_run(const struct keeper *k, pid_t guard)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != guard) {
        _exit(1);
    }
    if (k->stops_on_signals) { /* The guard hears them. */
        signal(SIGINT, SIG_IGN);
        signal(SIGTERM, SIG_IGN);
    }
    if (!guard_watch(k->guard)) {
        fprintf(stderr, "iksim: the engine is not watched: %s\n",
                strerror(errno));
    }
    sigprocmask(SIG_SETMASK, &k->before, NULL);
}

static void block_signals(struct keeper *k)
{
    signal(SIGCHLD, SIG_DFL); /* Or the run would be gone before it is asked. */
    sigemptyset(&k->waits_for);
    sigaddset(&k->waits_for, SIGCHLD);
    if (k->stops_on_signals) {
        sigaddset(&k->waits_for, SIGINT);
        sigaddset(&k->waits_for, SIGTERM);
    }
    sigprocmask(SIG_BLOCK, &k->waits_for, &k->before);
}

/* `kind`: MAP_SHARED, or MAP_PRIVATE. */
static struct guard *map_guard(const struct guard_options *o, int kind)
{
    void *at = mmap(NULL, sizeof(struct guard), PROT_READ | PROT_WRITE,
                    kind | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) {
        return NULL;
    }
    struct guard *g = at;
    SIM_ASSERT(o->listed_count <= CPU_LISTED_LIMIT);
    for (uint32_t i = 0; i < o->listed_count; i++) {
        g->listed[i] = o->listed[i];
    }
    g->listed_count = o->listed_count;
    g->given_count = o->listed_count;
    g->translation_ns =
        o->translation_ns > 0 ? o->translation_ns : GUARD_TRANSLATION_NS;
    return g;
}

/* True in the run. False: there is no process to be had. */
static bool make_run(struct keeper *k)
{
    struct guard *g = k->guard;
    pid_t self = getpid();
    g->is_over = 0;
    g->trusted_count = 0;
    g->note = (struct cpu_note){ .cpu = NULL };
    k->run = fork();
    if (k->run == 0) {
        become_run(k, self);
    }
    return k->run == 0;
}

struct guard *guard_enter(const struct guard_options *options)
{
    struct keeper k = { .guard = map_guard(options, MAP_SHARED),
                        .stops_on_signals = options->stops_on_signals };
    if (!k.guard) {
        return NULL;
    }
    block_signals(&k);
    bool is_run = make_run(&k);
    if (!is_run && k.run < 0) {
        sigprocmask(SIG_SETMASK, &k.before, NULL);
        munmap(k.guard, sizeof(*k.guard));
        return NULL;
    }
    while (!is_run) {
        int status = wait_for_run(&k);
        if (!engine_died(k.guard, status)) {
            end_as(k.guard, status);
        }
        if (!list_block(k.guard)) {
            cli_complain("the engine dies whatever is refused: the run is "
                         "given up after %u blocks",
                         k.guard->listed_count);
            _exit(CLI_WRONG);
        }
        is_run = make_run(&k);
        if (!is_run && k.run < 0) {
            cli_complain("cannot start a process: %s", strerror(errno));
            _exit(CLI_WRONG);
        }
    }
    return k.guard;
}

struct guard *guard_watch_alone(void)
{
    struct guard_options options = { .listed_count = 0 };
    struct guard *g = map_guard(&options, MAP_PRIVATE);
    if (g && !guard_watch(g)) {
        munmap(g, sizeof(*g));
        return NULL;
    }
    return g;
}
