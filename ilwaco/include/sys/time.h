/* time.h - <sys/time.h> of Ilwaco's libc. */
#ifndef ILWACO_SYS_TIME_H
#define ILWACO_SYS_TIME_H

#include <sys/types.h>

struct timeval {
    time_t tv_sec;
    suseconds_t tv_usec;
};

#endif /* ILWACO_SYS_TIME_H */
