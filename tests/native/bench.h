/*
 * bench.h - both processors side by side, and ranges of trials on them.
 */
#ifndef TESTS_NATIVE_BENCH_H
#define TESTS_NATIVE_BENCH_H

#include "tests/native/engine.h"
#include "tests/native/trial.h"

struct bench;

struct bench_range {
    enum trial_kind kind;
    enum engine_mode mode;
    uint64_t first, count; /* Seeds; of TRIAL_BYTES fewer if there are fewer. */
    uint32_t state_count;  /* Of each trial; 0: as many as its kind has. */
};

struct bench_counts {
    uint64_t trials, executions, faults, disagreements;
    uint64_t hash; /* Of all texts and states, XXH3. */
};

/* NULL, and a sentence in *why: there is no such hardware. */
struct bench *bench_open(const char **why);
void bench_close(struct bench *b);

/* Adds to `counts`. Disagreements are printed, the first few with all that is
   known, each shrunk to as few instructions as still disagree. */
void bench_run(struct bench *b, const struct bench_range *range,
               struct bench_counts *counts);

/* One trial of `insn_limit` instructions, printed whatever comes out. False:
   the processors disagree. */
bool bench_show(struct bench *b, const struct bench_range *range,
                uint32_t insn_limit);

#endif /* TESTS_NATIVE_BENCH_H */
