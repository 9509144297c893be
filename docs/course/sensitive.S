/* Instructions that make x86 hard to virtualize, for iksim verify to refuse:
   each runs without a trap in user mode, and tells or does something that
   depends on the mode. SPDX-License-Identifier: GPL-2.0-only */
    .globl _start
_start:
    smsw %ax           /* reads CR0 */
    sgdt 0x400000      /* reads where the kernel's tables are */
    str %ax            /* reads the task register */
    lar %ax, %bx       /* reads a descriptor's rights */
    mov %ax, %ds       /* loads a segment */
    cli                /* privileged: traps */
    in $0x60, %al      /* privileged: traps */
    rdtsc              /* the host's time */
    cpuid              /* the host's processor */
    fld1               /* the floating-point unit */
    pushf              /* allowed: shows the status flags and DF alone */
    popf
    xor %eax, %eax
    int $0x41         /* terminate, with the code in EAX */
