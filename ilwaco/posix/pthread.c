/*
 * pthread.c - threads of <pthread.h>: from their creation to their end. Each
 * is one of ilwaco/thread.h. The memory of one that ended detached is freed by
 * the next call that creates or joins one, as no thread can free its own stack.
 */
#include "ilwaco/posix/wait.h"

#include "ilwaco/panic.h"
#include "ilwaco/posix/specific.h"
#include "ilwaco/start.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* It is resident as far as it is used. */
#define STACK_BYTES 32768
/* Below each stack, and touched by nobody: an overflow up to this size harms
   nothing before it is found out. */
#define GUARD_BYTES 4096

/* Threads that wait for one's end: of all, as there are few. */
static struct thread_queue joiners;
static unsigned created;

int pthread_attr_init(pthread_attr_t *attr)
{
    *attr = (pthread_attr_t){ .stack_bytes = STACK_BYTES };
    return 0;
}

int pthread_attr_destroy(pthread_attr_t *attr)
{
    (void)attr;
    return 0;
}

int pthread_attr_setstacksize(pthread_attr_t *attr, size_t bytes)
{
    if (bytes < PTHREAD_STACK_MIN) {
        return EINVAL;
    }
    attr->stack_bytes = bytes & ~(size_t)15;
    return 0;
}

int pthread_attr_getstacksize(const pthread_attr_t *attr, size_t *bytes)
{
    *bytes = attr->stack_bytes;
    return 0;
}

int pthread_attr_setdetachstate(pthread_attr_t *attr, int state)
{
    if (state != PTHREAD_CREATE_JOINABLE && state != PTHREAD_CREATE_DETACHED) {
        return EINVAL;
    }
    attr->is_detached = state;
    return 0;
}

int pthread_attr_getdetachstate(const pthread_attr_t *attr, int *state)
{
    *state = attr->is_detached;
    return 0;
}

/* Frees one that has ended; the memory of main, or of a thread that
   ilwaco/thread.h made, is not ours. */
static void dispose(struct pthread *thread)
{
    if (thread->run == NULL) {
        return;
    }
    posix_forget(thread);
    thread_join(thread->thread); /* Ended: this only frees it. */
    free(thread);
}

static void dispose_detached(void)
{
    struct pthread *next = NULL;
    for (struct pthread *t = posix_first(); t != NULL; t = next) {
        next = t->next;
        if (t->has_ended && t->is_detached) {
            dispose(t);
        }
    }
}

static void begin(void *argument)
{
    struct pthread *self = argument;
    pthread_exit(self->run(self->argument));
}

int pthread_create(pthread_t *restrict thread,
                   const pthread_attr_t *restrict attr, void *(*run)(void *),
                   void *restrict argument)
{
    pthread_attr_t usual = { .stack_bytes = STACK_BYTES };
    if (attr == NULL) {
        attr = &usual;
    }
    (void)posix_self();
    dispose_detached();
    struct pthread *made = calloc(1, sizeof(*made));
    if (made == NULL) {
        return EAGAIN;
    }
    made->run = run;
    made->argument = argument;
    made->is_detached = attr->is_detached != 0;
    (void)snprintf(made->name, sizeof(made->name), "%u", ++created);
    made->thread =
        thread_create(made->name, begin, made, attr->stack_bytes + GUARD_BYTES);
    if (made->thread == NULL) {
        free(made);
        return EAGAIN;
    }
    /* A thread's struct lies above its stack. */
    made->stack_low = (uintptr_t)made->thread - attr->stack_bytes;
    posix_know(made);
    *thread = made;
    return 0;
}

noreturn void pthread_exit(void *result)
{
    struct pthread *self = posix_self();
    specific_destroy(self);
    if (posix_is_last()) {
        exit(0);
    }
    self->argument = result;
    posix_end(self);
    while (posix_wake(&joiners) != NULL) {
    }
    if (self->stack_low == start_main_stack_low()) {
        /* The main thread has no end of its own. */
        struct thread_queue nobody_wakes = { NULL, NULL };
        (void)thread_wait(&nobody_wakes, ABI_TIME_NEVER);
    }
    thread_exit();
}

int pthread_join(pthread_t thread, void **result)
{
    const struct pthread *self = posix_self();
    if (thread == self) {
        return EDEADLK;
    }
    if (thread->is_detached || thread->is_joined) {
        return EINVAL;
    }
    thread->is_joined = true;
    while (!thread->has_ended) {
        (void)posix_wait(&joiners, ABI_TIME_NEVER, "pthread_join", thread);
    }
    if (result != NULL) {
        *result = thread->argument;
    }
    dispose(thread);
    dispose_detached();
    return 0;
}

int pthread_detach(pthread_t thread)
{
    if (thread->is_detached || thread->is_joined) {
        return EINVAL;
    }
    thread->is_detached = true;
    return 0;
}

pthread_t pthread_self(void)
{
    return posix_self();
}

int pthread_equal(pthread_t a, pthread_t b)
{
    return a == b;
}

int pthread_setname_np(pthread_t thread, const char *name)
{
    if (strlen(name) >= PTHREAD_NAME_BYTES) {
        return ERANGE;
    }
    memcpy(thread->name, name, strlen(name) + 1);
    return 0;
}

int sched_yield(void)
{
    (void)posix_self(); /* Its stack is looked at. */
    int kept = errno;
    thread_yield();
    errno = kept;
    return 0;
}
