/*
 * any_guest.h - guests and machines of drawn numbers: hostile arguments,
 * registers, jumps and bytes in any order.
 */
#ifndef TESTS_IK_ANY_GUEST_H
#define TESTS_IK_ANY_GUEST_H

#include "tests/draws.h"
#include "tests/ik/fixture.h"

/* Writes a program that begins anew when it has come to its end. */
void any_guest(struct guest_asm *a, struct draws *d);

/* Before bench_boot. */
void any_machine(struct bench *b, struct draws *d);

#endif /* TESTS_IK_ANY_GUEST_H */
