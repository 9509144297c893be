/*
 * vregs.h - the virtual registers: the first page of memory, written by the
 * kernel at dispatch and after each virtual instruction.
 */
#ifndef ILWACO_VREGS_H
#define ILWACO_VREGS_H

#include "isa/abi.h"

#include <stdint.h>

/* The ABI says where. NOLINTBEGIN(performance-no-int-to-ptr) */

/* The register at `offset`, one of ABI_VR_... */
static inline uint32_t vreg_read(uint32_t offset)
{
    return *(const volatile uint32_t *)(uintptr_t)(ABI_VREGS_BASE + offset);
}

/* Of those marked (guest). */
static inline void vreg_write(uint32_t offset, uint32_t value)
{
    *(volatile uint32_t *)(uintptr_t)(ABI_VREGS_BASE + offset) = value;
}

/* System time: high, low, high, for the kernel may write it in between. */
static inline uint64_t vreg_time_ns(void)
{
    uint32_t high = vreg_read(ABI_VR_TIME_HIGH);
    for (;;) {
        uint32_t low = vreg_read(ABI_VR_TIME_LOW);
        uint32_t again = vreg_read(ABI_VR_TIME_HIGH);
        if (again == high) {
            return ((uint64_t)high << 32) | low;
        }
        high = again;
    }
}

static inline uint64_t vreg_seed(void)
{
    return ((uint64_t)vreg_read(ABI_VR_SEED_HIGH) << 32) |
           vreg_read(ABI_VR_SEED_LOW);
}

static inline const char *vreg_cmdline(void)
{
    return (const char *)(uintptr_t)(ABI_VREGS_BASE + ABI_VR_CMDLINE);
}

/* NOLINTEND(performance-no-int-to-ptr) */

#endif /* ILWACO_VREGS_H */
