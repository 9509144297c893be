/*
 * judge.h - whether two processors made the same of a trial, and a page of
 * text for people if not.
 */
#ifndef TESTS_NATIVE_JUDGE_H
#define TESTS_NATIVE_JUDGE_H

#include "tests/native/trial.h"

struct disasm;

/*
 * NULL: they did. Else what differs, a static string, and the number of the
 * state behind it (or 0). Flags that are undefined are not compared.
 */
const char *judge_trial(const struct trial *t, const struct state *before,
                        const struct ending *hardware,
                        const struct ending *engine, uint32_t *index);

/* Bytes, instructions and both results. */
void judge_print(const struct trial *t, struct disasm *disasm,
                 const struct state *before, const struct ending *hardware,
                 const struct ending *engine, uint32_t index);

#endif /* TESTS_NATIVE_JUDGE_H */
