/* select.h - <sys/select.h> of Ilwaco's libc. */
#ifndef ILWACO_SYS_SELECT_H
#define ILWACO_SYS_SELECT_H

#include <sys/time.h>

#define FD_SETSIZE 1024

typedef struct {
    unsigned long fds_bits[FD_SETSIZE / 32];
} fd_set;

static inline void FD_SET(int fd, fd_set *set)
{
    set->fds_bits[fd / 32] |= 1UL << fd % 32;
}

static inline void FD_CLR(int fd, fd_set *set)
{
    set->fds_bits[fd / 32] &= ~(1UL << fd % 32);
}

static inline int FD_ISSET(int fd, const fd_set *set)
{
    return (set->fds_bits[fd / 32] >> fd % 32 & 1) != 0;
}

static inline void FD_ZERO(fd_set *set)
{
    __builtin_memset(set, 0, sizeof(*set));
}

/* Some ask by #ifdef. */
#define FD_SET   FD_SET
#define FD_CLR   FD_CLR
#define FD_ISSET FD_ISSET
#define FD_ZERO  FD_ZERO

int select(int count, fd_set *restrict readable, fd_set *restrict writable,
           fd_set *restrict broken, struct timeval *restrict timeout);

#endif /* ILWACO_SYS_SELECT_H */
