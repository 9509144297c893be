/*
 * quantum.h - what a stretch leaves for a VM's next quantum: the rest of the
 * last one after a page fault, or a debt after an overrun.
 */
#ifndef IK_POLICY_QUANTUM_H
#define IK_POLICY_QUANTUM_H

#include "ik/sched.h"

/* Cycles not used: < 0 when the last block overran. */
static inline int64_t quantum_left(uint64_t granted, uint64_t used)
{
    return (int64_t)granted - (int64_t)used;
}

/* The rest for one that stopped so, or its debt (< 0), or 0. */
static inline int64_t quantum_carry(enum sched_stop why, int64_t left)
{
    return why == SCHED_STOP_PAGING || left < 0 ? left : 0;
}

/* A whole quantum, less a debt. At least 1. */
static inline uint64_t quantum_whole(uint64_t quantum_cycles, int64_t carry)
{
    uint64_t debt = carry < 0 ? (uint64_t)-carry : 0;
    return debt < quantum_cycles ? quantum_cycles - debt : 1;
}

/* The rest, if there is one; otherwise a whole quantum, less a debt. */
static inline uint64_t quantum_next(uint64_t quantum_cycles, int64_t carry)
{
    return carry > 0 ? (uint64_t)carry : quantum_whole(quantum_cycles, carry);
}

#endif /* IK_POLICY_QUANTUM_H */
