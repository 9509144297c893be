/*
 * socket.h - <sys/socket.h> of Ilwaco's libc: sockets over lwIP (net/socket/).
 * Numbers and layouts are those of Linux on i386.
 */
#ifndef ILWACO_SYS_SOCKET_H
#define ILWACO_SYS_SOCKET_H

#include <sys/time.h>
#include <sys/uio.h>

typedef unsigned socklen_t;
typedef unsigned short sa_family_t;

#define AF_UNSPEC 0
#define AF_INET   2
#define AF_INET6  10
#define PF_UNSPEC AF_UNSPEC
#define PF_INET   AF_INET
#define PF_INET6  AF_INET6

#define SOCK_STREAM 1
#define SOCK_DGRAM  2
#define SOCK_RAW    3

#define SOL_SOCKET      1
#define SO_REUSEADDR    2
#define SO_TYPE         3
#define SO_ERROR        4
#define SO_DONTROUTE    5
#define SO_BROADCAST    6
#define SO_SNDBUF       7
#define SO_RCVBUF       8
#define SO_KEEPALIVE    9
#define SO_OOBINLINE    10
#define SO_NO_CHECK     11
#define SO_LINGER       13
#define SO_REUSEPORT    15
#define SO_RCVLOWAT     18
#define SO_SNDLOWAT     19
#define SO_BINDTODEVICE 25
#define SO_ACCEPTCONN   30
#define SO_RCVTIMEO     66
#define SO_SNDTIMEO     67

#define MSG_OOB      0x0001
#define MSG_PEEK     0x0002
#define MSG_CTRUNC   0x0008
#define MSG_TRUNC    0x0020
#define MSG_DONTWAIT 0x0040
#define MSG_WAITALL  0x0100
#define MSG_NOSIGNAL 0x4000
#define MSG_MORE     0x8000

#define SHUT_RD   0
#define SHUT_WR   1
#define SHUT_RDWR 2

#define SOMAXCONN 255

struct sockaddr {
    sa_family_t sa_family;
    char sa_data[14];
};

struct sockaddr_storage {
    sa_family_t ss_family;
    char ss_data[122];
    unsigned long ss_align;
};

struct linger {
    int l_onoff;
    int l_linger;
};

struct msghdr {
    void *msg_name;
    socklen_t msg_namelen;
    struct iovec *msg_iov;
    int msg_iovlen;
    void *msg_control;
    socklen_t msg_controllen;
    int msg_flags;
};

struct cmsghdr {
    socklen_t cmsg_len;
    int cmsg_level;
    int cmsg_type;
};

int socket(int domain, int type, int protocol);
int bind(int fd, const struct sockaddr *address, socklen_t bytes);
int listen(int fd, int backlog);
int accept(int fd, struct sockaddr *restrict address,
           socklen_t *restrict bytes);
int connect(int fd, const struct sockaddr *address, socklen_t bytes);
int shutdown(int fd, int how);
int getsockname(int fd, struct sockaddr *restrict address,
                socklen_t *restrict bytes);
int getpeername(int fd, struct sockaddr *restrict address,
                socklen_t *restrict bytes);
int getsockopt(int fd, int level, int option, void *restrict value,
               socklen_t *restrict bytes);
int setsockopt(int fd, int level, int option, const void *value,
               socklen_t bytes);
ssize_t recv(int fd, void *room, size_t bytes, int flags);
ssize_t recvfrom(int fd, void *restrict room, size_t bytes, int flags,
                 struct sockaddr *restrict from,
                 socklen_t *restrict from_bytes);
ssize_t recvmsg(int fd, struct msghdr *message, int flags);
ssize_t send(int fd, const void *data, size_t bytes, int flags);
ssize_t sendto(int fd, const void *data, size_t bytes, int flags,
               const struct sockaddr *to, socklen_t to_bytes);
ssize_t sendmsg(int fd, const struct msghdr *message, int flags);

#endif /* ILWACO_SYS_SOCKET_H */
