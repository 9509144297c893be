/*
 * watch.c - the run's own side: what notices that the engine dies, or does not
 * come back. Its state is at the bottom of the stack that the handlers run on,
 * where they find it.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include "cli/run/guard/shared.h"

#include "sim/banned.h"

#define STACK_BYTES ((size_t)1 << 16)
/* Looks within the time that the engine has. */
#define LOOKS 4

static const int deaths[] = { SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE };
#define DEATH_COUNT (sizeof(deaths) / sizeof(deaths[0]))

struct watch {
    struct guard *guard;
    struct sigaction before[DEATH_COUNT];
    uint64_t laps;
    uint32_t looks; /* In a row that saw this very lap. */
    uint64_t calls; /* Likewise of the policies that are C. */
    uint32_t policy_looks;
};

static struct watch *find_watch(void)
{
    stack_t stack = { .ss_sp = NULL };
    (void)sigaltstack(NULL, &stack);
    SIM_ASSERT(stack.ss_sp != NULL);
    return stack.ss_sp;
}

/* The run is over; the guard learns where. */
_Noreturn static void end(struct guard *g, int how)
{
    cpu_place(g->note.cpu, g->places);
    g->how = how;
    g->is_over = 1;
    _exit(1);
}

static void on_death(int number)
{
    struct watch *w = find_watch();
    if (w->guard->note.in_engine) {
        end(w->guard, number);
    }
    /* It is our own fault. What happened happens again, unguarded. */
    for (size_t i = 0; i < DEATH_COUNT; i++) {
        if (deaths[i] == number) {
            sigaction(number, &w->before[i], NULL);
        }
    }
}

/* A policy that is C and does not come back ends the run. */
static void look_at_policies(struct watch *w)
{
    struct guard *g = w->guard;
    uint64_t calls = 0;
    const char *op = NULL;
    for (uint32_t i = 0; i < g->trusted_count; i++) {
        const struct plugin_note *note = g->trusted[i].note;
        calls += note->calls;
        if (note->op) {
            op = note->op;
            g->endless = i;
        }
    }
    if (!op || calls != w->calls) {
        w->calls = calls;
        w->policy_looks = 0;
    } else if (++w->policy_looks == LOOKS) {
        g->endless_op = op;
        _exit(1);
    }
}

static void on_look(int number)
{
    (void)number;
    struct watch *w = find_watch();
    look_at_policies(w);
    const struct cpu_note *note = &w->guard->note;
    if (!note->in_engine || note->laps != w->laps) {
        w->laps = note->laps;
        w->looks = 0;
    } else if (++w->looks == LOOKS) {
        end(w->guard, GUARD_TOO_LONG);
    }
}

/* Processor time is what counts: a host that is busy, or stops the process,
   decides nothing. */
static bool start_looking(const struct guard *g)
{
    uint64_t us = g->translation_ns / 1000 / LOOKS;
    us = us > 0 ? us : 1;
    struct timeval period = { .tv_sec = (time_t)(us / 1000000),
                              .tv_usec = (suseconds_t)(us % 1000000) };
    struct itimerval timer = { .it_interval = period, .it_value = period };
    return setitimer(ITIMER_PROF, &timer, NULL) == 0;
}

bool guard_watch(struct guard *g)
{
    void *at = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) {
        return false;
    }
    struct watch *w = at;
    w->guard = g;
    stack_t stack = { .ss_sp = at, .ss_size = STACK_BYTES };
    bool is_good = sigaltstack(&stack, NULL) == 0;
    for (size_t i = 0; is_good && i < DEATH_COUNT; i++) {
        struct sigaction action = { .sa_handler = on_death,
                                    .sa_flags = SA_ONSTACK };
        is_good = sigaction(deaths[i], &action, &w->before[i]) == 0;
        if (w->before[i].sa_handler == on_death) { /* Of a parent that is
                                                      watched, too. */
            w->before[i] = (struct sigaction){ .sa_handler = SIG_DFL };
        }
    }
    struct sigaction look = { .sa_handler = on_look,
                              .sa_flags = SA_ONSTACK | SA_RESTART };
    return is_good && sigaction(SIGPROF, &look, NULL) == 0 && start_looking(g);
}
