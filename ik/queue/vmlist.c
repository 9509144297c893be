/* vmlist.c - see vmlist.h. */
#include "ik/queue/vmlist.h"

void vmlist_push(struct vmlist *l, struct vmlink *links, vmid_t vm)
{
    links[vm] = (struct vmlink){ .next = VM_NONE, .prev = l->tail };
    if (l->tail == VM_NONE) {
        l->head = vm;
    } else {
        links[l->tail].next = vm;
    }
    l->tail = vm;
    l->count++;
}

void vmlist_push_front(struct vmlist *l, struct vmlink *links, vmid_t vm)
{
    links[vm] = (struct vmlink){ .next = l->head, .prev = VM_NONE };
    if (l->head == VM_NONE) {
        l->tail = vm;
    } else {
        links[l->head].prev = vm;
    }
    l->head = vm;
    l->count++;
}

vmid_t vmlist_pop(struct vmlist *l, struct vmlink *links)
{
    vmid_t vm = l->head;
    if (vm != VM_NONE) {
        vmlist_remove(l, links, vm);
    }
    return vm;
}

void vmlist_remove(struct vmlist *l, struct vmlink *links, vmid_t vm)
{
    struct vmlink old = links[vm];
    SIM_ASSERT(l->count > 0);
    SIM_ASSERT(old.prev != VM_NONE || l->head == vm);
    SIM_ASSERT(old.next != VM_NONE || l->tail == vm);
    if (old.prev == VM_NONE) {
        l->head = old.next;
    } else {
        links[old.prev].next = old.next;
    }
    if (old.next == VM_NONE) {
        l->tail = old.prev;
    } else {
        links[old.next].prev = old.prev;
    }
    l->count--;
}
