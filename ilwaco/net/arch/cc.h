/*
 * cc.h - what lwIP asks of a compiler and a C library: those of a guest. lwIP
 * includes it by this name, so it lies in a folder of its own.
 */
#ifndef ILWACO_NET_ARCH_CC_H
#define ILWACO_NET_ARCH_CC_H

#include "ilwaco/panic.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define LWIP_NO_INTTYPES_H 1
#define LWIP_NO_UNISTD_H   1
#define LWIP_NO_CTYPE_H    1

/* The conversions that lwIP prints with. */
#define X8_F  "02x"
#define U16_F "u"
#define S16_F "d"
#define X16_F "x"
#define U32_F "u"
#define S32_F "d"
#define X32_F "x"
#define SZT_F "u"

#define LITTLE_ENDIAN 1234
#define BYTE_ORDER    LITTLE_ENDIAN
#define lwip_htons(x) __builtin_bswap16(x)
#define lwip_htonl(x) __builtin_bswap32(x)

#define LWIP_PLATFORM_DIAG(arguments) \
    do {                              \
        printf arguments;             \
    } while (0)
#define LWIP_PLATFORM_ASSERT(claim) panic("lwIP: %s", claim)

/* Of <stdlib.h>, where that is Ilwaco's. */
uint32_t random_u32(void);
#define LWIP_RAND() random_u32()

/* checksum.c; the sum is as lwIP's own, not inverted. */
uint16_t checksum_bytes(const void *data, int bytes);
#define LWIP_CHKSUM checksum_bytes

#endif /* ILWACO_NET_ARCH_CC_H */
