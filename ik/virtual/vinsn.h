/*
 * vinsn.h - virtual instructions: decode, which may fail and changes nothing,
 * then do, which cannot fail (isa/abi.h lists them).
 */
#ifndef IK_VINSN_H
#define IK_VINSN_H

#include "ik/memory/memory.h"

enum vinsn_result {
    VINSN_DONE,       /* Completed; the VM runs on. */
    VINSN_IDLE,       /* Completed; the VM is to block until the deadline. */
    VINSN_TERMINATED, /* Completed; the VM is to end. */
    VINSN_BLOCKED,    /* Not begun: it is to be executed again. */
};

/*
 * Executes the running VM's virtual instruction `vector`; EIP is past it.
 * VINSN_IDLE sets *deadline_ns.
 */
enum vinsn_result vinsn_execute(struct kernel *k, struct vm *vm, uint8_t vector,
                                uint64_t *deadline_ns);

#endif /* IK_VINSN_H */
