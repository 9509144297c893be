/* time.h - of Ilwaco's libc: virtual time, from when the machine was switched
   on. Both clocks are the same. */
#ifndef ILWACO_TIME_H
#define ILWACO_TIME_H

#include <sys/types.h>

#define CLOCK_REALTIME  0
#define CLOCK_MONOTONIC 1

struct timespec {
    time_t tv_sec;
    long tv_nsec;
};

int clock_gettime(clockid_t clock, struct timespec *time);
int nanosleep(const struct timespec *time, struct timespec *rest);

#endif /* ILWACO_TIME_H */
