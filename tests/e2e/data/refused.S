/* refused.S - three instructions that no VM may execute, among some it may. */
        .globl _start
        .text
_start: nop
        cpuid
        rdtsc
        hlt
        mov     $0, %eax
        int     $0x41

        .data
        .long   0
