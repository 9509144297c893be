/* netdb.h - of Ilwaco's libc: numbers alone, as nobody here knows names. */
#ifndef ILWACO_NETDB_H
#define ILWACO_NETDB_H

#include <netinet/in.h>

#define AI_PASSIVE     0x01
#define AI_CANONNAME   0x02
#define AI_NUMERICHOST 0x04
#define AI_NUMERICSERV 0x400

#define NI_NUMERICHOST 0x01
#define NI_NUMERICSERV 0x02
#define NI_NAMEREQD    0x08

#define NI_MAXHOST 255
#define NI_MAXSERV 32

#define EAI_BADFLAGS (-1)
#define EAI_NONAME   (-2)
#define EAI_FAMILY   (-6)
#define EAI_SOCKTYPE (-7)
#define EAI_SERVICE  (-8)
#define EAI_MEMORY   (-10)
#define EAI_OVERFLOW (-12)

struct addrinfo {
    int ai_flags;
    int ai_family;
    int ai_socktype;
    int ai_protocol;
    socklen_t ai_addrlen;
    struct sockaddr *ai_addr;
    char *ai_canonname;
    struct addrinfo *ai_next;
};

int getaddrinfo(const char *restrict host, const char *restrict service,
                const struct addrinfo *restrict hints,
                struct addrinfo **restrict found);
void freeaddrinfo(struct addrinfo *found);
int getnameinfo(const struct sockaddr *restrict address, socklen_t bytes,
                char *restrict host, socklen_t host_bytes,
                char *restrict service, socklen_t service_bytes, int flags);
const char *gai_strerror(int error);

#endif /* ILWACO_NETDB_H */
