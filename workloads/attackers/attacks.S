/*
 * attacks.S - a guest that attacks: the boot command line names how.
 *
 * No library OS stands between it and the kernel. Each attack is a routine of
 * its own, reached with all registers free and interrupts disabled; what the
 * kernel must make of it stands in test_attacks.c. One that survives what it
 * tried ends with code 0, or another that says how it failed.
 */
#include "isa/abi.h"

#define MEM_END   0x00500000 /* With 1 MiB of memory. */
#define DATA      0x00480000 /* Never touched before. */
#define REG(name) (ABI_VREGS_BASE + ABI_VR_##name)

    .macro attack name:vararg
    .pushsection .rodata
8:  .asciz "\name"
    .popsection
    .pushsection .rodata.attacks, "a", @progbits
    .long 8b, 9f
    .popsection
9:
    .endm

    .macro finish code
    movl $\code, %eax
    int $ABI_VI_TERMINATE
    .endm

    .macro use_handler handler
    movl \handler, REG(IRQ_HANDLER)
    movl $1, REG(IRQ_ENABLED)
    .endm

    /* An alarm that is due, and an `idle` that delivers it. */
    .macro deliver
    xorl %eax, %eax
    xorl %edx, %edx
    int $ABI_VI_ALARM
    movl $-1, %eax
    movl $-1, %edx
    int $ABI_VI_IDLE
    .endm

/* Pairs of a name and a routine, ended by zeroes. */
    .section .rodata.attacks, "a", @progbits
    .balign 4
attacks:

    .section .text.start, "ax", @progbits
    .globl ilwaco_entry
    .type ilwaco_entry, @function
ilwaco_entry:
    movl $attacks, %ebx
1:  movl (%ebx), %esi
    testl %esi, %esi
    jz 4f
    movl $REG(CMDLINE), %edi
2:  movb (%esi), %al
    cmpb (%edi), %al
    jne 3f
    incl %esi
    incl %edi
    testb %al, %al
    jnz 2b
    jmp *4(%ebx)
3:  addl $8, %ebx
    jmp 1b
4:  finish 0xbad

/* ---- Fetching ----------------------------------------------------------- */

    .macro jumper name, target:vararg
attack \name
    movl $\target, %eax
    jmp *%eax
    .endm

    jumper jump-null, 0
    jumper jump-below, ABI_MEM_BASE - 1
    jumper jump-registers, ABI_MEM_BASE
    jumper jump-data, DATA + 4
    jumper jump-stack, MEM_END - 4
    jumper jump-end, MEM_END
    jumper jump-kernel, 0xc0000000
    jumper jump-top, 0xffffffff

attack call-null
    xorl %eax, %eax
    call *%eax

attack return-to-data
    pushl $DATA
    ret

attack jump-through-null
    jmp *0

/* The immediate is `hlt; nop; nop; nop`. */
attack jump-middle-refused
    jmp 1f + 1
1:  movl $0x909090f4, %eax
    finish 1

/* The immediate is `xorl %eax, %eax; int $0x41`: in the subset, so it runs. */
attack jump-middle-legal
    jmp 1f + 1
1:  movl $0x41cdc031, %ebx
    finish 1

/* The two bytes are `jmp -1`, whose second byte begins `inc %eax`. */
attack jump-own-middle
    xorl %eax, %eax
    .byte 0xeb, 0xff, 0xc0
    cmpl $1, %eax
    jne 1f
    finish 0
1:  finish 1

attack jump-itself
    jmp .

attack unknown-int
    int $0x80
    finish 1

attack int-before-first
    int $(ABI_VI_FIRST - 1)
    finish 1

attack int-after-last
    int $(ABI_VI_LAST + 1)
    finish 1

attack int-3
    int3
    finish 1

/* Behind good code in the same block: none of the block runs. */
attack hidden-cli
    movl $1, DATA
    cli
    finish 1

/* The text as data, that is changed and then run. */
attack code-on-stack
    pushl $0x0041cd90
    jmp *%esp

