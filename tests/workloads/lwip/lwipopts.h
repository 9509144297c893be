/* lwipopts.h - lwIP as a peer in tests: NO_SYS, IPv4 and TCP only. */
#ifndef TESTS_WORKLOADS_LWIPOPTS_H
#define TESTS_WORKLOADS_LWIPOPTS_H

#define NO_SYS                    1
#define LWIP_NETCONN              0
#define LWIP_SOCKET               0
#define SYS_LIGHTWEIGHT_PROT      0
#define LWIP_TIMERS               0
#define LWIP_ARP                  0
#define LWIP_ETHERNET             0
#define LWIP_ICMP                 0
#define LWIP_UDP                  0
#define LWIP_RAW                  0
#define LWIP_DNS                  0
#define IP_REASSEMBLY             0
#define IP_FRAG                   0
#define MEM_ALIGNMENT             8
#define MEM_LIBC_MALLOC           1
#define MEMP_MEM_MALLOC           1
#define MEMP_NUM_TCP_PCB          4096
#define TCP_MSS                   1460
#define TCP_WND                   (8 * TCP_MSS)
#define TCP_SND_BUF               (16 * TCP_MSS)
#define TCP_SND_QUEUELEN          64
#define TCP_QUEUE_OOSEQ           1
#define TCP_LISTEN_BACKLOG        0
#define LWIP_CHECKSUM_ON_COPY     0
#define CHECKSUM_CHECK_IP         1
#define CHECKSUM_CHECK_TCP        1
#define LWIP_NETIF_TX_SINGLE_PBUF 1
#define LWIP_STATS                0
#define TCP_MSL                   1000

#endif /* TESTS_WORKLOADS_LWIPOPTS_H */
