/* memory.h - how much of the host's memory a test has in use, by Linux. */
#ifndef TESTS_MEMORY_H
#define TESTS_MEMORY_H

#include <stdio.h>

#include "sim/base.h"

#define MEMORY_PAGE_BYTES 4096
#define MEMORY_MIB(n)     ((long)(n) << 20)

static inline long memory_resident_bytes(void)
{
    long all = 0;
    long resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    SIM_ASSERT(file);
    int got = fscanf(file, "%ld %ld", &all, &resident);
    SIM_ASSERT(got == 2);
    fclose(file);
    return resident * MEMORY_PAGE_BYTES;
}

#endif /* TESTS_MEMORY_H */
