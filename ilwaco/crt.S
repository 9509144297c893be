/*
 * crt.S - the first instructions of a guest. The stack is at the end of
 * memory and bss is zero already; only the interrupt registers are to be set.
 */
#include "isa/abi.h"

    .section .text.start, "ax", @progbits
    .globl ilwaco_entry
    .type ilwaco_entry, @function
ilwaco_entry:
    movl $irq_entry, ABI_VREGS_BASE + ABI_VR_IRQ_HANDLER
    movl $irq_ret_start, ABI_VREGS_BASE + ABI_VR_IRQ_RET_START
    movl $irq_ret_end, ABI_VREGS_BASE + ABI_VR_IRQ_RET_END
    movl $1, ABI_VREGS_BASE + ABI_VR_IRQ_ENABLED
    call ilwaco_start /* Does not return. */
    .size ilwaco_entry, . - ilwaco_entry

    .section .note.GNU-stack, "", @progbits
