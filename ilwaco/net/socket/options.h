/*
 * options.h - what lwIP's sockets (api/ of its sources) are compiled with, on
 * top of lwipopts.h. The core is compiled without: no structure that both know
 * depends on any of this (e2e.sockets compares), so guests that use the raw API
 * alone stay as they are, byte for byte.
 *
 * Threads being cooperative, lwIP's core needs no lock; what LOCK_TCPIP_CORE()
 * and UNLOCK_TCPIP_CORE() do instead is in socket.h. There is no tcpip_thread.
 */
#ifndef ILWACO_NET_SOCKET_OPTIONS_H
#define ILWACO_NET_SOCKET_OPTIONS_H

#define NO_SYS       0
#define LWIP_NETCONN 1
#define LWIP_SOCKET  1

#define LWIP_TCPIP_CORE_LOCKING 1
#define LOCK_TCPIP_CORE()       sockets_enter()
#define UNLOCK_TCPIP_CORE()     sockets_leave()

/* One thread may read while another writes, and a third closes. */
#define LWIP_NETCONN_FULLDUPLEX         1
#define LWIP_NETCONN_SEM_PER_THREAD     1
#define LWIP_NETCONN_THREAD_SEM_GET()   sockets_thread_sem()
#define LWIP_NETCONN_THREAD_SEM_ALLOC() ((void)0)
#define LWIP_NETCONN_THREAD_SEM_FREE()  ((void)0)

#define LWIP_SO_RCVTIMEO                1
#define LWIP_SO_SNDTIMEO                1
#define LWIP_SO_SNDRCVTIMEO_NONSTANDARD 0
#define LWIP_SO_RCVBUF                  1
#define LWIP_SO_LINGER                  1
#define SO_REUSE                        1
#define LWIP_FIONREAD_LINUXMODE         0
#define RECV_BUFSIZE_DEFAULT            65536

/* Sockets of a VM, and what waits at each: pieces of a stream, datagrams, new
   connections. None takes memory before it is there. */
#define MEMP_NUM_NETCONN          256
#define MEMP_NUM_NETBUF           64
#define DEFAULT_TCP_RECVMBOX_SIZE 1024
#define DEFAULT_UDP_RECVMBOX_SIZE 64
#define DEFAULT_ACCEPTMBOX_SIZE   255

/* 0, 1 and 2 are the console. */
#define LWIP_SOCKET_OFFSET 3

/* The names and numbers of our own headers. */
#define LWIP_SOCKET_EXTERNAL_HEADERS          1
#define LWIP_SOCKET_EXTERNAL_HEADER_SOCKETS_H "ilwaco/net/socket/headers.h"
#define LWIP_SOCKET_EXTERNAL_HEADER_INET_H    "ilwaco/net/socket/headers.h"
#define LWIP_COMPAT_SOCKETS                   0
#define LWIP_POSIX_SOCKETS_IO_NAMES           0
#define LWIP_ERRNO_STDINCLUDE                 1
#define LWIP_DNS_API_DECLARE_STRUCTS          0

/* Those that need nothing of ours. */
#define lwip_accept      accept
#define lwip_shutdown    shutdown
#define lwip_getpeername getpeername
#define lwip_getsockname getsockname
#define lwip_setsockopt  setsockopt
#define lwip_listen      listen
#define lwip_recv        recv
#define lwip_recvfrom    recvfrom
#define lwip_recvmsg     recvmsg
#define lwip_send        send
#define lwip_sendmsg     sendmsg
#define lwip_sendto      sendto
#define lwip_readv       readv
#define lwip_writev      writev
#define lwip_inet_ntop   inet_ntop
#define lwip_inet_pton   inet_pton

/* The core's table of pools does not know the kinds of the sockets. */
#define memp_malloc sockets_malloc
#define memp_free   sockets_free
/* Nothing polls a connection on which nobody waits: socket.h. */
#define tcp_poll sockets_tcp_poll

#endif /* ILWACO_NET_SOCKET_OPTIONS_H */
