/*
 * limits.h - numbers that several layers must agree on, each stated once. What
 * the ABI states, too, is compared in isa/agree.c: sim may not include isa.
 */
#ifndef SIM_LIMITS_H
#define SIM_LIMITS_H

#define VM_LIMIT    (1u << 20) /* VM numbers are below this. */
#define FRAME_LIMIT (1u << 24) /* Frame numbers are below this: 64 GiB. */

#define CPU_HZ_LIMIT (1ull << 32) /* A processor's cycles a second are below. */

#define SHARES_LIMIT   10000u /* Of the processor, of one VM; 1 at least. */
#define PRIORITY_LIMIT 3u     /* 0 is the first to run. */

#define PAGING_BLOCK_LIMIT 65536u /* Bytes that one page transfer moves. */

/* Bytes of payload of a load's datagrams; workloads/ says why. */
#define DATAGRAM_LEAST 12u
#define DATAGRAM_MOST  1472u

#endif /* SIM_LIMITS_H */
