/* client.c - what sockets.sh asks of server.c: a line for each thing tried. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SERVER "10.16.0.1"
#define OPEN   3

static unsigned now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (unsigned)(now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

static struct sockaddr_in at(const char *host, const char *port)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;
    int error = getaddrinfo(host, port, &hints, &found);
    if (error != 0) {
        printf("%s: %s\n", host, gai_strerror(error));
        exit(1);
    }
    struct sockaddr_in address;
    memcpy(&address, found->ai_addr, sizeof(address));
    freeaddrinfo(found);
    return address;
}

/* Until the server is there. */
static int open_to(const char *port)
{
    struct sockaddr_in to = at(SERVER, port);
    for (;;) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0) {
            return fd;
        }
        close(fd);
        if (errno != ECONNREFUSED) {
            printf("connect to %s: error %d\n", port, errno);
            exit(1);
        }
        usleep(20000);
    }
}

/* Several connections at once, each with its own words. */
static void try_echo(const char *port)
{
    int fds[OPEN];
    int right = 0;
    for (int i = 0; i < OPEN; i++) {
        fds[i] = open_to(port);
    }
    for (int round = 0; round < 3; round++) {
        char text[40], back[40];
        for (int i = 0; i < OPEN; i++) {
            snprintf(text, sizeof(text), "round %d of %d on %s", round, i,
                     port);
            send(fds[i], text, sizeof(text), 0);
        }
        for (int i = OPEN - 1; i >= 0; i--) {
            snprintf(text, sizeof(text), "round %d of %d on %s", round, i,
                     port);
            right += recv(fds[i], back, sizeof(back), MSG_WAITALL) ==
                         (ssize_t)sizeof(back) &&
                     strcmp(text, back) == 0;
        }
    }
    for (int i = 0; i < OPEN; i++) {
        close(fds[i]);
    }
    printf("port %s: %d right\n", port, right);
}

static void try_udp(void)
{
    struct sockaddr_in to = at(SERVER, "7");
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    char text[16] = "";
    struct sockaddr_in from;
    socklen_t bytes = sizeof(from);
    sendto(fd, "one", 3, 0, (struct sockaddr *)&to, sizeof(to));
    sendto(fd, "second", 6, 0, (struct sockaddr *)&to, sizeof(to));
    ssize_t a = recvfrom(fd, text, 2, 0, (struct sockaddr *)&from, &bytes);
    ssize_t b = recvfrom(fd, text, sizeof(text), MSG_PEEK, NULL, NULL);
    ssize_t c = recv(fd, text, sizeof(text), 0);
    printf("datagrams: %d %d %d %.6s from %s:%u\n", (int)a, (int)b, (int)c,
           text, inet_ntoa(from.sin_addr), ntohs(from.sin_port));
    struct timeval limit = { .tv_usec = 70000 };
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    unsigned began = now_ms();
    ssize_t got = recv(fd, text, sizeof(text), 0);
    int error = errno;
    unsigned took = now_ms() - began;
    printf("nothing comes: %d, EAGAIN %d, in time %d\n", (int)got,
           error == EAGAIN, took >= 70 && took < 75);
    struct pollfd wait = { .fd = fd, .events = POLLIN };
    began = now_ms();
    int ready = poll(&wait, 1, 30);
    took = now_ms() - began;
    printf("poll: %d, in time %d\n", ready, took >= 30 && took < 35);
    fd_set set;
    FD_ZERO(&set);
    FD_SET(fd, &set);
    limit.tv_usec = 40000;
    began = now_ms();
    ready = select(fd + 1, &set, NULL, NULL, &limit);
    took = now_ms() - began;
    printf("select: %d, in time %d\n", ready, took >= 40 && took < 45);
    close(fd);
}

static void try_half_close(void)
{
    int fd = open_to("10");
    char text[32] = "";
    for (int i = 0; i < 20; i++) {
        send(fd, "0123456789", 10, 0);
    }
    shutdown(fd, SHUT_WR);
    ssize_t sent = send(fd, "x", 1, MSG_NOSIGNAL);
    int error = errno;
    ssize_t got = recv(fd, text, sizeof(text), MSG_WAITALL);
    printf("half close: %.*s, then %d, send %d EPIPE %d\n", (int)got, text,
           (int)recv(fd, text, sizeof(text), 0), (int)sent,
           error == EPIPE || error == ENOTCONN);
    close(fd);
}

static void try_full(void)
{
    static char block[4096];
    int fd = open_to("11");
    struct timeval limit = { .tv_usec = 130000 };
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
    unsigned total = 0;
    ssize_t sent;
    unsigned began;
    do {
        began = now_ms();
        sent = send(fd, block, sizeof(block), 0);
        total += sent > 0 ? (unsigned)sent : 0;
    } while (sent == (ssize_t)sizeof(block));
    unsigned took = now_ms() - began;
    printf("windows are full after both: %d, in time %d\n",
           total > 64000 && total < 200000, took >= 130 && took < 140);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    while (send(fd, block, sizeof(block), 0) > 0) {
    }
    printf("without blocking: EAGAIN %d\n", errno == EWOULDBLOCK);
    struct pollfd wait = { .fd = fd, .events = POLLOUT };
    printf("writable: %d\n", poll(&wait, 1, 0));
    close(fd);
}