/* ---- Reading and writing ------------------------------------------------ */

    .macro reader name, va:vararg
attack \name
    movl \va, %eax
    finish 1
    .endm

    .macro writer name, va:vararg
attack \name
    movl $0x12345678, \va
    finish 1
    .endm

    reader read-null, 0
    reader read-below, ABI_MEM_BASE - 1
    reader read-across-base, ABI_MEM_BASE - 2
    reader read-end, MEM_END
    reader read-across-end, MEM_END - 2
    reader read-kernel, 0xc0000000
    reader read-top, 0xffffffff
    reader read-wrapping, 0xfffffffe
    writer write-null, 0
    writer write-below, ABI_MEM_BASE - 4
    writer write-across-base, ABI_MEM_BASE - 2
    writer write-end, MEM_END
    writer write-across-end, MEM_END - 2
    writer write-kernel, 0xc0000000
    writer write-wrapping, 0xfffffffe
    writer write-text, ABI_TEXT_BASE
    writer write-into-text, ABI_TEXT_BASE - 2

attack push-to-text
    movl $(ABI_TEXT_BASE + 64), %esp
    pushl %eax
    finish 1

attack call-with-null-stack
    xorl %esp, %esp
    call 1f
1:  finish 1

attack exchange-text
    xchgl %eax, ABI_TEXT_BASE
    finish 1

attack locked-text
    lock incl ABI_TEXT_BASE
    finish 1

attack fill-everything
    movl $DATA, %edi
    movl $-1, %ecx
    rep stosl
    finish 1

attack fill-downward
    movl $DATA, %edi
    movl $-1, %ecx
    std
    rep stosl
    finish 1

attack copy-from-outside
    movl $(MEM_END - 8), %esi
    movl $DATA, %edi
    movl $16, %ecx
    rep movsl
    finish 1

/* The frames reach the text after everything between has been used. */
attack recursion
    call .

attack odd-addresses
    movl $(DATA + 4093), %ebx
    movl $4000, %ecx
1:  addl %ecx, (%ebx)
    xchgw %cx, 1(%ebx)
    xchgw %cx, 1(%ebx)
    movl (%ebx), %eax
    incl %ebx
    loop 1b
    finish 0

/* ---- Exceptions --------------------------------------------------------- */

attack divide-by-zero
    xorl %ecx, %ecx
    divl %ecx
    finish 1

attack divide-too-much
    movl $0x80000000, %eax
    cdq
    movl $-1, %ecx
    idivl %ecx
    finish 1

attack divide-byte
    xorl %ecx, %ecx
    idivb %cl
    finish 1

attack aam-zero
    .byte 0xd4, 0x00
    finish 1

/* What the engine needs help with, at more places than anything remembers. */
attack many-setcc
    xorl %eax, %eax
    .rept 4200
    sete DATA
    jmp 8f
8:
    .endr
    finish 0

/* The kernel preempts it although it hardly ever jumps. */
attack straight-line
1:  .fill 65536, 1, 0x40 /* incl %eax */
    jmp 1b

/* Trap, direction, nested task, resume, alignment, virtual mode... */
attack popf-everything
    movl $1000, %ecx
1:  pushl $-1
    popf
    pushf
    popl %eax
    cld
    cmpl $0xcd7, %eax
    jne 2f
    loop 1b
    finish 0
2:  int $ABI_VI_TERMINATE

/* ---- Interrupts --------------------------------------------------------- */

    .macro handler_attack name, handler:vararg
attack \name
    use_handler $\handler
    deliver
    finish 1
    .endm

    handler_attack handler-null, 0
    handler_attack handler-registers, ABI_MEM_BASE
    handler_attack handler-data, DATA
    handler_attack handler-end, MEM_END
    handler_attack handler-top, 0xffffffff
    handler_attack handler-refused, refused

    .macro stack_attack name, stack:vararg
