/* reclaim.c - see reclaim.h. */
#include "ik/memory/reclaim.h"

#include "ik/memory/eviction.h"

static uint32_t reclaim_from(struct kernel *k, vmid_t id)
{
    struct vm *vm = kernel_vm(k, id);
    if (vm->resident <= eviction_kept(k, id)) {
        return 0;
    }
    uint32_t freed = eviction_empty(k, vm);
    if (freed > 0) {
        kernel_emit(
            k, TRACE_EVENT(reclaim, id, .frames = freed, .state = vm->state));
    }
    return freed;
}

bool reclaim_frames(struct kernel *k)
{
    vmid_t first = k->admission.gate->policy->head(k->admission.gate);
    k->paging.cause = first;
    for (vmid_t id = k->paging.idlers.head; id != VM_NONE;) {
        vmid_t next = k->paging.links[id].next;
        uint32_t freed = reclaim_from(k, id);
        if (k->vms[id].resident == 0) {
            vmlist_remove(&k->paging.idlers, k->paging.links, id);
            k->vms[id].is_idler = false;
        }
        if (freed > 0) {
            return true;
        }
        if (!eviction_may_write(k)) {
            return false;
        }
        id = next;
    }
    for (vmid_t id = k->admission.waiters.tail; id != VM_NONE;
         id = k->admission.links[id].prev) {
        if (id != first && k->vms[id].resident > 0 && reclaim_from(k, id) > 0) {
            return true;
        }
    }
    /* With nobody admitted, what is missing can only be the first one's own. */
    return k->admission.admitted == 0 && first != VM_NONE &&
           reclaim_from(k, first) > 0;
}
