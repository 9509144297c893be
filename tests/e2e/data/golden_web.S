/*
 * golden_web.S - a web server that remembers nothing of its connections: what
 * it answers follows from the segment before it alone. It answers a SYN, a
 * request, and a FIN; and an acknowledgement in the middle of an answer with
 * the segment that begins there, once more if need be.
 *
 *     args: "size=2258 pages=64 disk=1"
 *
 * For each request it writes to STRIDE of so many pages, each time others; and
 * with disk=1 it writes a block of its disk, reads another, and waits for both.
 * Each 16th time that it idles it sets an alarm, and says so on the console.
 */
#define PATIENCE_NS 5000000
#define ALARM_NS    700000
#define STRIDE      5
#define SEGMENT     1460
#define FIRST_SEQ   0x1000 /* Of every connection. */
#define FIN         1
#define SYN         2
#define RST         4
#define PSH         8
#define ACK         16

#include "tests/e2e/data/golden_lib.S"

/* ---- The start ---- */

begin:  mov     $VREG(ABI_VR_CMDLINE), %esi
        call    number
        mov     %eax, body_bytes
        call    number
        mov     %eax, pages
        call    number
        mov     %eax, uses_disk
        /* The head, with the size as five digits. */
        mov     $head, %esi
        mov     $answer, %edi
        mov     $head_end - head, %ecx
        rep movsb
        mov     body_bytes, %eax
        mov     $10, %ebx
        mov     $answer + (head_size - head) + 4, %edi
1:      xor     %edx, %edx
        div     %ebx
        add     $'0', %edx
        mov     %dl, (%edi)
        dec     %edi
        cmp     $answer + (head_size - head), %edi
        jae     1b
        /* The body: lines of "VM, six digits; offset, eight digits". */
        mov     $answer + (head_end - head), %edi
        xor     %ebx, %ebx
2:      mov     VREG(ABI_VR_VM_NUMBER), %eax
        mov     $6, %ecx
        call    hex
        movb    $' ', (%edi)
        inc     %edi
        mov     %ebx, %eax
        mov     $8, %ecx
        call    hex
        movb    $'\n', (%edi)
        inc     %edi
        add     $16, %ebx
        cmp     body_bytes, %ebx
        jb      2b
        mov     body_bytes, %eax
        /* add $head_end - head, %eax: as short as can be by any assembler. */
        .byte   0x83, 0xc0, head_end - head
        mov     %eax, answer_bytes
        ret

/* EAX in ECX digits at EDI. */
hex:    lea     (%edi, %ecx), %edx
        push    %edx
1:      dec     %edx
        mov     %eax, %ebp
        and     $15, %ebp
        mov     digits(%ebp), %ch
        mov     %ch, (%edx)
        xor     %ch, %ch
        shr     $4, %eax
        dec     %ecx
        jnz     1b
        pop     %edi
        ret

/* ---- A segment ---- */

serve:  cmpb    $6, rx + IP_PROTO
        jne     9f
        movzbl  rx + TCP_FLAGS, %eax
        test    $RST, %eax
        jnz     9f
        test    $SYN, %eax
        jnz     syn
        /* EBX: their next sequence number; ECX: the bytes that they send. */
        movzwl  rx + IP_BYTES, %ecx
        xchg    %cl, %ch
        movzbl  rx + TCP_OFFSET, %edx
        shr     $4, %edx
        shl     $2, %edx
        sub     %edx, %ecx
        sub     $20, %ecx
        mov     rx + TCP_SEQ, %ebx
        bswap   %ebx
        add     %ecx, %ebx
        test    $FIN, %eax
        jnz     fin
        /* EAX: how much they have of the answer. */
        mov     rx + TCP_ACK, %eax
        bswap   %eax
        sub     $FIRST_SEQ + 1, %eax
        xor     %edx, %edx
        divl    answer_bytes
        mov     %edx, %eax
        test    %ecx, %ecx
        jz      again
        push    %eax
        push    %ebx
        call    work
        pop     %ebx
        pop     %eax
1:      call    segment
        add     $SEGMENT, %eax
        cmp     answer_bytes, %eax
        jb      1b
9:      ret

/* They have a part, and ask for no other: it ends at a segment. */
again:  test    %eax, %eax
        jz      9b
        xor     %edx, %edx
        mov     $SEGMENT, %ecx
        push    %eax
        div     %ecx
        pop     %eax
        test    %edx, %edx
        jnz     9b
        call    segment
        ret

syn:    movl    $FIRST_SEQ, tx + TCP_SEQ
        mov     rx + TCP_SEQ, %ebx
        bswap   %ebx
        inc     %ebx
        movw    $0x0060 | (SYN | ACK) << 8, tx + TCP_OFFSET
        movl    $0xb4050402, tx + TCP_DATA /* Segments of 1,460 bytes. */
        mov     $24, %eax
        movl    $FIRST_SEQ, %edx
        jmp     finish

fin:    inc     %ebx
        mov     rx + TCP_ACK, %edx
        bswap   %edx
        movw    $0x0050 | (FIN | ACK) << 8, tx + TCP_OFFSET
        mov     $20, %eax
        jmp     finish

