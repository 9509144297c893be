/* semaphore.c - <semaphore.h>, for threads of one VM. */
#include "ilwaco/posix/wait.h"

#include <errno.h>
#include <semaphore.h>

struct sem_state {
    unsigned value; /* 0 while threads wait. */
    struct thread_queue waiters;
};

_Static_assert(sizeof(struct sem_state) <= sizeof(sem_t), "");

static struct sem_state *state_of(sem_t *sem)
{
    return (struct sem_state *)(void *)sem;
}

static int fail(int error)
{
    errno = error;
    return -1;
}

int sem_init(sem_t *sem, int is_shared, unsigned value)
{
    (void)is_shared; /* A VM is one process. */
    if (value > SEM_VALUE_MAX) {
        return fail(EINVAL);
    }
    *state_of(sem) = (struct sem_state){ .value = value };
    return 0;
}

int sem_destroy(sem_t *sem)
{
    return state_of(sem)->waiters.first != NULL ? fail(EBUSY) : 0;
}

int sem_trywait(sem_t *sem)
{
    if (state_of(sem)->value == 0) {
        return fail(EAGAIN);
    }
    state_of(sem)->value--;
    return 0;
}

int sem_wait(sem_t *sem)
{
    struct sem_state *state = state_of(sem);
    if (state->value > 0) {
        state->value--;
        return 0;
    }
    (void)posix_wait(&state->waiters, ABI_TIME_NEVER, "sem_wait", NULL);
    return 0;
}

int sem_timedwait(sem_t *restrict sem, const struct timespec *restrict until)
{
    struct sem_state *state = state_of(sem);
    if (state->value > 0) {
        state->value--;
        return 0;
    }
    uint64_t deadline_ns = 0;
    if (!posix_deadline(CLOCK_REALTIME, until, &deadline_ns)) {
        return fail(EINVAL);
    }
    return posix_wait(&state->waiters, deadline_ns, "sem_timedwait", NULL)
               ? 0
               : fail(ETIMEDOUT);
}

int sem_post(sem_t *sem)
{
    struct sem_state *state = state_of(sem);
    if (state->value == SEM_VALUE_MAX) {
        return fail(EOVERFLOW);
    }
    if (posix_wake(&state->waiters) == NULL) {
        state->value++;
    }
    return 0;
}

int sem_getvalue(sem_t *restrict sem, int *restrict value)
{
    *value = (int)state_of(sem)->value;
    return 0;
}
