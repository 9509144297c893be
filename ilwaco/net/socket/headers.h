/* headers.h - in place of lwip/sockets.h and lwip/inet.h: Ilwaco's own. */
#ifndef ILWACO_NET_SOCKET_HEADERS_H
#define ILWACO_NET_SOCKET_HEADERS_H

#include "lwip/def.h"
#include "lwip/errno.h"
#include "lwip/ip_addr.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>

/* What lwIP names beside them. */
typedef int msg_iovlen_t;
struct ifreq {
    char ifr_name[16];
};
#define IPPROTO_UDPLITE     136
#define IPPROTO_RAW         255
#define TCP_KEEPALIVE       0x4000
#define IOV_MAX             0xffff
#define SIN_ZERO_LEN        8
#define LWIP_SELECT_MAXNFDS FD_SETSIZE

#define inet_addr_from_ip4addr(to, from) ((to)->s_addr = ip4_addr_get_u32(from))
#define inet_addr_to_ip4addr(to, from)   ip4_addr_set_u32(to, (from)->s_addr)

#endif /* ILWACO_NET_SOCKET_HEADERS_H */
