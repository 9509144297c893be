/*
 * socket.h - lwIP's own sockets on Ilwaco's threads: how a call reaches the
 * core, and how the thread that serves the network hears of it.
 *
 * A call of lwIP's core comes between sockets_enter() and sockets_leave(), in
 * the thread that made it; the first makes TCP's clock right, the second wakes
 * the network's thread if TCP wants it earlier than it would wake by itself.
 * That thread runs net_serve() and is made with the first socket.
 *
 * lwIP would poll each connection once a second, for those that wait for
 * memory and for SO_SNDTIMEO. Here only connections in which a thread waits to
 * write or to close are polled, so that one that is idle wakes nobody.
 *
 * A thread that asks and does not wait (O_NONBLOCK, a timeout of 0) lets the
 * network's thread run first, if something has come: else it would never see
 * what it asks for.
 */
#ifndef ILWACO_NET_SOCKET_SOCKET_H
#define ILWACO_NET_SOCKET_SOCKET_H

#include <stdint.h>

/* The network's thread is there. */
void sockets_start(void);

/* Let it take what has come. Not within the core. */
void sockets_breathe(void);

/* A thread begins to wait in a connection: poll those in which one does. */
void sockets_poll_writers(void);

/* Reset the connection of a socket now, if it is one of TCP that is open. */
void sockets_reset(int fd);

#endif /* ILWACO_NET_SOCKET_SOCKET_H */
