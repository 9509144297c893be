/*
 * server.c - the servers that sockets.sh tries, each by other means:
 * port 7 a blocking thread a connection, 8 select, 9 poll without blocking, 10
 * counts to the end of what comes and answers then, 11 takes nothing, 12 ends
 * by a reset; and datagrams to port 7 come back.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST 16

static int listen_at(int port)
{
    int on = 1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in here = { .sin_family = AF_INET };
    here.sin_port = htons(port);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
        bind(fd, (struct sockaddr *)&here, sizeof(here)) || listen(fd, MOST)) {
        printf("port %d: error %d\n", port, errno);
        exit(1);
    }
    return fd;
}

static void *echo(void *argument)
{
    int fd = (int)(long)argument;
    char text[512];
    ssize_t got;
    while ((got = recv(fd, text, sizeof(text), 0)) > 0) {
        send(fd, text, (size_t)got, 0);
    }
    close(fd);
    return NULL;
}

static void *by_threads(void *unused)
{
    int fd = listen_at(7);
    for (;;) {
        int client = accept(fd, NULL, NULL);
        pthread_t thread;
        if (client < 0 ||
            pthread_create(&thread, NULL, echo, (void *)(long)client) != 0) {
            puts("no client, or no thread");
            return unused;
        }
        pthread_detach(thread);
    }
}

/* One echo; false at the end. */
static int echo_once(int fd)
{
    char text[512];
    ssize_t got = read(fd, text, sizeof(text));
    return got > 0 && write(fd, text, (size_t)got) == got;
}

static void *by_select(void *unused)
{
    int fd = listen_at(8);
    fd_set open;
    FD_ZERO(&open);
    FD_SET(fd, &open);
    for (;;) {
        fd_set ready = open;
        int count = select(FD_SETSIZE, &ready, NULL, NULL, NULL);
        for (int i = 0; i < FD_SETSIZE && count > 0; i++) {
            if (!FD_ISSET(i, &ready)) {
                continue;
            }
            count--;
            if (i == fd) {
                FD_SET(accept(fd, NULL, NULL), &open);
            } else if (!echo_once(i)) {
                FD_CLR(i, &open);
                close(i);
            }
        }
    }
    return unused;
}

static void *by_poll(void *unused)
{
    struct pollfd fds[MOST] = { { .fd = listen_at(9), .events = POLLIN } };
    nfds_t count = 1;
    fcntl(fds[0].fd, F_SETFL, fcntl(fds[0].fd, F_GETFL) | O_NONBLOCK);
    if (accept(fds[0].fd, NULL, NULL) != -1 || errno != EWOULDBLOCK) {
        puts("accept waits");
    }
    for (;;) {
        poll(fds, count, -1);
        for (nfds_t i = count; i-- > 1;) {
            if ((fds[i].revents & (POLLIN | POLLHUP | POLLERR)) != 0 &&
                !echo_once(fds[i].fd)) {
                close(fds[i].fd);
                fds[i] = fds[--count];
            }
        }
        if ((fds[0].revents & POLLIN) != 0 && count < MOST) {
            int client = accept(fds[0].fd, NULL, NULL);
            fds[count++] = (struct pollfd){ .fd = client, .events = POLLIN };
        }
    }
    return unused;
}

static void *by_half_closes(void *unused)
{
    int fd = listen_at(10);
    for (;;) {
        int client = accept(fd, NULL, NULL);
        char text[512];
        unsigned total = 0;
        ssize_t got;
        while ((got = recv(client, text, sizeof(text), 0)) > 0) {
            total += (unsigned)got;
        }
        int bytes = snprintf(text, sizeof(text), "%u bytes", total);
        send(client, text, (size_t)bytes, 0);
        close(client);
    }
    return unused;
}

static void *takes_nothing(void *unused)
{
    int fd = listen_at(11);
    for (;;) {
        accept(fd, NULL, NULL);
    }
    return unused;
}

static void *resets(void *unused)
{
    int fd = listen_at(12);
    for (;;) {
        struct linger now = { .l_onoff = 1, .l_linger = 0 };
        int client = accept(fd, NULL, NULL);
        char byte;
        recv(client, &byte, 1, 0);
        setsockopt(client, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
        close(client);
    }
    return unused;
}

int main(void)
{
    void *(*const servers[])(void *) = {
        by_threads, by_select, by_poll, by_half_closes, takes_nothing, resets
    };
    for (size_t i = 0; i < sizeof(servers) / sizeof(*servers); i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, servers[i], NULL);
    }
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons(7) };
    if (bind(fd, (struct sockaddr *)&here, sizeof(here)) != 0) {
        puts("bind");
    }
    puts("ready");
    for (;;) {
        struct sockaddr_in from;
        socklen_t bytes = sizeof(from);
        char text[512];
        ssize_t got = recvfrom(fd, text, sizeof(text), 0,
                               (struct sockaddr *)&from, &bytes);
        sendto(fd, text, (size_t)got, 0, (struct sockaddr *)&from, bytes);
    }
}