attack \name
    use_handler $ok
    movl $\stack, %esp
    deliver
    finish 1
    .endm

    stack_attack stack-null, 0
    stack_attack stack-wrapping, 5
    stack_attack stack-text, ABI_TEXT_BASE + 64
    stack_attack stack-base, ABI_MEM_BASE
    stack_attack stack-below, ABI_MEM_BASE - 4
    stack_attack stack-end, MEM_END + 4
    stack_attack stack-top, 0xffffffff
    stack_attack stack-in-registers, ABI_MEM_BASE + 0x3c

ok: finish 0
refused:
    hlt

/* Interrupts are never delivered, and it idles never. */
attack return-everything
    movl $0, REG(IRQ_RET_START)
    movl $-1, REG(IRQ_RET_END)
    use_handler $refused
    movl $1000, %ecx
1:  deliver
    cmpl $ABI_IDLE_PENDING, %eax
    jne 2f
    loop 1b
    finish 0
2:  finish 1

/* A handler that never returns properly: frame upon frame. */
attack nested-handlers
    movl $(ABI_TEXT_BASE + 0x4000), %esp
    use_handler $1f
    deliver
1:  movl $1, REG(IRQ_ENABLED)
    deliver
    jmp 1b

attack alarm-storm
    use_handler $3f
    movl $REG(IRQ_RET_START), %ebx
    movl $4f, (%ebx)
    movl $5f, 4(%ebx)
1:  xorl %eax, %eax
    xorl %edx, %edx
    int $ABI_VI_ALARM
    jmp 1b
3:  movl $1, REG(IRQ_ENABLED)
4:  leal 4(%esp), %esp
    popf
    ret
5:

/* A packet to itself raises an interrupt; without end. */
attack packet-storm
    call frame_to_itself
1:  movl $DATA, %eax
    movl $60, %ecx
    int $ABI_VI_PACKET_SEND
    movl $-1, %eax
    movl $-1, %edx
    int $ABI_VI_IDLE
    jmp 1b

/* Every register a guest may write, and those it may not, over and over. */
attack scribble-registers
    movl $2000, %edx
1:  movl $ABI_VREGS_BASE, %edi
    movl $1024, %ecx
    movl %edx, %eax
    rep stosl
    movl $0, REG(IRQ_ENABLED)
    movl $DATA, %eax
    movl $1, %ecx
    int $ABI_VI_CONSOLE_WRITE
    decl %edx
    jnz 1b
    finish 0

/* ---- Time and floods ---------------------------------------------------- */

attack idle-extremes
    movl $deadlines, %ebx
1:  movl (%ebx), %eax
    movl 4(%ebx), %edx
    int $ABI_VI_IDLE
    cmpl $ABI_IDLE_TIMEOUT, %eax
    jne 2f
    addl $8, %ebx
    cmpl $deadlines_end, %ebx
    jne 1b
    movl $-2, %eax
    movl $-1, %edx
    int $ABI_VI_IDLE
2:  finish 1
    .pushsection .rodata
    .balign 4
deadlines:
    .long 0, 0, 1, 0, 1000, 0
deadlines_end:
    .popsection

attack idle-storm
1:  xorl %eax, %eax
    xorl %edx, %edx
    int $ABI_VI_IDLE
    jmp 1b

/* Fills its own receive queue, takes nothing out, and puts in at once what
   should ever find room again. */
attack hoard
    use_handler $4f
    movl $REG(IRQ_RET_START), %ebx
    movl $5f, (%ebx)
    movl $6f, 4(%ebx)
    call frame_to_itself
    movl $256, %ebx
1:  movl $DATA, %eax
    movl $60, %ecx
    int $ABI_VI_PACKET_SEND
    decl %ebx
    jnz 1b
    movl REG(TIME_LOW), %eax
    movl REG(TIME_HIGH), %edx
    addl $20000000, %eax
    adcl $0, %edx
    int $ABI_VI_IDLE
    movl $4, %ebx
    jmp 1b
4:  movl $1, REG(IRQ_ENABLED)
5:  leal 4(%esp), %esp
    popf
    ret
