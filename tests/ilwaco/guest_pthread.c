/*
 * guest_pthread.c - threads of <pthread.h> from inside: what test_pthread.sh
 * compares with what POSIX says. `try=N` says what.
 */
#include "ilwaco/cmdline.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define TRIAL_ARGS(X) X(number, "try", ARGS_COUNT, 0, 9, 0, "", "what is tried")
ARGS_PROGRAM("threads of POSIX, tried", TRIAL_ARGS)

#define ITEMS   5
#define WORKERS 3

int main(void);

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t other = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static sem_t room, filled;
static int slot, total;

static void make_key_once(void)
{
    puts("once");
}

static void destroy(void *value)
{
    printf("destroyed %s\n", (const char *)value);
}

static pthread_t start(void *(*run)(void *), const void *argument)
{
    pthread_t thread = NULL;
    int error = pthread_create(&thread, NULL, run, (void *)(uintptr_t)argument);
    assert(error == 0);
    return thread;
}

/* ---- What works ---------------------------------------------------------- */

static void *produce(void *count)
{
    for (int i = 1; i <= *(const int *)count; i++) {
        sem_wait(&room);
        slot = i;
        sem_post(&filled);
    }
    return count;
}

static void try_semaphores(void)
{
    static const int count = ITEMS;
    sem_init(&room, 0, 1);
    sem_init(&filled, 0, 0);
    pthread_t producer = start(produce, &count);
    int sum = 0;
    for (int i = 0; i < ITEMS; i++) {
        sem_wait(&filled);
        sum += slot;
        sem_post(&room);
    }
    void *result = NULL;
    pthread_join(producer, &result);
    int value = -1;
    sem_getvalue(&room, &value);
    printf("sum %d, joined %d, room %d, try %d %d\n", sum,
           result == (const void *)&count, value, sem_trywait(&filled),
           errno == EAGAIN);
}

static void *work(void *name)
{
    pthread_once(&once, make_key_once);
    pthread_setspecific(key, name);
    pthread_mutex_lock(&mutex);
    errno = EPIPE;
    usleep(1000); /* The others want the mutex meanwhile. */
    total++;
    printf("%s: %s, errno kept %d\n", (const char *)name,
           (const char *)pthread_getspecific(key), errno == EPIPE);
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
    errno = 0;
    return NULL;
}

static void try_threads(void)
{
    static const char *const names[WORKERS] = { "one", "two", "three" };
    pthread_t threads[WORKERS];
    pthread_key_create(&key, destroy);
    for (int i = 0; i < WORKERS; i++) {
        threads[i] = start(work, names[i]);
    }
    pthread_mutex_lock(&mutex);
    while (total < WORKERS) {
        pthread_cond_wait(&changed, &mutex);
    }
    pthread_mutex_unlock(&mutex);
    for (int i = 0; i < WORKERS; i++) {
        pthread_join(threads[i], NULL);
    }
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 5000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&mutex);
    int error = pthread_cond_timedwait(&changed, &mutex, &until);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    long late_ns = (long)(now.tv_sec - until.tv_sec) * 1000000000 +
                   now.tv_nsec - until.tv_nsec;
    printf("timed out %d, not early %d, within 1 ms %d\n", error == ETIMEDOUT,
           late_ns >= 0, late_ns < 1000000);
    printf("joins itself: %d\n", pthread_join(pthread_self(), NULL) == EDEADLK);
    pthread_mutex_unlock(&mutex);
}

static void try_kinds(void)
{
    pthread_mutexattr_t attr;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_t checked;
    pthread_mutex_init(&checked, &attr);
    printf("%d", pthread_mutex_lock(&checked));
    printf(" %d", pthread_mutex_lock(&checked) == EDEADLK);
    printf(" %d", pthread_mutex_destroy(&checked) == EBUSY);
    printf(" %d", pthread_mutex_unlock(&checked));
    printf(" %d\n", pthread_mutex_unlock(&checked) == EPERM);
    pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&checked, &attr);
    printf("%d %d", pthread_mutex_lock(&checked), pthread_mutex_lock(&checked));
    printf(" %d %d", pthread_mutex_unlock(&checked),
           pthread_mutex_unlock(&checked));
    printf(" %d\n", pthread_mutex_unlock(&checked) == EPERM);
}

/* ---- What is said -------------------------------------------------------- */

static void *lock_both(void *nothing)
{
    pthread_mutex_lock(&other);
    sched_yield();
    pthread_mutex_lock(&mutex);
    return nothing;
}

static void try_deadlock(void)
{
    pthread_t thread = start(lock_both, NULL);
    pthread_setname_np(thread, "second");
    pthread_mutex_lock(&mutex);
    sched_yield();
    pthread_mutex_lock(&other);
}

static void *only_lock(void *nothing)
{
    pthread_mutex_lock(&mutex);
    usleep(1000000);
    return nothing;
}

static void try_unlock_of_others(void)
{
    pthread_setname_np(start(only_lock, NULL), "holder");
    sched_yield();
    pthread_mutex_unlock(&mutex);
}

static unsigned deep(unsigned depth)
{
    volatile char here = (char)depth; /* A frame of 16 bytes. */
    if (depth == 0) {
        sched_yield();
        return 0;
    }
    return deep(depth - 1) + (unsigned)here;
}

static void *go_deep(void *nothing)
{
    (void)deep(2200);
    return nothing;
}

static void try_overflow(void)
{
    pthread_t thread = start(go_deep, NULL);
    pthread_setname_np(thread, "diver");
    pthread_join(thread, NULL);
}

static void *last(void *nothing)
{
    usleep(2000);
    puts("the last one ends");
    return nothing;
}

int main(void)
{
    struct args_value args[ARG_COUNT];
    cmdline_read(args_rules, args);
    switch (args[ARG_number].number) {
    case 0:
        try_semaphores();
        break;
    case 1:
        try_threads();
        break;
    case 2:
        try_kinds();
        break;
    case 3:
        try_deadlock();
        break;
    case 4:
        pthread_mutex_unlock(&mutex);
        break;
    case 5:
        try_unlock_of_others();
        break;
    case 6:
        try_overflow();
        break;
    case 7:
        sem_init(&room, 0, 0);
        sem_wait(&room);
        break;
    case 8:
        pthread_detach(start(last, NULL));
        pthread_exit(NULL);
    case 9:
        pthread_cond_wait(&changed, &mutex);
        break;
    }
    return 0;
}
