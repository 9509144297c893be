/*
 * vmheap.h - VMs in the order of a key: a binary heap of VM numbers.
 *
 * The least key first; among equals, who came first. Entering, leaving from
 * anywhere and taking the first are O(log n). Flat: numbers, no pointers but
 * the table's; an all-zero table of slots is an empty heap.
 */
#ifndef IK_QUEUE_VMHEAP_H
#define IK_QUEUE_VMHEAP_H

#include "ik/vmid.h"

struct arena;

/* Two tables in one: the heap, and by VM number its key and its place. */
struct vmheap_slot {
    uint64_t key;          /* Of the VM of this number. */
    uint64_t order;        /* Of its coming; breaks ties. */
    vmid_t vm;             /* In this place of the heap; valid below count. */
    uint32_t place_plus_1; /* Of the VM of this number; 0: not in the heap. */
};

struct vmheap {
    struct vmheap_slot *slots; /* vm_limit of them; the arena's. */
    uint64_t arrivals;
    uint32_t count;
};

/* False when the arena is full. */
SIM_MUST_USE bool vmheap_init(struct vmheap *h, struct arena *arena,
                              uint32_t vm_limit);

/* `vm` is not in the heap. */
void vmheap_push(struct vmheap *h, vmid_t vm, uint64_t key);

/* `vm` is in the heap. */
void vmheap_remove(struct vmheap *h, vmid_t vm);

/* The first; VM_NONE when empty. */
static inline vmid_t vmheap_first(const struct vmheap *h)
{
    return h->count > 0 ? h->slots[0].vm : VM_NONE;
}

#endif /* IK_QUEUE_VMHEAP_H */
