/*
 * drawn_guest.h - guests of drawn numbers: hostile arguments, registers, jumps,
 * disk requests and bytes in any order. For VMs of 1 MiB.
 */
#ifndef TESTS_IK_DRAWN_GUEST_H
#define TESTS_IK_DRAWN_GUEST_H

#include "tests/draws.h"
#include "tests/ik/guest_asm.h"

#define DRAWN_DISK_BLOCKS 16 /* That most of the requests to a disk stay in. */

/* The program begins anew when it has come to its end. */
void drawn_guest(struct guest_asm *a, struct draws *d);

#endif /* TESTS_IK_DRAWN_GUEST_H */
