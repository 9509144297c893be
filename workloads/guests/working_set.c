/* working_set.c - see working_set.h. */
#include "workloads/guests/working_set.h"

#include "ilwaco/panic.h"
#include "isa/abi.h"

#include <stdlib.h>

static struct {
    uint32_t (*pages)[ABI_PAGE_BYTES / sizeof(uint32_t)];
    uint32_t count;
    uint32_t touches; /* Of each page. */
} working_set;

void working_set_touch(void)
{
    for (uint32_t i = 0; i < working_set.count; i++) {
        uint32_t found = working_set.pages[i][0];
        working_set.pages[i][0] = working_set.touches + 1;
        if (found != working_set.touches && working_set.touches > 0) {
            panic("page %u of the working set is not as written", i);
        }
    }
    working_set.touches++;
}

void working_set_make(uint32_t size_bytes)
{
    uint32_t count = (size_bytes + ABI_PAGE_BYTES - 1) / ABI_PAGE_BYTES;
    if (count == 0) {
        return;
    }
    void *memory = malloc((count + 1) * ABI_PAGE_BYTES);
    if (memory == NULL) {
        panic("no memory for a working set of %u bytes", size_bytes);
    }
    uintptr_t start = (uintptr_t)memory;
    working_set.pages = (void *)(start - start % ABI_PAGE_BYTES);
    working_set.pages++;
    working_set.count = count;
    working_set_touch();
}