6:

frame_to_itself:
    call own_frame
    movl DATA + 6, %eax
    movl %eax, DATA
    movw DATA + 10, %ax
    movw %ax, DATA + 4
    ret

/* The second half of a frame's header: its own address, and IPv4, with the same
   in the header of that. */
own_frame:
    movl REG(MAC), %eax
    movl %eax, DATA + 6
    movw REG(MAC) + 4, %ax
    movw %ax, DATA + 10
    movw $0x0008, DATA + 12
    movl REG(MAC) + 2, %eax
    movl %eax, DATA + 26
    ret

    /* To VMs 0 to 63 in turn; EBX is the next. */
    .macro flood
    movl $0x100a0002, DATA
1:  movl %ebx, %eax
    andl $63, %eax
    incl %eax
    xchgb %al, %ah
    movw %ax, DATA + 4
    incl %ebx
    movl $DATA, %eax
    movl $60, %ecx
    int $ABI_VI_PACKET_SEND
    jmp 1b
    .endm

attack flood-everyone
    call own_frame
    flood

/* As VM 1. */
attack flood-as-another
    call own_frame
    movb $2, DATA + 11
    flood

/* As VM 1, but only in IPv4's header. */
attack flood-as-another-inside
    call own_frame
    movb $2, DATA + 29
    flood

attack flood-outside
    call own_frame
    movl $0x800a0002, DATA
    movw $0x0100, DATA + 4
1:  movl $DATA, %eax
    movl $1514, %ecx
    int $ABI_VI_PACKET_SEND
    jmp 1b

attack flood-broadcast
    call own_frame
    movl $-1, DATA
    movw $-1, DATA + 4
1:  movl $DATA, %eax
    movl $60, %ecx
    int $ABI_VI_PACKET_SEND
    jmp 1b

attack console-flood
1:  movl $DATA, %eax
    movl $ABI_CONSOLE_MAX_BYTES, %ecx
    int $ABI_VI_CONSOLE_WRITE
    cmpl $ABI_CONSOLE_MAX_BYTES, %eax
    je 1b
    finish 1

/* ---- Ends --------------------------------------------------------------- */

attack terminate-0
    finish 0
attack terminate-panic
    finish ABI_EXIT_PANIC
attack terminate-minus-1
    finish -1

/* ---- What all VMs share ------------------------------------------------- */

    /* %edi: the end of memory. */
    .macro end_of_memory
    movl REG(MEMORY_BYTES), %edi
    addl $ABI_MEM_BASE, %edi
    .endm

/* Reads untouched pages one after another, for ever: each is a page fault that
   needs no disk. */
attack zero-reader
    end_of_memory
1:  movl $DATA, %esi
2:  movl (%esi), %eax
    addl $4096, %esi
    cmpl %edi, %esi
    jb 2b
    jmp 1b

/* Dirties all of its memory, for ever. */
attack memory-hog
    end_of_memory
1:  movl $DATA, %esi
2:  movl %esi, (%esi)
    addl $4096, %esi
    cmpl %edi, %esi
    jb 2b
    jmp 1b

/* As many reads of its disk as there may be, always, each into two pages. */
attack reader-hog
    xorl %esi, %esi
1:  xorl %eax, %eax
    movl REG(DISK_DONE), %ecx
    movl %ecx, REG(DISK_TAKEN)
    imull $7919, %esi, %ecx
    andl $1023, %ecx
    movl %esi, %edx
    andl $7, %edx
    shll $13, %edx
    addl $DATA + 64, %edx
    incl %esi
    int $ABI_VI_DISK_READ
    testl %eax, %eax
    jz 1b
    movl $-1, %eax
    movl $-1, %edx
    int $ABI_VI_IDLE
    jmp 1b

/* Sleeps for a microsecond, for ever. */
attack idle-storm-1us
1:  movl REG(TIME_LOW), %eax
    movl REG(TIME_HIGH), %edx
    addl $1000, %eax
    adcl $0, %edx
    int $ABI_VI_IDLE
    jmp 1b

