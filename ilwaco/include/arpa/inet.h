/* inet.h - <arpa/inet.h> of Ilwaco's libc. */
#ifndef ILWACO_ARPA_INET_H
#define ILWACO_ARPA_INET_H

#include <netinet/in.h>

/* INADDR_NONE, 0 and 0: this is no address. */
in_addr_t inet_addr(const char *text);
int inet_aton(const char *text, struct in_addr *address);
int inet_pton(int family, const char *restrict text, void *restrict address);

/* In memory that the next call uses again. */
char *inet_ntoa(struct in_addr address);
const char *inet_ntop(int family, const void *restrict address,
                      char *restrict room, socklen_t bytes);

#endif /* ILWACO_ARPA_INET_H */
