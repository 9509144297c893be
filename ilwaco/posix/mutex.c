/*
 * mutex.c - mutexes and condition variables of <pthread.h>, handed on in order
 * of arrival. What POSIX leaves undefined of a normal mutex is a panic here: to
 * unlock what one does not hold, to destroy what is held. To lock it twice is
 * a deadlock; once no thread is left, that is a panic as well (wait.h).
 */
#include "ilwaco/posix/wait.h"

#include "ilwaco/panic.h"

#include <errno.h>

struct mutex_state {
    int type;              /* PTHREAD_MUTEX_... */
    unsigned count;        /* Of a recursive one: how often its owner has it. */
    struct pthread *owner; /* NULL: free, and then nobody waits. */
    struct thread_queue waiters;
};

struct cond_state {
    clockid_t clock;
    struct thread_queue waiters;
};

_Static_assert(sizeof(struct mutex_state) <= sizeof(pthread_mutex_t), "");
_Static_assert(sizeof(struct cond_state) <= sizeof(pthread_cond_t), "");

static struct mutex_state *mutex_of(pthread_mutex_t *mutex)
{
    return (struct mutex_state *)(void *)mutex;
}

static struct cond_state *cond_of(pthread_cond_t *cond)
{
    return (struct cond_state *)(void *)cond;
}

int pthread_mutexattr_init(pthread_mutexattr_t *attr)
{
    attr->type = PTHREAD_MUTEX_DEFAULT;
    return 0;
}

int pthread_mutexattr_destroy(pthread_mutexattr_t *attr)
{
    (void)attr;
    return 0;
}

int pthread_mutexattr_settype(pthread_mutexattr_t *attr, int type)
{
    if (type < PTHREAD_MUTEX_NORMAL || type > PTHREAD_MUTEX_ERRORCHECK) {
        return EINVAL;
    }
    attr->type = type;
    return 0;
}

int pthread_mutexattr_gettype(const pthread_mutexattr_t *restrict attr,
                              int *restrict type)
{
    *type = attr->type;
    return 0;
}

int pthread_mutex_init(pthread_mutex_t *restrict mutex,
                       const pthread_mutexattr_t *restrict attr)
{
    *mutex_of(mutex) =
        (struct mutex_state){ .type = attr != NULL ? attr->type
                                                   : PTHREAD_MUTEX_DEFAULT };
    return 0;
}

int pthread_mutex_destroy(pthread_mutex_t *mutex)
{
    const struct mutex_state *state = mutex_of(mutex);
    if (state->owner == NULL) {
        return 0;
    }
    if (state->type == PTHREAD_MUTEX_ERRORCHECK) {
        return EBUSY;
    }
    panic("thread \"%s\" destroys a mutex that thread \"%s\" holds",
          posix_self()->name, state->owner->name);
}

int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
    struct mutex_state *state = mutex_of(mutex);
    struct pthread *self = posix_self();
    if (state->owner == self && state->type == PTHREAD_MUTEX_RECURSIVE) {
        state->count++;
        return 0;
    }
    if (state->owner != NULL) {
        return EBUSY;
    }
    state->owner = self;
    state->count = 1;
    return 0;
}

static int lock(pthread_mutex_t *mutex, uint64_t deadline_ns,
                const char *function)
{
    struct mutex_state *state = mutex_of(mutex);
    if (pthread_mutex_trylock(mutex) == 0) {
        return 0;
    }
    if (state->owner == posix_self() &&
        state->type == PTHREAD_MUTEX_ERRORCHECK) {
        return EDEADLK;
    }
    /* Who unlocks makes this thread the owner before it runs. */
    return posix_wait(&state->waiters, deadline_ns, function, state->owner)
               ? 0
               : ETIMEDOUT;
}

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    return lock(mutex, ABI_TIME_NEVER, "pthread_mutex_lock");
}

int pthread_mutex_timedlock(pthread_mutex_t *restrict mutex,
                            const struct timespec *restrict until)
{
    if (pthread_mutex_trylock(mutex) == 0) {
        return 0;
    }
    uint64_t deadline_ns = 0;
    return posix_deadline(CLOCK_REALTIME, until, &deadline_ns)
               ? lock(mutex, deadline_ns, "pthread_mutex_timedlock")
               : EINVAL;
}

int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    struct mutex_state *state = mutex_of(mutex);
    const struct pthread *self = posix_self();
    if (state->owner != self) {
        if (state->type != PTHREAD_MUTEX_NORMAL) {
            return EPERM;
        }
        panic("thread \"%s\" unlocks a mutex that %s%s%s", self->name,
              state->owner == NULL ? "is not locked" : "thread \"",
              state->owner == NULL ? "" : state->owner->name,
              state->owner == NULL ? "" : "\" holds");
    }
    if (--state->count == 0) {
        state->owner = posix_wake(&state->waiters);
        state->count = 1; /* Valid if it has an owner. */
    }
    return 0;
}

int pthread_condattr_init(pthread_condattr_t *attr)
{
    attr->clock = CLOCK_REALTIME;
    return 0;
}

int pthread_condattr_destroy(pthread_condattr_t *attr)
{
    (void)attr;
    return 0;
}

int pthread_condattr_setclock(pthread_condattr_t *attr, clockid_t clock)
{
    struct timespec now;
    if (clock_gettime(clock, &now) != 0) {
        return EINVAL;
    }
    attr->clock = clock;
    return 0;
}

int pthread_cond_init(pthread_cond_t *restrict cond,
                      const pthread_condattr_t *restrict attr)
{
    *cond_of(cond) =
        (struct cond_state){ .clock =
                                 attr != NULL ? attr->clock : CLOCK_REALTIME };
    return 0;
}

int pthread_cond_destroy(pthread_cond_t *cond)
{
    if (cond_of(cond)->waiters.first != NULL) {
        panic("thread \"%s\" destroys a condition that threads wait for",
              posix_self()->name);
    }
    return 0;
}

static int wait_for_condition(pthread_cond_t *cond, pthread_mutex_t *mutex,
                              uint64_t deadline_ns, const char *function)
{
    struct mutex_state *state = mutex_of(mutex);
    unsigned count = state->count;
    if (state->owner == posix_self()) {
        state->count = 1; /* A recursive one is let go of whole. */
    }
    int error = pthread_mutex_unlock(mutex); /* No signal is lost yet. */
    if (error != 0) {
        return error;
    }
    bool is_woken =
        posix_wait(&cond_of(cond)->waiters, deadline_ns, function, NULL);
    error = pthread_mutex_lock(mutex);
    state->count = count;
    if (error != 0) {
        return error;
    }
    return is_woken ? 0 : ETIMEDOUT;
}

int pthread_cond_wait(pthread_cond_t *restrict cond,
                      pthread_mutex_t *restrict mutex)
{
    return wait_for_condition(cond, mutex, ABI_TIME_NEVER, "pthread_cond_wait");
}

int pthread_cond_timedwait(pthread_cond_t *restrict cond,
                           pthread_mutex_t *restrict mutex,
                           const struct timespec *restrict until)
{
    uint64_t deadline_ns = 0;
    return posix_deadline(cond_of(cond)->clock, until, &deadline_ns)
               ? wait_for_condition(cond, mutex, deadline_ns,
                                    "pthread_cond_timedwait")
               : EINVAL;
}

int pthread_cond_signal(pthread_cond_t *cond)
{
    (void)posix_wake(&cond_of(cond)->waiters);
    return 0;
}

int pthread_cond_broadcast(pthread_cond_t *cond)
{
    while (posix_wake(&cond_of(cond)->waiters) != NULL) {
    }
    return 0;
}
