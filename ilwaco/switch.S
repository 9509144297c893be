/* switch.S - from one thread's stack to another's. */

    .section .text.thread_switch, "ax", @progbits
    .globl thread_switch
    .type thread_switch, @function

/*
 * void thread_switch(uint32_t *save, uint32_t load): the registers that a C
 * function keeps lie on the stack of the thread that does not run.
 */
thread_switch:
    movl 4(%esp), %eax
    movl 8(%esp), %edx
    pushl %ebp
    pushl %ebx
    pushl %esi
    pushl %edi
    movl %esp, (%eax)
    movl %edx, %esp
    popl %edi
    popl %esi
    popl %ebx
    popl %ebp
    ret
    .size thread_switch, . - thread_switch

    .section .note.GNU-stack, "", @progbits
