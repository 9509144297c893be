/* uio.h - <sys/uio.h> of Ilwaco's libc. */
#ifndef ILWACO_SYS_UIO_H
#define ILWACO_SYS_UIO_H

#include <sys/types.h>

struct iovec {
    void *iov_base;
    size_t iov_len;
};

ssize_t readv(int fd, const struct iovec *parts, int count);
ssize_t writev(int fd, const struct iovec *parts, int count);

#endif /* ILWACO_SYS_UIO_H */
