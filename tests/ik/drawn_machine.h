/* drawn_machine.h - a machine of drawn sizes and policies. */
#ifndef TESTS_IK_DRAWN_MACHINE_H
#define TESTS_IK_DRAWN_MACHINE_H

#include "tests/draws.h"
#include "tests/ik/fixture.h"

/* Before bench_boot. */
void drawn_machine(struct bench *b, struct draws *d);

#endif /* TESTS_IK_DRAWN_MACHINE_H */