static void *close_later(void *fd)
{
    usleep(20000);
    shutdown(*(int *)fd, SHUT_RDWR);
    return NULL;
}

static void try_ends(void)
{
    char text[8];
    int fd = open_to("12");
    send(fd, "x", 1, 0);
    ssize_t got = recv(fd, text, 1, 0);
    printf("reset: %d ECONNRESET %d\n", (int)got, errno == ECONNRESET);
    close(fd);
    fd = open_to("11");
    pthread_t thread;
    pthread_create(&thread, NULL, close_later, &fd);
    got = recv(fd, text, 1, 0);
    pthread_join(thread, NULL);
    close(fd);
    printf("shut down beside: wakes %d, closed: %d EBADF %d\n", got <= 0,
           (int)recv(fd, text, 1, 0), errno == EBADF);
    struct sockaddr_in to = at(SERVER, "99");
    fd = socket(AF_INET, SOCK_STREAM, 0);
    int error = connect(fd, (struct sockaddr *)&to, sizeof(to));
    printf("nobody listens: %d ECONNREFUSED %d\n", error,
           errno == ECONNREFUSED);
    close(fd);
    fd = socket(AF_INET, SOCK_STREAM, 0);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    connect(fd, (struct sockaddr *)&to, sizeof(to));
    struct pollfd wait = { .fd = fd, .events = POLLOUT };
    poll(&wait, 1, -1);
    socklen_t bytes = sizeof(error);
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &bytes);
    printf("nor later: ECONNREFUSED %d\n", error == ECONNREFUSED);
    close(fd);
    to = at("192.168.1.1", "80");
    fd = socket(AF_INET, SOCK_STREAM, 0);
    error = connect(fd, (struct sockaddr *)&to, sizeof(to));
    printf("no way there: %d ENETUNREACH %d\n", error, errno == ENETUNREACH);
    close(fd);
}

static void try_without_blocking(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in to = at(SERVER, "7");
    int on = 1;
    ioctl(fd, FIONBIO, &on);
    int result = connect(fd, (struct sockaddr *)&to, sizeof(to));
    int error = errno;
    fd_set set;
    FD_ZERO(&set);
    FD_SET(fd, &set);
    int ready = select(fd + 1, NULL, &set, NULL, NULL);
    int pending = -1;
    socklen_t bytes = sizeof(pending);
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &pending, &bytes);
    printf("connect: %d EINPROGRESS %d, writable %d, error %d\n", result,
           error == EINPROGRESS, ready, pending);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    send(fd, "spin", 4, 0);
    char text[8];
    ssize_t got;
    unsigned tries = 0;
    while ((got = recv(fd, text, sizeof(text), 0)) < 0) {
        tries++; /* It never waits, and yet the answer comes. */
    }
    struct sockaddr_in self, peer;
    bytes = sizeof(self);
    getsockname(fd, (struct sockaddr *)&self, &bytes);
    bytes = sizeof(peer);
    getpeername(fd, (struct sockaddr *)&peer, &bytes);
    printf("spun: %d, more than once %d; own port %d, peer %s:%u\n", (int)got,
           tries > 0, ntohs(self.sin_port) >= 1024, inet_ntoa(peer.sin_addr),
           ntohs(peer.sin_port));
    close(fd);
}

static void try_errors(void)
{
    struct addrinfo *found;
    struct sockaddr_in here = at("0.0.0.0", "5000");
    int a = socket(AF_INET, SOCK_STREAM, 0);
    int b = socket(AF_INET, SOCK_STREAM, 0);
    bind(a, (struct sockaddr *)&here, sizeof(here));
    int result = bind(b, (struct sockaddr *)&here, sizeof(here));
    printf("bound twice: %d EADDRINUSE %d\n", result, errno == EADDRINUSE);
    result = socket(AF_INET6, SOCK_STREAM, 0);
    printf("IPv6: %d EAFNOSUPPORT %d\n", result, errno == EAFNOSUPPORT);
    result = write(77, "x", 1);
    printf("no socket: %d EBADF %d\n", result, errno == EBADF);
    printf("names: %d %d, services: %d\n",
           getaddrinfo("www.debian.org", "80", NULL, &found) == EAI_NONAME,
           getaddrinfo(NULL, NULL, NULL, &found) == EAI_NONAME,
           getaddrinfo(SERVER, "http", NULL, &found) == EAI_SERVICE);
}

int main(void)
{
    try_echo("7");
    try_echo("8");
    try_echo("9");
    try_udp();
    try_half_close();
    try_full();
    try_ends();
    try_without_blocking();
    try_errors();
    write(STDOUT_FILENO, "done\n", 5);
    return 0;
}
