/*
 * isn.c - initial sequence numbers as RFC 6528 has them: a clock of 4.096 us
 * plus a hash of the connection that only this VM knows. A connection between
 * the same ports so begins above where the last one ended.
 */
#include "ilwaco/net/hooks.h"
#include "ilwaco/vregs.h"

#include <stdbool.h>
#include <stdlib.h>

static struct {
    bool is_drawn;
    uint32_t words[2];
} secret;

static uint32_t mix(uint32_t hash, uint32_t word)
{
    hash = (hash ^ word) * 0x9e3779b1u;
    return hash ^ (hash >> 15);
}

u32_t isn_for(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
              u16_t remote_port)
{
    if (!secret.is_drawn) {
        secret.words[0] = random_u32();
        secret.words[1] = random_u32();
        secret.is_drawn = true;
    }
    uint32_t hash = secret.words[0];
    hash = mix(hash, ip_addr_get_ip4_u32(local));
    hash = mix(hash, ip_addr_get_ip4_u32(remote));
    hash = mix(hash, ((uint32_t)local_port << 16) | remote_port);
    hash = mix(hash, secret.words[1]);
    return hash + (uint32_t)(vreg_time_ns() >> 12);
}
