/*
 * steady.h - what a window was, and how sure its percentiles are, by the papers
 * that docs/report.md names and from lists of all that happened: nothing is
 * folded, and each formula is written as its paper has it.
 */
#ifndef TESTS_SHADOW_STEADY_H
#define TESTS_SHADOW_STEADY_H

#include "tests/shadow/expect.h"
#include "tests/shadow/shadow.h"

/* Figures of `steady` and `load.interval`. */
void steady_expect(struct expectations *e, const struct shadow *s);

#endif /* TESTS_SHADOW_STEADY_H */
