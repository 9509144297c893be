/*
 * syn.h - a segment that opens a connection, before lwIP sees it: what has to
 * go so that lwIP takes it.
 *
 * A server keeps so many half-open connections (TCP_DEFAULT_LISTEN_BACKLOG),
 * each for 20 s, and lwIP drops what comes beyond them: whoever begins
 * connections and never finishes them would have them all. Here one half of
 * them is anybody's. In the other half an address has one: as it begins another
 * one, its oldest half-open connection goes, without a word. Nobody's goes for
 * another address, so those whose addresses differ notice nothing of each
 * other.
 *
 * Weakness: as many addresses as the other half has room for fill it, too.
 */
#ifndef ILWACO_NET_SYN_H
#define ILWACO_NET_SYN_H

#include "lwip/pbuf.h"

#include <stdint.h>

/* Which connection a SYN opens; numbers in the host's byte order but `from`. */
struct syn {
    uint32_t from; /* IPv4 address, as in the packet. */
    uint16_t from_port, to_port;
    uint32_t sequence;
};

/* Comes before lwIP sees the IP packet, whatever is in it. */
void syn_make_way(const struct pbuf *packet);

#endif /* ILWACO_NET_SYN_H */
