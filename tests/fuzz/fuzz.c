/* fuzz.c - see fuzz.h. */
#define _GNU_SOURCE
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define FIRST_FILE 200 /* Its descriptor. */
#define PATH_BYTES 32

/* libFuzzer's declaration. NOLINTNEXTLINE(readability-non-const-parameter) */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    /* An assertion of cmocka's is to leave its stack. */
    return setenv("CMOCKA_TEST_ABORT", "1", 1);
}

bool fuzz_is_over(const struct fuzz_input *in)
{
    return in->count == 0;
}

uint64_t fuzz_take(struct fuzz_input *in, uint32_t bytes)
{
    uint64_t value = 0;
    for (uint32_t i = 0; i < bytes && in->count > 0; i++) {
        value |= (uint64_t)*in->at << 8 * i;
        in->at++;
        in->count--;
    }
    return value;
}

uint32_t fuzz_below(struct fuzz_input *in, uint32_t bound)
{
    return (uint32_t)fuzz_take(in, bound > 256 ? 2 : 1) % bound;
}

struct fuzz_input fuzz_until(struct fuzz_input *in, uint8_t end)
{
    struct fuzz_input part = *in;
    const uint8_t *found = in->count ? memchr(in->at, end, in->count) : NULL;
    part.count = found ? (size_t)(found - in->at) : in->count;
    size_t skipped = part.count + (found != NULL);
    in->at += skipped;
    in->count -= skipped;
    return part;
}

char *fuzz_text(const struct fuzz_input *in)
{
    char *text = malloc(in->count + 1);
    SIM_ASSERT(text);
    if (in->count > 0) {
        memcpy(text, in->at, in->count);
    }
    text[in->count] = '\0';
    return text;
}

const char *fuzz_file(uint32_t slot, const void *bytes, size_t count)
{
    static char paths[FUZZ_FILES][PATH_BYTES];
    SIM_ASSERT(slot < FUZZ_FILES);
    int file = FIRST_FILE + (int)slot;
    if (paths[slot][0] == '\0') {
        int made = memfd_create("fuzz", 0);
        SIM_ASSERT(made >= 0);
        int placed = dup2(made, file);
        SIM_ASSERT(placed == file);
        close(made);
        snprintf(paths[slot], PATH_BYTES, "/proc/self/fd/%d", file);
    }
    int failed = ftruncate(file, 0);
    ssize_t written = count > 0 ? pwrite(file, bytes, count, 0) : 0;
    SIM_ASSERT(!failed && written == (ssize_t)count);
    return paths[slot];
}
