/* setjmp.S - see <setjmp.h>: what a C function keeps, ESP and EIP. */

    .section .text.setjmp, "ax", @progbits
    .globl setjmp
    .type setjmp, @function
setjmp:
    movl 4(%esp), %ecx
    movl (%esp), %edx
    movl %ebx, (%ecx)
    movl %esi, 4(%ecx)
    movl %edi, 8(%ecx)
    movl %ebp, 12(%ecx)
    leal 4(%esp), %eax
    movl %eax, 16(%ecx)
    movl %edx, 20(%ecx)
    xorl %eax, %eax
    ret
    .size setjmp, . - setjmp

    .section .text.longjmp, "ax", @progbits
    .globl longjmp
    .type longjmp, @function
longjmp:
    movl 4(%esp), %ecx
    movl 8(%esp), %eax
    testl %eax, %eax
    jne 1f
    incl %eax
1:  movl (%ecx), %ebx
    movl 4(%ecx), %esi
    movl 8(%ecx), %edi
    movl 12(%ecx), %ebp
    movl 16(%ecx), %esp
    jmp *20(%ecx)
    .size longjmp, . - longjmp

    .section .note.GNU-stack, "", @progbits
