/* tcp.h - <netinet/tcp.h> of Ilwaco's libc. */
#ifndef ILWACO_NETINET_TCP_H
#define ILWACO_NETINET_TCP_H

#define TCP_NODELAY 1

#endif /* ILWACO_NETINET_TCP_H */
