/* malloc.c - the memory functions of <stdlib.h>: the one heap of a guest. */
#include "ilwaco/libc/heap.h"

#include <stdlib.h>

static struct heap heap;

void heap_init(void *start, size_t bytes)
{
    heap_setup(&heap, start, bytes);
}

const struct heap *heap_of_malloc(void)
{
    return &heap;
}

void *malloc(size_t bytes)
{
    return heap_allocate(&heap, bytes);
}

void *calloc(size_t count, size_t bytes)
{
    if (bytes != 0 && count > SIZE_MAX / bytes) {
        return NULL;
    }
    return heap_allocate_zeroed(&heap, count * bytes);
}

void *realloc(void *old, size_t bytes)
{
    return heap_resize(&heap, old, bytes);
}

void free(void *block)
{
    heap_free(&heap, block);
}
