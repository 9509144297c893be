/*
 * lwipopts.h - lwIP as Ilwaco has it: IPv4, ICMP, UDP and TCP, the raw API,
 * no threads of its own, no timers of its own (tcp_clock.h), no pools of its
 * own (all memory is malloc's, so none is touched before it is needed).
 *
 * The files of lwIP's sockets are compiled with ILWACO_SOCKETS as well, which
 * changes nothing that they share with the rest: net/socket/options.h.
 */
#ifndef ILWACO_NET_LWIPOPTS_H
#define ILWACO_NET_LWIPOPTS_H

/* ---- The system ---------------------------------------------------------- */

#define SYS_LIGHTWEIGHT_PROT 0
#ifdef ILWACO_SOCKETS
#include "ilwaco/net/socket/options.h"
#else
#define NO_SYS       1
#define LWIP_NETCONN 0
#define LWIP_SOCKET  0
#endif
#define LWIP_TIMERS        1
#define LWIP_TIMERS_CUSTOM 1
#define LWIP_STATS         0

/* ---- Memory -------------------------------------------------------------- */

#define MEM_ALIGNMENT        4
#define MEM_LIBC_MALLOC      1
#define MEMP_MEM_MALLOC      1
#define PBUF_POOL_FREE_OOSEQ 0

/* ---- Links and IP -------------------------------------------------------- */

/* ethernet.c does it: an address tells its MAC, so nobody asks, and no cache
   grows old. */
#define LWIP_ARP          0
#define LWIP_ETHERNET     0
#define LWIP_SINGLE_NETIF 1
#define LWIP_IPV4         1
#define LWIP_IPV6         0
#define LWIP_ICMP         1
#define LWIP_RAW          0
#define LWIP_UDP          1
#define LWIP_DHCP         0
#define LWIP_DNS          0
#define LWIP_IGMP         0
/* No fragments on this Ethernet, and so no timer for half a packet. */
#define IP_REASSEMBLY 0
#define IP_FRAG       0
#define IP_FORWARD    0

/* ---- TCP ----------------------------------------------------------------- */

#define LWIP_TCP            1
#define LWIP_CALLBACK_API   1
#define TCP_MSS             1460
#define LWIP_WND_SCALE      0
#define TCP_QUEUE_OOSEQ     1
#define LWIP_TCP_TIMESTAMPS 0
#define LWIP_TCP_KEEPALIVE  0

/* A window is no memory before it is used. Both <= 65535 without scaling. */
#ifndef TCP_WND
#define TCP_WND (44 * TCP_MSS)
#endif
#ifndef TCP_SND_BUF
#define TCP_SND_BUF (44 * TCP_MSS)
#endif
/* Data that is not copied makes two pbufs a segment. */
#define TCP_SND_QUEUELEN (4 * TCP_SND_BUF / TCP_MSS)
#define MEMP_NUM_TCP_SEG TCP_SND_QUEUELEN
/* What is copied (headers of answers) takes its own length, not a segment. */
#define TCP_OVERSIZE 0

/* Connections that are being opened; lwIP cannot count more. syn.h has whose. */
#define TCP_LISTEN_BACKLOG         1
#define TCP_DEFAULT_LISTEN_BACKLOG 255

/*
 * The first retransmission after 1 to 1.5 s, RFC 6298's second in ticks of
 * 500 ms. lwIP's own guess is 3 s.
 */
#define LWIP_TCP_RTO_TIME 1500
/*
 * Half the time that a connection waits in LAST-ACK: several retransmissions
 * of the FIN. TIME-WAIT is far shorter and never wakes a guest, see
 * time_wait.h.
 */
#define TCP_MSL 5000UL

#define LWIP_HOOK_FILENAME "ilwaco/net/hooks.h"

#endif /* ILWACO_NET_LWIPOPTS_H */
