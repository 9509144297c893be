/* select.h - <sys/select.h> of Ilwaco's libc. */
#ifndef ILWACO_SYS_SELECT_H
#define ILWACO_SYS_SELECT_H

#include <sys/time.h>

#define FD_SETSIZE 1024

typedef struct {
    unsigned long fds_bits[FD_SETSIZE / 32];
} fd_set;

#define FD_WORD(fd, set)  ((set)->fds_bits[(unsigned)(fd) / 32])
#define FD_BIT(fd)        (1UL << (unsigned)(fd) % 32)
#define FD_SET(fd, set)   ((void)(FD_WORD(fd, set) |= FD_BIT(fd)))
#define FD_CLR(fd, set)   ((void)(FD_WORD(fd, set) &= ~FD_BIT(fd)))
#define FD_ISSET(fd, set) ((FD_WORD(fd, set) & FD_BIT(fd)) != 0)
#define FD_ZERO(set)      ((void)__builtin_memset((set), 0, sizeof(fd_set)))

int select(int count, fd_set *restrict readable, fd_set *restrict writable,
           fd_set *restrict broken, struct timeval *restrict timeout);

#endif /* ILWACO_SYS_SELECT_H */
