/*
 * vi.S - the virtual instructions as C functions. EAX, ECX and EDX are the
 * caller's to lose; EBX is not.
 */
#include "isa/abi.h"

    .macro function name
    .section .text.\name, "ax", @progbits
    .globl \name
    .type \name, @function
\name:
    .endm

    .macro end_function name
    .size \name, . - \name
    .endm

/* Two arguments, in EAX and ECX. */
    .macro buffer_function name number
    function \name
    movl 4(%esp), %eax
    movl 8(%esp), %ecx
    int $\number
    ret
    end_function \name
    .endm

/* Four arguments, in EAX, ECX, EDX and EBX. */
    .macro disk_function name number
    function \name
    pushl %ebx
    movl 8(%esp), %eax
    movl 12(%esp), %ecx
    movl 16(%esp), %edx
    movl 20(%esp), %ebx
    int $\number
    popl %ebx
    ret
    end_function \name
    .endm

    buffer_function vi_packet_send ABI_VI_PACKET_SEND
    buffer_function vi_packet_recv ABI_VI_PACKET_RECV
    buffer_function vi_console_write ABI_VI_CONSOLE_WRITE
    buffer_function vi_console_read ABI_VI_CONSOLE_READ

    disk_function vi_disk_read ABI_VI_DISK_READ
    disk_function vi_disk_write ABI_VI_DISK_WRITE

    function vi_alarm
    movl 4(%esp), %eax
    movl 8(%esp), %edx
    int $ABI_VI_ALARM
    ret
    end_function vi_alarm

    function vi_terminate
    movl 4(%esp), %eax
    int $ABI_VI_TERMINATE
    end_function vi_terminate

    .section .note.GNU-stack, "", @progbits
