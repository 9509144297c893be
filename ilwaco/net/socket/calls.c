/*
 * calls.c - the calls of <sys/socket.h>, <unistd.h>, <poll.h> and others that
 * are more than lwIP's: those that begin, that do not wait, and that the
 * console has as well. The rest is lwIP's by their names (options.h).
 */
#include "ilwaco/net/socket/socket.h"

#include "ilwaco/console.h"

#include "lwip/netif.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/sockets.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

/* Sockets whose connect() did not wait, and was not asked about yet. */
static fd_set connecting;

static int fail(int error)
{
    errno = error;
    return -1;
}

int socket(int domain, int type, int protocol)
{
    if (domain != AF_INET) {
        return fail(EAFNOSUPPORT);
    }
    if (type != SOCK_STREAM && type != SOCK_DGRAM) {
        return fail(EPROTOTYPE);
    }
    int fitting = type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP;
    if (protocol != 0 && protocol != fitting) {
        return fail(EPROTONOSUPPORT);
    }
    sockets_start();
    int fd = lwip_socket(domain, type, protocol);
    return fd < 0 && errno == ENFILE ? fail(EMFILE) : fd;
}

/* Frees the connections in TIME-WAIT at the port; the number of them. */
static int free_time_wait(in_port_t port)
{
    int freed = 0;
    struct tcp_pcb **link = &tcp_tw_pcbs;
    while (*link != NULL) {
        struct tcp_pcb *pcb = *link;
        if (pcb->local_port != ntohs(port)) {
            link = &pcb->next;
            continue;
        }
        *link = pcb->next;
        tcp_pcb_purge(pcb);
        tcp_free(pcb);
        freed++;
    }
    return freed;
}

int bind(int fd, const struct sockaddr *address, socklen_t bytes)
{
    int result = lwip_bind(fd, address, bytes);
    int may_reuse = 0;
    socklen_t option_bytes = sizeof(may_reuse);
    if (result == 0 || errno != EADDRINUSE ||
        getsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &may_reuse, &option_bytes) !=
            0 ||
        may_reuse == 0) {
        return result;
    }
    struct sockaddr_in in;
    memcpy(&in, address, sizeof(in));
    if (free_time_wait(in.sin_port) == 0) {
        return fail(EADDRINUSE);
    }
    return lwip_bind(fd, address, bytes);
}

/* False: no machine of this Ethernet has the address. */
static bool is_near(const struct sockaddr *address, socklen_t bytes)
{
    struct sockaddr_in in;
    if (bytes < sizeof(in) || address->sa_family != AF_INET) {
        return true; /* lwIP says what is wrong. */
    }
    memcpy(&in, address, sizeof(in));
    ip4_addr_t to = { in.sin_addr.s_addr };
    return ip4_addr_netcmp(&to, netif_ip4_addr(netif_default),
                           netif_ip4_netmask(netif_default));
}

/* A reset while a connection is opened is what lwIP calls it. */
int connect(int fd, const struct sockaddr *address, socklen_t bytes)
{
    if (netif_default != NULL && address->sa_family == AF_INET &&
        !is_near(address, bytes)) {
        return fail(ENETUNREACH);
    }
    int result = lwip_connect(fd, address, bytes);
    if (result != 0 && errno == EINPROGRESS) {
        FD_SET(fd, &connecting);
    }
    return result != 0 && errno == ECONNRESET ? fail(ECONNREFUSED) : result;
}

int getsockopt(int fd, int level, int option, void *restrict value,
               socklen_t *restrict bytes)
{
    int result = lwip_getsockopt(fd, level, option, value, bytes);
    if (result == 0 && level == SOL_SOCKET && option == SO_ERROR &&
        FD_ISSET(fd, &connecting)) {
        FD_CLR(fd, &connecting);
        int *error = value;
        *error = *error == ECONNRESET ? ECONNREFUSED : *error;
    }
    return result;
}

int select(int count, fd_set *restrict readable, fd_set *restrict writable,
           fd_set *restrict broken, struct timeval *restrict timeout)
{
    if (timeout != NULL && timeout->tv_sec == 0 && timeout->tv_usec == 0) {
        sockets_breathe();
    }
    return lwip_select(count, readable, writable, broken, timeout);
}

int poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
    if (timeout_ms == 0) {
        sockets_breathe();
    }
    return lwip_poll(fds, count, timeout_ms);
}

ssize_t read(int fd, void *room, size_t bytes)
{
    return fd == STDIN_FILENO ? (ssize_t)console_read(room, bytes)
                              : lwip_read(fd, room, bytes);
}

ssize_t write(int fd, const void *data, size_t bytes)
{
    if (fd != STDOUT_FILENO && fd != STDERR_FILENO) {
        return lwip_write(fd, data, bytes);
    }
    const char *text = data;
    for (size_t i = 0; i < bytes; i++) {
        console_put(text[i]);
    }
    return (ssize_t)bytes;
}

int close(int fd)
{
    if (fd >= 0 && fd < LWIP_SOCKET_OFFSET) {
        return 0;
    }
    struct linger linger = { 0, 0 };
    socklen_t bytes = sizeof(linger);
    if (getsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, &bytes) == 0) {
        FD_CLR(fd, &connecting);
        if (linger.l_onoff != 0 && linger.l_linger == 0) {
            sockets_reset(fd);
        }
    }
    return lwip_close(fd);
}

int fcntl(int fd, int command, ...)
{
    va_list arguments;
    va_start(arguments, command);
    int value = command == F_SETFL ? va_arg(arguments, int) & O_NONBLOCK : 0;
    va_end(arguments);
    return lwip_fcntl(fd, command, value);
}

int ioctl(int fd, int command, ...)
{
    va_list arguments;
    va_start(arguments, command);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    return lwip_ioctl(fd, command, argument);
}
