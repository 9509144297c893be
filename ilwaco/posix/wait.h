/*
 * wait.h - the threads of POSIX, where they wait, and how it is found that none
 * can ever go on.
 *
 * A wait without a deadline for another thread (its end, a mutex, a condition,
 * a semaphore) is counted. Once all living threads wait so, nobody is left who
 * could wake one: that is said on the console, a line a thread, and is a
 * panic. Whoever waits for the network, a disk or a time is not counted, so
 * the thread that serves the network need not be known here.
 *
 * Weakness: only threads that called something of <pthread.h> or <semaphore.h>
 * are known. One of ilwaco/thread.h that never did, and would wake the others
 * later, comes too late.
 */
#ifndef ILWACO_POSIX_WAIT_H
#define ILWACO_POSIX_WAIT_H

#include "ilwaco/thread.h"
#include "isa/abi.h"

#include <pthread.h>
#include <time.h>

#define PTHREAD_NAME_BYTES 16

struct pthread {
    struct thread *thread; /* What runs it. */
    struct pthread *next;  /* In the list of those that are known. */
    uintptr_t stack_low;   /* Its lowest address; 0: nobody knows. */
    void *(*run)(void *argument);
    void *argument;        /* Until it runs; then what it ended with. */
    const void **specific; /* PTHREAD_KEYS_MAX values, or NULL. Owned. */
    bool is_detached;
    bool is_joined;
    bool has_ended;
    /* While it waits without a deadline: the function that does, or NULL; and
       who holds the mutex or is joined, or NULL. */
    const char *waits_in;
    const struct pthread *holder;
    char name[PTHREAD_NAME_BYTES];
};

/* The running thread; one that is not known becomes so. Where its stack has
   overflowed, that is a panic. */
struct pthread *posix_self(void);

/* A thread that was made is known; one that is freed is no more. */
void posix_know(struct pthread *thread);
void posix_forget(const struct pthread *thread);

/* The running thread ends: it wakes nobody any more. */
void posix_end(struct pthread *self);

/* True when the running thread is the only one that has not ended. */
bool posix_is_last(void);

/* The first known thread; go on by `next`. */
struct pthread *posix_first(void);

/*
 * Wait in `queue` until posix_wake() or `deadline_ns`; false: the latter.
 * `function` and `holder` are for the message of a deadlock. Behind it errno
 * is what it was before.
 */
bool posix_wait(struct thread_queue *queue, uint64_t deadline_ns,
                const char *function, const struct pthread *holder);

/* The thread woken, or NULL when the queue is empty. */
struct pthread *posix_wake(struct thread_queue *queue);

/* An absolute time of `clock` as a deadline; false when it is none. */
bool posix_deadline(clockid_t clock, const struct timespec *until,
                    uint64_t *deadline_ns);

#endif /* ILWACO_POSIX_WAIT_H */
