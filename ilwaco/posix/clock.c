/* clock.c - the clocks of <time.h>, and to sleep. */
#include "ilwaco/thread.h"
#include "ilwaco/vregs.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

#define NS_OF_SECOND 1000000000

int clock_gettime(clockid_t clock, struct timespec *time)
{
    if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC) {
        errno = EINVAL;
        return -1;
    }
    uint64_t now_ns = vreg_time_ns();
    time->tv_sec = (time_t)(now_ns / NS_OF_SECOND);
    time->tv_nsec = (long)(now_ns % NS_OF_SECOND);
    return 0;
}

static void sleep_for(uint64_t ns)
{
    int kept = errno;
    thread_sleep_until(vreg_time_ns() + ns);
    errno = kept;
}

int nanosleep(const struct timespec *time, struct timespec *rest)
{
    if (time->tv_sec < 0 || time->tv_nsec < 0 ||
        time->tv_nsec >= NS_OF_SECOND) {
        errno = EINVAL;
        return -1;
    }
    sleep_for((uint64_t)time->tv_sec * NS_OF_SECOND + (uint64_t)time->tv_nsec);
    if (rest != NULL) {
        *rest = (struct timespec){ 0, 0 };
    }
    return 0;
}

unsigned sleep(unsigned seconds)
{
    sleep_for((uint64_t)seconds * NS_OF_SECOND);
    return 0;
}

int usleep(useconds_t us)
{
    sleep_for((uint64_t)us * 1000);
    return 0;
}
