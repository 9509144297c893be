/*
 * lock.h - locks and condition variables over thread.h. Threads being
 * cooperative, they are needed only where what must stay together waits in
 * between. Zero is the initial state of both.
 */
#ifndef ILWACO_LOCK_H
#define ILWACO_LOCK_H

#include "ilwaco/thread.h"

#include <stdbool.h>

struct mutex {
    struct thread *owner; /* NULL: free, and then nobody waits. */
    struct thread_queue waiters;
};

/* Handed on in order of arrival. Locking one's own mutex is a panic. */
void mutex_lock(struct mutex *mutex);
bool mutex_try_lock(struct mutex *mutex);
void mutex_unlock(struct mutex *mutex);

struct condition {
    struct thread_queue waiters;
};

/* Unlock, wait to be signalled, lock again; false: `deadline_ns` came first. */
bool condition_wait(struct condition *condition, struct mutex *mutex,
                    uint64_t deadline_ns);
void condition_signal(struct condition *condition);
void condition_broadcast(struct condition *condition);

#endif /* ILWACO_LOCK_H */
