/*
 * batch_guest.c - the guest `batch`, compiled for the host, where each index of
 * an array is checked: one that is out of bounds ends the process by a signal.
 * In a guest it would be the next variable.
 */
#include "tests/ilwaco/batch_guest.h"

#include "isa/abi.h"

/* Its clock stands. */
#define ILWACO_VREGS_H
static unsigned long long vreg_time_ns(void)
{
    return 0;
}

#undef printf
#define main   batch_main
#define printf batch_printf

#include "workloads/guests/batch.c" /* NOLINT(bugprone-suspicious-include) */
