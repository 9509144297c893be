/* wait.c - see wait.h. */
#include "ilwaco/posix/wait.h"

#include "ilwaco/panic.h"
#include "ilwaco/start.h"
#include "ilwaco/vregs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_OF_SECOND 1000000000

static struct pthread main_thread = { .name = "main" };

static struct {
    struct pthread *first; /* Those that are known; newer ones first. */
    struct pthread *found; /* By the last posix_self(), or NULL. */
    unsigned living, waiting;
} known;

struct pthread *posix_first(void)
{
    return known.first;
}

void posix_know(struct pthread *thread)
{
    thread->next = known.first;
    known.first = thread;
    known.living++;
}

void posix_forget(const struct pthread *thread)
{
    struct pthread **link = &known.first;
    while (*link != thread) {
        link = &(*link)->next;
    }
    *link = thread->next;
    known.found = NULL;
}

void posix_end(struct pthread *self)
{
    self->has_ended = true;
    known.living--;
}

bool posix_is_last(void)
{
    return known.living == 1;
}

/* A thread that was made by ilwaco/thread.h, or the main thread. */
static struct pthread *know_stranger(struct thread *thread)
{
    bool is_main = (uintptr_t)__builtin_frame_address(0) >=
                   (uintptr_t)start_main_stack_low();
    struct pthread *stranger = &main_thread;
    if (is_main) {
        stranger->stack_low = start_main_stack_low();
    } else {
        stranger = calloc(1, sizeof(*stranger));
        if (stranger == NULL) {
            panic("no memory to know a thread");
        }
        memcpy(stranger->name, "a thread", sizeof("a thread"));
    }
    stranger->thread = thread;
    posix_know(stranger);
    return stranger;
}

static struct pthread *find(struct thread *thread)
{
    if (known.found != NULL && known.found->thread == thread) {
        return known.found;
    }
    struct pthread *self = known.first;
    while (self != NULL && self->thread != thread) {
        self = self->next;
    }
    known.found = self != NULL ? self : know_stranger(thread);
    return known.found;
}

struct pthread *posix_self(void)
{
    struct pthread *self = find(thread_self());
    if ((uintptr_t)__builtin_frame_address(0) < self->stack_low) {
        self->stack_low = 0; /* The panic takes some more. */
        panic("the stack of thread \"%s\" has overflowed", self->name);
    }
    return self;
}

static noreturn void say_deadlock(void)
{
    for (const struct pthread *t = known.first; t != NULL; t = t->next) {
        if (t->waits_in == NULL) {
            continue;
        }
        printf("deadlock: thread \"%s\" waits in %s", t->name, t->waits_in);
        if (t->holder != NULL) {
            printf(" for thread \"%s\"", t->holder->name);
        }
        putchar('\n');
    }
    panic("deadlock: all threads (%u) wait for each other", known.living);
}

bool posix_wait(struct thread_queue *queue, uint64_t deadline_ns,
                const char *function, const struct pthread *holder)
{
    struct pthread *self = posix_self();
    if (deadline_ns == ABI_TIME_NEVER) {
        self->waits_in = function;
        self->holder = holder;
        known.waiting++;
        if (known.waiting == known.living) {
            say_deadlock();
        }
    }
    int kept = errno;
    bool is_woken = thread_wait(queue, deadline_ns);
    errno = kept;
    return is_woken;
}

struct pthread *posix_wake(struct thread_queue *queue)
{
    struct thread *thread = thread_wake_first(queue);
    if (thread == NULL) {
        return NULL;
    }
    struct pthread *woken = known.first;
    while (woken->thread != thread) {
        woken = woken->next;
    }
    if (woken->waits_in != NULL) {
        woken->waits_in = NULL;
        known.waiting--;
    }
    return woken;
}

bool posix_deadline(clockid_t clock, const struct timespec *until,
                    uint64_t *deadline_ns)
{
    struct timespec now;
    if (until->tv_nsec < 0 || until->tv_nsec >= NS_OF_SECOND ||
        clock_gettime(clock, &now) != 0) {
        return false;
    }
    int64_t left_ns = (until->tv_sec - now.tv_sec) * NS_OF_SECOND +
                      (until->tv_nsec - now.tv_nsec);
    *deadline_ns = vreg_time_ns() + (uint64_t)(left_ns > 0 ? left_ns : 0);
    return true;
}
