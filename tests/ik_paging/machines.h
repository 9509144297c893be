/*
 * machines.h - machines whose RAM is far too small, and guests that find out
 * whether any word of theirs was lost or another's.
 */
#ifndef TESTS_IK_PAGING_MACHINES_H
#define TESTS_IK_PAGING_MACHINES_H

#include "ik/devices/vdisk.h"
#include "ik/memory/eviction.h"
#include "ik/memory/paging.h"
#include "ik/policy/policies.h"
#include "tests/ik/fixture.h"

#define SMALL_RX_POOL 64
/* How many policies of each kind there are. */
#define ONE_MORE(name) +1
enum {
    GATE_COUNT = 0 GATE_POLICIES(ONE_MORE),
    SCHED_COUNT = 0 SCHED_POLICIES(ONE_MORE),
    REPLACE_COUNT = 0 REPLACE_POLICIES(ONE_MORE),
};
#undef ONE_MORE

/* Frames that are pinned in a small machine, whatever its VMs. */
#define SMALL_PINNED (256 + SMALL_RX_POOL / 2 + EVICTION_WRITE_LIMIT)

/* With so many frames beyond those pinned, and real disks. */
struct bench *small_machine(uint32_t frames);

/* Boot is over: from here on disks take their time. */
void small_end_boot(struct bench *b);

/* Runs until `until` or until no VM is left alive. */
void small_run(struct bench *b, uint64_t until);

/* The pages in [first, first + count * 4096) are written and checked. */
struct pattern {
    uint32_t first;
    uint32_t count;
    uint32_t stride; /* Pages from one to the next, round and round; prime to
                        count, or some are never touched. */
    uint32_t rounds;
};

/*
 * In each round: every page holds, in its first and its last word, what the
 * round before wrote (zero at first), and gets what follows from the VM, the
 * page and the round. Terminates with PATTERN_OK, or with the first page at
 * which it found something else.
 */
#define PATTERN_OK 7
void asm_pattern(struct guest_asm *a, const struct pattern *p);

/* As asm_pattern, to be followed by what is to be done then. */
void asm_pattern_rounds(struct guest_asm *a, const struct pattern *p);

/* Touches and changes each of `pages` pages from `va` on. EBX is lost. */
void asm_crowd(struct guest_asm *a, uint32_t va, uint32_t pages);

/* Jumps, with the condition code of x86 (4: equal, 5: not equal). */
void asm_jump_if(struct guest_asm *a, uint8_t condition, uint32_t va);

#endif /* TESTS_IK_PAGING_MACHINES_H */
