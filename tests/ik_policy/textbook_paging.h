/*
 * textbook_paging.h - the paging algorithms of the textbooks, over strings of
 * page numbers and without frames of any kernel: how many faults they have.
 * Written from the papers, without a look at the policies.
 */
#ifndef TESTS_IK_POLICY_TEXTBOOK_PAGING_H
#define TESTS_IK_POLICY_TEXTBOOK_PAGING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE_LIMIT   64 /* Pages are [0, PAGE_LIMIT). */
#define TEXTBOOK_VMS 4  /* Of those with several VMs: 16 pages each. */

static inline uint32_t textbook_vm(uint8_t page)
{
    return page / (PAGE_LIMIT / TEXTBOOK_VMS);
}

typedef uint32_t textbook_faults(const uint8_t *string, size_t length,
                                 uint32_t frames);

textbook_faults textbook_fifo, textbook_lru, textbook_clock;

/* The page whose next use is farthest away goes: nothing can do better. */
textbook_faults textbook_opt;

/* Carr and Hennessy, 1981: a turn of the hand over all frames if need be, use
   bits, and the virtual times of the pages' owners: references so far. */
uint32_t textbook_wsclock(const uint8_t *string, size_t length, uint32_t frames,
                          uint64_t tau);

#endif /* TESTS_IK_POLICY_TEXTBOOK_PAGING_H */
