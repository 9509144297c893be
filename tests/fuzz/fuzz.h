/*
 * fuzz.h - what the targets share: bytes that are taken one number at a time, and
 * files for what takes a path only.
 *
 * A target is a file with one function, LLVMFuzzerTestOneInput, that may be
 * given anything: what it does follows from the bytes alone, so that a file
 * repeats a finding. docs/fuzzing.md says how targets are run.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base.h"

/* What libFuzzer, or main.c, calls: the first once, before all inputs. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Bytes that are left. */
struct fuzz_input {
    const uint8_t *at;
    size_t count;
};

bool fuzz_is_over(const struct fuzz_input *in);

/* The next `bytes` bytes, at most 8, as a number, the least significant byte
   first; beyond the end there are zeros. */
uint64_t fuzz_take(struct fuzz_input *in, uint32_t bytes);

/* A number below `bound`, which is at most 2^16, of the next one or two
   bytes. */
uint32_t fuzz_below(struct fuzz_input *in, uint32_t bound);

/* The next bytes up to `end`, which is skipped, or all that are left. */
struct fuzz_input fuzz_until(struct fuzz_input *in, uint8_t end);

/* The same as a text, which ends before the first NUL. The caller frees it. */
char *fuzz_text(const struct fuzz_input *in);

/*
 * The path of a file with these bytes, in memory. Each of the FUZZ_FILES slots
 * is one file with the same path in each run, "/proc/self/fd/200" and so on.
 */
#define FUZZ_FILES 4
const char *fuzz_file(uint32_t slot, const void *bytes, size_t count);

#endif /* TESTS_FUZZ_FUZZ_H */
