/* specific.c - see specific.h; and pthread_once(). */
#include "ilwaco/posix/specific.h"

#include <errno.h>
#include <stdlib.h>

/* Of pthread_once_t. */
#define ONCE_RUNS 1
#define ONCE_DONE 2

static struct {
    bool is_used;
    void (*destroy)(void *value); /* Or NULL. */
} keys[PTHREAD_KEYS_MAX];

static struct thread_queue once_waiters; /* Of all, as it is rare. */

int pthread_key_create(pthread_key_t *key, void (*destroy)(void *))
{
    for (unsigned i = 0; i < PTHREAD_KEYS_MAX; i++) {
        if (!keys[i].is_used) {
            keys[i].is_used = true;
            keys[i].destroy = destroy;
            *key = i;
            return 0;
        }
    }
    return EAGAIN;
}

int pthread_key_delete(pthread_key_t key)
{
    if (key >= PTHREAD_KEYS_MAX || !keys[key].is_used) {
        return EINVAL;
    }
    keys[key].is_used = false;
    for (struct pthread *t = posix_first(); t != NULL; t = t->next) {
        if (t->specific != NULL) {
            t->specific[key] = NULL;
        }
    }
    return 0;
}

void *pthread_getspecific(pthread_key_t key)
{
    const struct pthread *self = posix_self();
    return self->specific == NULL || key >= PTHREAD_KEYS_MAX
               ? NULL
               : (void *)(uintptr_t)self->specific[key];
}

int pthread_setspecific(pthread_key_t key, const void *value)
{
    struct pthread *self = posix_self();
    if (key >= PTHREAD_KEYS_MAX || !keys[key].is_used) {
        return EINVAL;
    }
    if (self->specific == NULL) {
        self->specific =
            (const void **)calloc(PTHREAD_KEYS_MAX, sizeof(void *));
        if (self->specific == NULL) {
            return ENOMEM;
        }
    }
    self->specific[key] = value;
    return 0;
}

/* True when a destructor was called, which may have set others. */
static bool destroy_once(const struct pthread *self)
{
    bool is_any = false;
    for (unsigned i = 0; i < PTHREAD_KEYS_MAX; i++) {
        const void *value = self->specific[i];
        if (value != NULL && keys[i].destroy != NULL) {
            self->specific[i] = NULL;
            keys[i].destroy((void *)(uintptr_t)value);
            is_any = true;
        }
    }
    return is_any;
}

void specific_destroy(struct pthread *self)
{
    for (int i = 0; i < PTHREAD_DESTRUCTOR_ITERATIONS; i++) {
        if (self->specific == NULL || !destroy_once(self)) {
            break;
        }
    }
    free((void *)self->specific);
    self->specific = NULL;
}

int pthread_once(pthread_once_t *once, void (*run)(void))
{
    if (*once == PTHREAD_ONCE_INIT) {
        *once = ONCE_RUNS;
        run();
        *once = ONCE_DONE;
        while (posix_wake(&once_waiters) != NULL) {
        }
    }
    while (*once != ONCE_DONE) {
        (void)posix_wait(&once_waiters, ABI_TIME_NEVER, "pthread_once", NULL);
    }
    return 0;
}
