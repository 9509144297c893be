/* host_clock.c - see host_clock.h. */
#define _POSIX_C_SOURCE 200809L
#include "cli/host_clock.h"

struct timespec host_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t;
}

double host_seconds(struct timespec from, struct timespec to)
{
    return (double)(to.tv_sec - from.tv_sec) +
           (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}
