/* vm.c - which state of a VM may follow which. See vm.h. */
#include "ik/vm.h"

#define TO(state) (1u << (state))

/* By the state that is left: those that may follow. */
static const uint8_t successors[] = {
    /* Its image may have to be written first. */
    [VM_CREATED] = TO(VM_WAITING) | TO(VM_DEAD),
    /* Admitted. */
    [VM_WAITING] = TO(VM_READY) | TO(VM_DEAD),
    /* Chosen. */
    [VM_READY] = TO(VM_RUNNING) | TO(VM_DEAD),
    /* Its quantum is over, or it is set aside; it needs a page; it idles; its
       lease is over. */
    [VM_RUNNING] = TO(VM_READY) | TO(VM_PAGING) | TO(VM_IDLE) | TO(VM_WAITING) |
                   TO(VM_DEAD),
    /* The page is in, or it may try again; or it gives its frames up, since
       all wait for one. */
    [VM_PAGING] = TO(VM_READY) | TO(VM_WAITING) | TO(VM_DEAD),
    /* Every wake leads to the gate. */
    [VM_IDLE] = TO(VM_WAITING) | TO(VM_DEAD),
    /* A VM that was never created is dead, without a reason. */
    [VM_DEAD] = TO(VM_CREATED),
};

_Static_assert(sizeof(successors) == VM_STATE_COUNT, "each state has a row");

bool vm_state_may_follow(enum vm_state from, enum vm_state to)
{
    return (successors[from] & TO(to)) != 0;
}

void vm_enter(struct vm *vm, enum vm_state state)
{
    SIM_ASSERT(vm_state_may_follow(vm->state, state));
    vm->state = state;
}
