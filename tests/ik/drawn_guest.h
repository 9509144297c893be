/*
 * drawn_guest.h - guests drawn from a seed: hostile arguments, registers, jumps,
 * disk requests and bytes in any order. For VMs of 1 MiB.
 */
#ifndef TESTS_IK_DRAWN_GUEST_H
#define TESTS_IK_DRAWN_GUEST_H

#include "sim/random.h"
#include "tests/ik/guest_asm.h"

#define DRAWN_DISK_BLOCKS 16 /* That most of the requests to a disk stay in. */

void drawn_guest(struct guest_asm *a, struct rng *r);

#endif /* TESTS_IK_DRAWN_GUEST_H */
