/*
 * texthog.S - a guest with more text than it can have in RAM, which runs through
 * it for ever: a block a page.
 */
#include "isa/abi.h"

    .section .text.start, "ax", @progbits
    .globl ilwaco_entry
    .type ilwaco_entry, @function
ilwaco_entry:
    .rept 3000
    jmp 1f
    .balign 4096
1:
    .endr
    jmp ilwaco_entry
    .section .note.GNU-stack, "", @progbits
