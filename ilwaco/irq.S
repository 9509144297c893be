/*
 * irq.S - virtual interrupts: the handler, and the two places that must be
 * atomic against it.
 *
 * The handler only remembers: it adds the mask to `irq_taken` and returns.
 * The work is done by threads, so nothing in Ilwaco is ever reentered and
 * nothing else need mask interrupts. One instruction is atomic, for delivery
 * happens between instructions.
 */
#include "isa/abi.h"

    .bss
    .globl irq_taken
    .balign 4
    .type irq_taken, @object
irq_taken:
    .zero 4
    .size irq_taken, 4

    .section .text.irq, "ax", @progbits

/*
 * Entered by the kernel with the frame (mask, EFLAGS, EIP) on the stack and
 * interrupts disabled. An interrupt that falls between irq_idle's test and its
 * `idle` would be slept through, the kernel having nothing pending any more:
 * so such a return address is moved past the `idle`.
 */
    .globl irq_entry
    .type irq_entry, @function
irq_entry:
    pushl %eax
    movl 4(%esp), %eax
    orl %eax, irq_taken
    movl 12(%esp), %eax
    subl $irq_idle_tested, %eax
    cmpl $(irq_idle_done - irq_idle_tested), %eax
    jae 1f
    movl $irq_idle_done, 12(%esp)
1:
    popl %eax
    movl $1, ABI_VREGS_BASE + ABI_VR_IRQ_ENABLED
    .globl irq_ret_start
irq_ret_start:
    lea 4(%esp), %esp
    popf
    ret
    .globl irq_ret_end
irq_ret_end:
    .size irq_entry, . - irq_entry

/* void irq_idle(uint64_t deadline_ns) */
    .globl irq_idle
    .type irq_idle, @function
irq_idle:
    movl 4(%esp), %eax
    movl 8(%esp), %edx
    cmpl $0, irq_taken
irq_idle_tested:
    jne irq_idle_done
    int $ABI_VI_IDLE
irq_idle_done:
    ret
    .size irq_idle, . - irq_idle

/*
 * uint32_t irq_take(uint32_t mask): `xor` clears just the bits that were read;
 * one that arrives meanwhile stays.
 */
    .globl irq_take
    .type irq_take, @function
irq_take:
    movl irq_taken, %eax
    andl 4(%esp), %eax
    xorl %eax, irq_taken
    ret
    .size irq_take, . - irq_take

/* void irq_raise(uint32_t mask) */
    .section .text.irq_raise, "ax", @progbits
    .globl irq_raise
    .type irq_raise, @function
irq_raise:
    movl 4(%esp), %eax
    orl %eax, irq_taken
    ret
    .size irq_raise, . - irq_raise

    .section .note.GNU-stack, "", @progbits
