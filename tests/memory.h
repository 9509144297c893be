/* memory.h - how much of the host's memory a test has in use, by Linux. */
#ifndef TESTS_MEMORY_H
#define TESTS_MEMORY_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base.h"

#define MEMORY_PAGE_BYTES 4096
#define MEMORY_MIB(n)     ((long)(n) << 20)

static inline long memory_resident_bytes(void)
{
    char text[128] = "";
    FILE *file = fopen("/proc/self/statm", "r");
    SIM_ASSERT(file);
    const char *second =
        fgets(text, sizeof(text), file) ? strchr(text, ' ') : NULL;
    fclose(file);
    SIM_ASSERT(second);
    return strtol(second, NULL, 10) * MEMORY_PAGE_BYTES;
}

#endif /* TESTS_MEMORY_H */
