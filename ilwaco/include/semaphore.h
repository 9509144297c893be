/* semaphore.h - of Ilwaco's libc, over its threads (posix/). */
#ifndef ILWACO_SEMAPHORE_H
#define ILWACO_SEMAPHORE_H

#include <time.h>

#define SEM_VALUE_MAX 0x7fffffff

typedef struct {
    int words[4];
} sem_t;

int sem_init(sem_t *sem, int is_shared, unsigned value);
int sem_destroy(sem_t *sem);
int sem_wait(sem_t *sem);
int sem_trywait(sem_t *sem);
int sem_timedwait(sem_t *restrict sem, const struct timespec *restrict until);
int sem_post(sem_t *sem);
int sem_getvalue(sem_t *restrict sem, int *restrict value);

#endif /* ILWACO_SEMAPHORE_H */