/* Computes for 9.5 of 10 ms, and sleeps just before its quantum ends. */
attack boost-gamer
    movl REG(CPU_KHZ), %ebx
    leal (%ebx,%ebx,8), %eax
    shrl $1, %ebx
    addl %eax, %ebx
    shrl $6, %ebx
1:  movl %ebx, %ecx
2:  .rept 62
    incl %eax
    .endr
    decl %ecx
    jnz 2b
    movl REG(TIME_LOW), %eax
    movl REG(TIME_HIGH), %edx
    addl $1000, %eax
    adcl $0, %edx
    int $ABI_VI_IDLE
    jmp 1b

/* ---- Beside others, for ever -------------------------------------------- */

/* Blocks of one instruction, more than any cache of them is for. */
attack tiny-blocks
1:  .rept 40000
    jmp 8f
8:
    .endr
    jmp 1b

/* All of its memory by one instruction, over and over. */
attack huge-rep
    end_of_memory
    movl %edi, %edx
1:  movl $DATA, %edi
    movl %edx, %ecx
    subl %edi, %ecx
    incl %eax
    rep stosb
    jmp 1b

/* Every virtual instruction that may come back at once, with each of these for
   each of its operands. */
attack bad-addresses
1:  movl $operands, %esi
2:  movl $operands, %edi
3:  movl $operands, %ebp
4:  .irp number, ABI_VI_PACKET_SEND, ABI_VI_PACKET_RECV, ABI_VI_CONSOLE_WRITE, \
        ABI_VI_CONSOLE_READ, ABI_VI_DISK_READ, ABI_VI_DISK_WRITE
    movl (%esi), %eax
    movl (%edi), %ecx
    movl (%ebp), %edx
    movl (%ebp), %ebx
    int $\number
    .endr
    addl $4, %ebp
    cmpl $operands_end, %ebp
    jne 4b
    addl $4, %edi
    cmpl $operands_end, %edi
    jne 3b
    addl $4, %esi
    cmpl $operands_end, %esi
    jne 2b
    jmp 1b
    .pushsection .rodata
    .balign 4
operands:
    .long 0, 1, 60, 1514, ABI_VREGS_BASE, ABI_MEM_BASE - 1, ABI_TEXT_BASE
    .long ABI_TEXT_BASE - 2, DATA, 0xc0000000, 0x7fffffff, 0xfffffff0, -1
operands_end:
    .popsection

/* Its whole register page, and a virtual instruction that has to read it. */
attack scribble-on
1:  movl $ABI_VREGS_BASE, %edi
    movl $1024, %ecx
    movl %edx, %eax
    rep stosl
    movl $0, REG(IRQ_ENABLED)
    movl $DATA, %eax
    movl $1, %ecx
    int $ABI_VI_CONSOLE_WRITE
    incl %edx
    jmp 1b

    /* Takes what is done, and reads block %ecx to %edx. */
    .macro read_block
    movl REG(DISK_DONE), %eax
    movl %eax, REG(DISK_TAKEN)
    xorl %eax, %eax
    int $ABI_VI_DISK_READ
    .endm

/* Its disk into what it may not write, and into what the kernel writes. */
attack dma-to-text
1:  xorl %ecx, %ecx
    movl $ABI_TEXT_BASE, %edx
    read_block
    movl $(ABI_TEXT_BASE - 64), %edx
    read_block
    movl $ABI_VREGS_BASE, %edx
    read_block
    movl $(ABI_VREGS_BASE + 64), %edx
    read_block
    jmp 1b

/* Pages that are being read into when their owner is no more. */
attack end-in-flight
    xorl %ecx, %ecx
    movl $DATA, %edx
1:  read_block
    incl %ecx
    addl $8192, %edx
    cmpl $8, %ecx
    jb 1b
    finish 0

    .section .rodata.attacks, "a", @progbits
    .long 0, 0
    .section .note.GNU-stack, "", @progbits
