/* cc.h - lwIP's view of the host compiler. */
#ifndef TESTS_WORKLOADS_CC_H
#define TESTS_WORKLOADS_CC_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define LWIP_PLATFORM_DIAG(x) \
    do {                      \
        printf x;             \
    } while (0)
#define LWIP_PLATFORM_ASSERT(x) \
    do {                        \
        fputs(x "\n", stderr);  \
        abort();                \
    } while (0)

/* Sequence numbers and such; the same in every run. */
uint32_t lwip_peer_random(void);
#define LWIP_RAND() lwip_peer_random()

/* The names that the clients' TCP has too: both are in one program. */
#define tcp_abort   lwip_tcp_abort
#define tcp_close   lwip_tcp_close
#define tcp_connect lwip_tcp_connect
#define tcp_output  lwip_tcp_output

#endif /* TESTS_WORKLOADS_CC_H */
