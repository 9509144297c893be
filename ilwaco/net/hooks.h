/* hooks.h - what lwIP leaves to its host: initial sequence numbers (isn.c). */
#ifndef ILWACO_NET_HOOKS_H
#define ILWACO_NET_HOOKS_H

#include "lwip/ip_addr.h"

u32_t isn_for(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
              u16_t remote_port);

#define LWIP_HOOK_TCP_ISN isn_for

#endif /* ILWACO_NET_HOOKS_H */
