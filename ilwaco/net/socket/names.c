/*
 * names.c - <netdb.h> for numbers, and the older half of <arpa/inet.h>. Nobody
 * here knows names, so a host is an address and a service a port.
 */
#include "lwip/sockets.h"

#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PORT_MAX 65535

in_addr_t inet_addr(const char *text)
{
    return ipaddr_addr(text);
}

int inet_aton(const char *text, struct in_addr *address)
{
    ip4_addr_t parsed;
    int is_right = ip4addr_aton(text, &parsed);
    address->s_addr = parsed.addr;
    return is_right;
}

char *inet_ntoa(struct in_addr address)
{
    ip4_addr_t ip = { address.s_addr };
    return ip4addr_ntoa(&ip);
}

/* False: it is no port. */
static bool read_port(const char *service, in_port_t *port)
{
    *port = 0;
    if (service == NULL) {
        return true;
    }
    char *end = NULL;
    unsigned long number = strtoul(service, &end, 10);
    *port = htons(number);
    return end != service && *end == '\0' && number <= PORT_MAX &&
           service[0] >= '0' && service[0] <= '9';
}

struct found {
    struct addrinfo info;
    struct sockaddr_in address;
};

static struct addrinfo *make(const struct sockaddr_in *address, int type,
                             int flags, struct addrinfo *next)
{
    struct found *found = calloc(1, sizeof(*found));
    if (found == NULL) {
        return NULL;
    }
    found->address = *address;
    found->info = (struct addrinfo){
        .ai_flags = flags,
        .ai_family = AF_INET,
        .ai_socktype = type,
        .ai_protocol = type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP,
        .ai_addrlen = sizeof(found->address),
        .ai_addr = (struct sockaddr *)(void *)&found->address,
        .ai_next = next,
    };
    return &found->info;
}

int getaddrinfo(const char *restrict host, const char *restrict service,
                const struct addrinfo *restrict hints,
                struct addrinfo **restrict found)
{
    struct addrinfo any = { .ai_family = AF_UNSPEC };
    hints = hints != NULL ? hints : &any;
    if (hints->ai_family != AF_UNSPEC && hints->ai_family != AF_INET) {
        return EAI_FAMILY;
    }
    if (hints->ai_socktype != 0 && hints->ai_socktype != SOCK_STREAM &&
        hints->ai_socktype != SOCK_DGRAM) {
        return EAI_SOCKTYPE;
    }
    struct sockaddr_in address = { .sin_family = AF_INET };
    bool is_passive = (hints->ai_flags & AI_PASSIVE) != 0;
    address.sin_addr.s_addr = htonl(is_passive ? INADDR_ANY : INADDR_LOOPBACK);
    if ((host == NULL && service == NULL) ||
        (host != NULL && inet_aton(host, &address.sin_addr) == 0)) {
        return EAI_NONAME;
    }
    if (!read_port(service, &address.sin_port)) {
        return EAI_SERVICE;
    }
    struct addrinfo *list = NULL;
    if (hints->ai_socktype != SOCK_STREAM) {
        list = make(&address, SOCK_DGRAM, hints->ai_flags, NULL);
    }
    if (hints->ai_socktype != SOCK_DGRAM) {
        struct addrinfo *first =
            make(&address, SOCK_STREAM, hints->ai_flags, list);
        if (first == NULL) {
            freeaddrinfo(list);
        }
        list = first;
    }
    *found = list;
    return list != NULL ? 0 : EAI_MEMORY;
}

void freeaddrinfo(struct addrinfo *found)
{
    while (found != NULL) {
        struct addrinfo *next = found->ai_next;
        free(found);
        found = next;
    }
}

int getnameinfo(const struct sockaddr *restrict address, socklen_t bytes,
                char *restrict host, socklen_t host_bytes,
                char *restrict service, socklen_t service_bytes, int flags)
{
    struct sockaddr_in in;
    if (bytes < sizeof(in) || address->sa_family != AF_INET) {
        return EAI_FAMILY;
    }
    if ((flags & NI_NAMEREQD) != 0) {
        return EAI_NONAME;
    }
    memcpy(&in, address, sizeof(in));
    if (host != NULL && host_bytes > 0 &&
        inet_ntop(AF_INET, &in.sin_addr, host, host_bytes) == NULL) {
        return EAI_OVERFLOW;
    }
    if (service != NULL && service_bytes > 0 &&
        snprintf(service, service_bytes, "%u", ntohs(in.sin_port)) >=
            (int)service_bytes) {
        return EAI_OVERFLOW;
    }
    return 0;
}

const char *gai_strerror(int error)
{
    switch (error) {
    case EAI_BADFLAGS:
        return "bad flags";
    case EAI_NONAME:
        return "the host is not a number, and nobody knows names";
    case EAI_FAMILY:
        return "only IPv4 is here";
    case EAI_SOCKTYPE:
        return "a socket is a stream or takes datagrams";
    case EAI_SERVICE:
        return "the service is not a port number";
    case EAI_MEMORY:
        return "memory is out";
    case EAI_OVERFLOW:
        return "the room is too small";
    default:
        return "no such error";
    }
}