/* The answer from byte EAX on; EBX: what is acknowledged. Keeps both. */
segment:
        push    %eax
        mov     answer_bytes, %ecx
        sub     %eax, %ecx
        cmp     $SEGMENT, %ecx
        jbe     1f
        mov     $SEGMENT, %ecx
1:      lea     answer(%eax), %esi
        mov     $tx + TCP_DATA, %edi
        push    %ecx
        rep movsb
        movb    $0, (%edi) /* For a sum of an odd number. */
        pop     %ecx
        /* Where this answer began: what they have, less what of it. */
        mov     rx + TCP_ACK, %edx
        bswap   %edx
        push    %edx
        mov     %edx, %eax
        sub     $FIRST_SEQ + 1, %eax
        xor     %edx, %edx
        divl    answer_bytes
        pop     %eax
        sub     %edx, %eax
        mov     (%esp), %edx
        add     %eax, %edx
        movw    $0x0050 | (PSH | ACK) << 8, tx + TCP_OFFSET
        lea     20(%ecx), %eax
        call    finish
        pop     %eax
        ret

/* EAX bytes of TCP; EDX: the sequence number; EBX: the acknowledgement. */
finish: bswap   %edx
        mov     %edx, tx + TCP_SEQ
        mov     %ebx, %edx
        bswap   %edx
        mov     %edx, tx + TCP_ACK
        movl    $0x0000ffff, tx + TCP_WINDOW /* And no sum yet. */
        movw    $0, tx + TCP_SUM + 2
        call    reply
        push    %eax
        mov     %eax, %ecx
        mov     %eax, %edx
        xchg    %dl, %dh
        movzwl  %dx, %eax
        add     $6 << 8, %eax
        push    %ecx
        mov     $tx + IP_FROM, %esi
        mov     $8, %ecx
        call    sum
        pop     %ecx
        mov     $tx + PORTS, %esi
        call    sum
        call    fold
        movw    %ax, tx + TCP_SUM
        pop     %eax
        jmp     send

/* ---- A request's work ---- */

work:   incl    requests
        cmpl    $0, pages
        je      2f
        mov     $STRIDE, %ecx
        mov     next_page, %eax
1:      add     $1, %eax
        xor     %edx, %edx
        divl    pages
        mov     %edx, %eax
        mov     %eax, %edx
        shl     $12, %edx
        incl    heap(%edx)
        dec     %ecx
        jnz     1b
        mov     %eax, next_page
2:      cmpl    $0, uses_disk
        je      9f
        xor     %eax, %eax
        mov     requests, %ecx
        and     $7, %ecx
        mov     $answer, %edx
        mov     %ecx, %ebx
        int     $ABI_VI_DISK_WRITE
        call    issued
        xor     %eax, %eax
        mov     requests, %ecx
        add     $3, %ecx
        and     $7, %ecx
        mov     $buffer, %edx
        int     $ABI_VI_DISK_READ
        call    issued
        /* The interrupt of a disk ends the wait, and each other one too. */
3:      movl    $1, VREG(ABI_VR_IRQ_ENABLED)
        mov     $PATIENCE_NS, %ecx
        call    from_now
        int     $ABI_VI_IDLE
        mov     VREG(ABI_VR_DISK_DONE), %eax
        cmp     transfers, %eax
        jne     3b
        movl    $0, VREG(ABI_VR_IRQ_ENABLED)
9:      ret

issued: test    %eax, %eax
        jnz     1f
        incl    transfers
1:      ret

/* ---- Now and then ---- */

deadline:
        ret

awake:  incl    idles
        mov     idles, %eax
        and     $15, %eax
        jnz     9f
        mov     $ALARM_NS, %ecx
        call    from_now
        int     $ABI_VI_ALARM
        mov     $line, %eax
        mov     $line_end - line, %ecx
        int     $ABI_VI_CONSOLE_WRITE
9:      ret

        .data
digits: .ascii  "0123456789abcdef"
line:   .ascii  "sixteen\n"
line_end:
head:   .ascii  "HTTP/1.1 200 OK\r\nContent-Length: "
head_size:
        .ascii  "00000\r\n\r\n"
head_end:

        .bss
        .balign 4096
answer: .skip   16384
buffer: .skip   4096
body_bytes:
        .skip   4
answer_bytes:
        .skip   4
pages:  .skip   4
uses_disk:
        .skip   4
requests:
        .skip   4
next_page:
        .skip   4
transfers:
        .skip   4
idles:  .skip   4
        .balign 4096
heap:

/* The words of the command line, for the host (isa/args/args.h): whole numbers,
   each from 0 on. */
        .macro  text bytes, chars
9:      .ascii  "\chars"
        .skip   \bytes - (. - 9b)
        .endm

        .macro  word name, high, usual, unit
        .quad   0, \high, \usual
        .long   0, 0
        text    24, "\name"
        text    72, "\unit"
        text    128, "of each request"
        .endm

        .section .iksim.args, "", @progbits
        .ascii  "IKARGS1\0"
        .long   256, 3
        text    112, "a web server in assembly"
        word    size, 99999, 2258, bytes
        word    pages, 400, 0, pages
        word    disk, 1, 0, disks
