/* lock.c - see lock.h. */
#include "ilwaco/lock.h"

#include "ilwaco/panic.h"
#include "isa/abi.h"

#include <stddef.h>

bool mutex_try_lock(struct mutex *mutex)
{
    if (mutex->owner != NULL) {
        return false;
    }
    mutex->owner = thread_self();
    return true;
}

void mutex_lock(struct mutex *mutex)
{
    if (mutex_try_lock(mutex)) {
        return;
    }
    if (mutex->owner == thread_self()) {
        panic("a thread locks the mutex it holds");
    }
    /* mutex_unlock() makes this thread the owner before it runs. */
    (void)thread_wait(&mutex->waiters, ABI_TIME_NEVER);
}

void mutex_unlock(struct mutex *mutex)
{
    if (mutex->owner != thread_self()) {
        panic("a thread unlocks a mutex it does not hold");
    }
    mutex->owner = thread_wake_first(&mutex->waiters);
}

bool condition_wait(struct condition *condition, struct mutex *mutex,
                    uint64_t deadline_ns)
{
    mutex_unlock(mutex); /* Does not switch: no signal is lost. */
    bool is_signalled = thread_wait(&condition->waiters, deadline_ns);
    mutex_lock(mutex);
    return is_signalled;
}

void condition_signal(struct condition *condition)
{
    (void)thread_wake_first(&condition->waiters);
}

void condition_broadcast(struct condition *condition)
{
    while (thread_wake_first(&condition->waiters) != NULL) {
    }
}
