/*
 * vmlist.h - queues of VM numbers: links by number, heads apart.
 *
 * A VM stands in at most one of the queues that share a table of links, so
 * leaving from the middle is O(1) and nothing is allocated. Flat: numbers, no
 * pointers.
 */
#ifndef IK_QUEUE_VMLIST_H
#define IK_QUEUE_VMLIST_H

#include "ik/vmid.h"

struct arena;

struct vmlink {
    vmid_t next; /* VM_NONE at the tail. */
    vmid_t prev; /* VM_NONE at the head. */
};

struct vmlist {
    vmid_t head; /* VM_NONE when empty. */
    vmid_t tail;
    uint32_t count;
};

#define VMLIST_EMPTY ((struct vmlist){ VM_NONE, VM_NONE, 0 })

static inline bool vmlist_is_empty(const struct vmlist *l)
{
    return l->head == VM_NONE;
}

/* At the tail. `vm` is in no queue of these links. */
void vmlist_push(struct vmlist *l, struct vmlink *links, vmid_t vm);

/* At the head. Likewise. */
void vmlist_push_front(struct vmlist *l, struct vmlink *links, vmid_t vm);

/* From the head; VM_NONE when empty. */
vmid_t vmlist_pop(struct vmlist *l, struct vmlink *links);

/* From wherever it stands in *l. */
void vmlist_remove(struct vmlist *l, struct vmlink *links, vmid_t vm);

#endif /* IK_QUEUE_VMLIST_H */
