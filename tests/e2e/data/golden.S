/*
 * golden.S - a guest that uses a little of everything, in assembly, so that
 * no compiler has a say in what it does: its fingerprints can be kept.
 *
 * ROUNDS times: adds up over four pages, for longer the higher the VM's
 * number; sends a frame to its neighbour (VM n with n's lowest bit flipped);
 * sets an alarm and idles until it has been seen, or the idle times out;
 * receives what there is. Then it writes a line and terminates with code 0.
 */
#include "isa/abi.h"

#define ROUNDS      40
#define WORDS       4096    /* In the four pages. */
#define FRAME_BYTES 60
#define ALARM_NS    300000  /* From now. */
#define IDLE_NS     2000000 /* From now; longer, and cut short by the alarm. */

        .globl  _start
        .text
_start: movl    $handler, ABI_VREGS_BASE + ABI_VR_IRQ_HANDLER
        movl    $ret_start, ABI_VREGS_BASE + ABI_VR_IRQ_RET_START
        movl    $ret_end, ABI_VREGS_BASE + ABI_VR_IRQ_RET_END
        movl    $1, ABI_VREGS_BASE + ABI_VR_IRQ_ENABLED
        call    address
        movl    $ROUNDS, rounds
1:      call    compute
        mov     $frame, %eax
        mov     $FRAME_BYTES, %ecx
        int     $ABI_VI_PACKET_SEND
        mov     $ALARM_NS, %ecx
        call    from_now
        int     $ABI_VI_ALARM
        mov     $IDLE_NS, %ecx
        call    from_now
        int     $ABI_VI_IDLE
        call    drain
        decl    rounds
        jnz     1b
        mov     $line, %eax
        mov     $line_end - line, %ecx
        int     $ABI_VI_CONSOLE_WRITE
        xor     %eax, %eax
        int     $ABI_VI_TERMINATE

/* Fills in the frame's two MACs: the neighbour's, then our own. */
address:
        mov     ABI_VREGS_BASE + ABI_VR_VM_NUMBER, %eax
        mov     %eax, %ebx
        xor     $1, %ebx
        lea     ABI_VM_NET + 1(%ebx), %ebx
        lea     ABI_VM_NET + 1(%eax), %eax
        bswap   %ebx
        bswap   %eax
        mov     %ebx, frame + 2
        mov     %eax, frame + 8
        ret

/* Up to (VM's number + 1) times over the words. */
compute:
        mov     ABI_VREGS_BASE + ABI_VR_VM_NUMBER, %ebx
        inc     %ebx
        mov     sum, %eax
2:      mov     $WORDS - 1, %ecx
1:      add     %ecx, %eax
        rol     $5, %eax
        xor     %eax, words(, %ecx, 4)
        dec     %ecx
        jns     1b
        dec     %ebx
        jnz     2b
        mov     %eax, sum
        ret

/* EDX:EAX = the time in ECX ns. High, low, high: it may change between. */
from_now:
        mov     ABI_VREGS_BASE + ABI_VR_TIME_HIGH, %edx
        mov     ABI_VREGS_BASE + ABI_VR_TIME_LOW, %eax
        cmp     %edx, ABI_VREGS_BASE + ABI_VR_TIME_HIGH
        jne     from_now
        add     %ecx, %eax
        adc     $0, %edx
        ret

drain:  mov     $buffer, %eax
        mov     $ABI_PACKET_MAX_BYTES, %ecx
        int     $ABI_VI_PACKET_RECV
        add     %eax, sum
        test    %eax, %eax
        jnz     drain
        ret

/* Counts the interrupts of each kind, as bits that add up. */
handler:
        push    %eax
        mov     4(%esp), %eax
        add     %eax, sum
        pop     %eax
        movl    $1, ABI_VREGS_BASE + ABI_VR_IRQ_ENABLED
ret_start:
        lea     4(%esp), %esp
        popf
        ret
ret_end:

        .data
frame:  .byte   2, 0, 0, 0, 0, 0
        .byte   2, 0, 0, 0, 0, 0
        .byte   0x88, 0xb5 /* For local experiments. */
        .fill   FRAME_BYTES - 14, 1, 0x5a
line:   .ascii  "golden\n"
line_end:

        .bss
        .balign 4096
words:  .skip   4 * WORDS
buffer: .skip   ABI_PACKET_MAX_BYTES
        .balign 4
sum:    .skip   4
rounds: .skip   4
