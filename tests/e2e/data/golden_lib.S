/*
 * golden_lib.S - what the golden guests with clients share; each includes it
 * as its first text. They are assembly, so that no compiler has a say in what
 * they do: time, interrupts, frames in and out, sums.
 *
 * The guest has `serve`, which looks at the frame in `rx`, ECX bytes long, and
 * `awake`, which is called after each time that the VM has idled.
 */
#include "isa/abi.h"

/* Offsets in a frame: Ethernet, IPv4 without options, TCP or UDP. */
#define ETH_TO     0
#define ETH_FROM   6
#define ETH_TYPE   12
#define IP         14
#define IP_BYTES   (IP + 2)
#define IP_ID      (IP + 4)
#define IP_FLAGS   (IP + 6)
#define IP_PROTO   (IP + 9)
#define IP_SUM     (IP + 10)
#define IP_FROM    (IP + 12)
#define IP_TO      (IP + 16)
#define PORTS      (IP + 20) /* From, to. */
#define TCP_SEQ    (PORTS + 4)
#define TCP_ACK    (PORTS + 8)
#define TCP_OFFSET (PORTS + 12)
#define TCP_FLAGS  (PORTS + 13)
#define TCP_WINDOW (PORTS + 14)
#define TCP_SUM    (PORTS + 16)
#define TCP_DATA   (PORTS + 20)
#define UDP_BYTES  (PORTS + 4)
#define UDP_SUM    (PORTS + 6)
#define UDP_DATA   (PORTS + 8)

#define VREG(offset) (ABI_VREGS_BASE + (offset))

        .globl  _start
        .text
_start: movl    $handler, VREG(ABI_VR_IRQ_HANDLER)
        movl    $ret_start, VREG(ABI_VR_IRQ_RET_START)
        movl    $ret_end, VREG(ABI_VR_IRQ_RET_END)
        call    begin

/* An interrupt just before `idle` is seen at the latest after PATIENCE. */
1:      movl    $0, VREG(ABI_VR_IRQ_ENABLED)
        call    drain
        movl    $1, VREG(ABI_VR_IRQ_ENABLED)
        mov     $PATIENCE_NS, %ecx
        call    from_now
        call    deadline
        int     $ABI_VI_IDLE
        call    awake
        jmp     1b

/* Serves all frames that there are. */
drain:  mov     $rx, %eax
        mov     $ABI_PACKET_MAX_BYTES, %ecx
        int     $ABI_VI_PACKET_RECV
        mov     %eax, %ecx
        test    %eax, %eax
        jz      9f
        cmpw    $0x0008, rx + ETH_TYPE /* IPv4. */
        jne     drain
        call    serve
        jmp     drain
9:      ret

/* EDX:EAX = the time in ECX ns. High, low, high: it may change between. */
from_now:
        mov     VREG(ABI_VR_TIME_HIGH), %edx
        mov     VREG(ABI_VR_TIME_LOW), %eax
        cmp     %edx, VREG(ABI_VR_TIME_HIGH)
        jne     from_now
        add     %ecx, %eax
        adc     $0, %edx
        ret

/* EAX = the number behind the next '=' from ESI on; 0: there is none. */
number: xor     %eax, %eax
1:      movzbl  (%esi), %edx
        test    %edx, %edx
        jz      9f
        inc     %esi
        cmp     $'=', %edx
        jne     1b
2:      movzbl  (%esi), %edx
        sub     $'0', %edx
        cmp     $9, %edx
        ja      9f
        imul    $10, %eax, %eax
        add     %edx, %eax
        inc     %esi
        jmp     2b
9:      ret

/*
 * The head of an answer to the frame in `rx`: all that is the other way round.
 * EAX bytes follow the IPv4 header.
 */
reply:  movl    rx + ETH_FROM, %edx
        movl    %edx, tx + ETH_TO
        movw    rx + ETH_FROM + 4, %dx
        movw    %dx, tx + ETH_TO + 4
        movl    rx + ETH_TO, %edx
        movl    %edx, tx + ETH_FROM
        movw    rx + ETH_TO + 4, %dx
        movw    %dx, tx + ETH_FROM + 4
        movw    $0x0008, tx + ETH_TYPE
        movw    $0x0045, tx + IP
        lea     20(%eax), %edx
        xchg    %dl, %dh
        movw    %dx, tx + IP_BYTES
        incl    identity
        movw    identity, %dx
        movw    %dx, tx + IP_ID
        movw    $0x0040, tx + IP_FLAGS /* Do not fragment. */
        movb    $64, tx + IP_PROTO - 1
        movb    rx + IP_PROTO, %dl
        movb    %dl, tx + IP_PROTO
        movl    rx + IP_TO, %edx
        movl    %edx, tx + IP_FROM
        movl    rx + IP_FROM, %edx
        movl    %edx, tx + IP_TO
        movl    rx + PORTS, %edx
        rol     $16, %edx
        movl    %edx, tx + PORTS
        movw    $0, tx + IP_SUM
        push    %eax
        mov     $tx + IP, %esi
        mov     $20, %ecx
        xor     %eax, %eax
        call    sum
        call    fold
        movw    %ax, tx + IP_SUM
        pop     %eax
        ret

/* EAX += the words at ESI, ECX bytes; the byte behind an odd end is 0. The
   ones' complement sum is the same in either byte order. */
sum:    inc     %ecx
        shr     $1, %ecx
        jz      9f
1:      movzwl  (%esi), %edx
        add     %edx, %eax
        add     $2, %esi
        dec     %ecx
        jnz     1b
9:      ret

/* AX = the sum, folded, as it goes into a header. */
fold:   mov     %eax, %edx
        shr     $16, %edx
        movzwl  %ax, %eax
        add     %edx, %eax
        mov     %eax, %edx
        shr     $16, %edx
        add     %edx, %eax
        not     %eax
        ret

/* Sends what is in `tx`, EAX bytes behind the IPv4 header. With no room it is
   lost. */
send:   lea     IP + 20(%eax), %ecx
        mov     $tx, %eax
        int     $ABI_VI_PACKET_SEND
        ret

handler:
        push    %eax
        mov     4(%esp), %eax
        add     %eax, interrupts
        /* All that disks have done is taken at once. */
        mov     VREG(ABI_VR_DISK_DONE), %eax
        mov     %eax, VREG(ABI_VR_DISK_TAKEN)
        pop     %eax
        movl    $1, VREG(ABI_VR_IRQ_ENABLED)
ret_start:
        lea     4(%esp), %esp
        popf
        ret
ret_end:

        .bss
        .balign 4096
rx:     .skip   2048
tx:     .skip   2048
identity:
        .skip   4
interrupts: /* Masks, added up. */
        .skip   4
        .text
