/*
 * golden_game.S - a game server for one player and one body, after
 * workloads/guests/game_packet.h and game_world.h, which the clients compile
 * and hold it to, bit by bit. A tick takes TICK_NS at least; the world stands
 * still until the player's first update. The newest update of a tick is the
 * player's move; those that it overtook are lost, as they may be.
 */
#define PATIENCE_NS TICK_NS
#define TICK_NS     20000000
#define UPDATE      0x55474b49 /* "IKGU" */
#define SNAPSHOT    0x53474b49 /* "IKGS" */
#define HISTORY     8
#define RADIUS      131072
#define SIDE        16777216
#define CELL        2396745 /* A seventh of the side. */
#define SPEED_MAX   196608
#define FRICTION    128

/* In `tx`: the snapshot, and in it its history. */
#define DATA tx + UDP_DATA
#define PAST DATA + 32

#include "tests/e2e/data/golden_lib.S"

/* ---- The world ---- */

begin:  mov     VREG(ABI_VR_VM_NUMBER), %eax
        inc     %eax
        imul    $0x9e3779b1, %eax, %eax
        mov     %eax, random /* Not 0: there are no such numbers of VMs. */
        mov     $CELL - 4 * RADIUS, %ecx
        mov     $2 * RADIUS, %ebx
        call    draw
        mov     %eax, body
        call    draw
        mov     %eax, body + 4
        mov     $131072, %ecx
        mov     $-65536, %ebx
        call    draw
        mov     %eax, body + 8
        call    draw
        mov     %eax, body + 12
        ret

/* EAX = EBX plus a random number below ECX: xorshift32. */
draw:   mov     random, %eax
        mov     %eax, %edx
        shl     $13, %edx
        xor     %edx, %eax
        mov     %eax, %edx
        shr     $17, %edx
        xor     %edx, %eax
        mov     %eax, %edx
        shl     $5, %edx
        xor     %edx, %eax
        mov     %eax, random
        xor     %edx, %edx
        div     %ecx
        lea     (%edx, %ebx), %eax
        ret

/* One axis of the body: its place at ESI, its velocity at ESI + 8; EBX: the
   move along it. */
axis:   mov     8(%esi), %eax
        cltd
        mov     $FRICTION, %ecx
        idiv    %ecx
        mov     8(%esi), %edx
        add     %ebx, %edx
        sub     %eax, %edx
        cmp     $SPEED_MAX, %edx
        jle     1f
        mov     $SPEED_MAX, %edx
1:      cmp     $-SPEED_MAX, %edx
        jge     2f
        mov     $-SPEED_MAX, %edx
2:      mov     (%esi), %eax
        add     %edx, %eax
        mov     $RADIUS, %ecx
        cmp     %ecx, %eax
        jl      3f
        mov     $SIDE - RADIUS, %ecx
        cmp     %ecx, %eax
        jle     4f
3:      add     %ecx, %ecx /* Back from the wall. */
        sub     %eax, %ecx
        mov     %ecx, %eax
        neg     %edx
4:      mov     %eax, (%esi)
        mov     %edx, 8(%esi)
        ret

/* ---- Updates ---- */

/* The newest of the player; and where it is, as the head of a frame. */
serve:  cmpb    $17, rx + IP_PROTO
        jne     9f
        cmpw    $0x409c, rx + PORTS + 2 /* Port 40000. */
        jne     9f
        cmpl    $UPDATE, rx + UDP_DATA
        jne     9f
        mov     rx + UDP_DATA + 4, %eax
        bswap   %eax
        cmp     newest, %eax
        jbe     9f
        cmpl    $0, newest
        jne     1f
        push    %eax
        mov     $TICK_NS, %ecx
        call    from_now
        mov     %eax, next_tick
        mov     %edx, next_tick + 4
        pop     %eax
1:      mov     %eax, newest
        mov     rx + UDP_DATA + 12, %eax /* Still in the wire's order. */
        mov     %eax, move
        mov     $rx, %esi
        mov     $peer, %edi
        mov     $UDP_DATA, %ecx
        rep movsb
9:      ret

/* ---- Ticks ---- */

/* EDX:EAX, in PATIENCE_NS: or the next tick, if there is a player. */
deadline:
        cmpl    $0, newest
        je      9f
        mov     next_tick, %eax
        mov     next_tick + 4, %edx
9:      ret

awake:  cmpl    $0, newest
        je      9f
        xor     %ecx, %ecx
        call    from_now
        sub     next_tick, %eax
        sbb     next_tick + 4, %edx
        jb      9f
        call    tick
        mov     $TICK_NS, %ecx
        call    from_now
        mov     %eax, next_tick
        mov     %edx, next_tick + 4
9:      ret

tick:   mov     move, %eax
        bswap   %eax
        push    %eax
        mov     %eax, %ebx
        sar     $16, %ebx
        mov     $body, %esi
        call    axis
        pop     %ebx
        shl     $16, %ebx
        sar     $16, %ebx
        mov     $body + 4, %esi
        call    axis
        incl    ticks
        /* The latest first. */
        mov     $past + (HISTORY - 2) * 8, %esi
1:      mov     (%esi), %eax
        mov     %eax, 8(%esi)
        mov     4(%esi), %eax
        mov     %eax, 12(%esi)
        sub     $8, %esi
        cmp     $past, %esi
        jae     1b
        mov     newest, %eax
        bswap   %eax
        mov     %eax, past
        mov     move, %eax
        mov     %eax, past + 4

        /* The answer goes where the newest update came from. */
        mov     $peer, %esi
        mov     $rx, %edi
        mov     $UDP_DATA, %ecx
        rep movsb
        movl    $SNAPSHOT, DATA
        mov     VREG(ABI_VR_VM_NUMBER), %eax
        bswap   %eax
        mov     %eax, DATA + 4
        mov     ticks, %eax
        bswap   %eax
        mov     %eax, DATA + 8
        mov     past, %eax
        mov     %eax, DATA + 12
        movl    $0, DATA + 16
        mov     ticks, %ecx
        cmp     $HISTORY, %ecx
        jbe     2f
        mov     $HISTORY, %ecx
2:      movl    $0x00010100, DATA + 20 /* Player 0 of 1, and 1 body. */
        movb    %cl, DATA + 23
        movl    $0x00000100, DATA + 24 /* One step a tick. */
        movl    $0, DATA + 28
        shl     $3, %ecx
        lea     32 + 16 + 8(%ecx), %eax
        mov     $past, %esi
        mov     $PAST, %edi
        rep movsb
        mov     $body, %esi
        mov     $4, %ecx
3:      mov     (%esi), %edx
        bswap   %edx
        mov     %edx, (%edi)
        add     $4, %esi
        add     $4, %edi
        dec     %ecx
        jnz     3b
        mov     %eax, %edx
        xchg    %dl, %dh
        movw    %dx, tx + UDP_BYTES
        movw    $0, tx + UDP_SUM /* None. */
        call    reply
        jmp     send

        .bss
        .balign 4
random: .skip   4
body:   .skip   16 /* x, y, and how far it goes in a step. */
newest: .skip   4
move:   .skip   4
ticks:  .skip   4
next_tick:
        .skip   8
past:   .skip   8 * HISTORY
peer:   .skip   UDP_DATA
