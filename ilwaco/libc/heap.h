/*
 * heap.h - an allocator over one range of memory, made for guests: what was
 * never allocated is never touched, so an idle guest's heap is as many pages
 * as it holds bytes.
 *
 * Blocks lie side by side, each after a header; free neighbours are merged at
 * once, so the heap falls back together instead of scattering (Denali's "mbuf
 * entropy"). Free blocks hang in lists by size; the smallest that fits is
 * taken before anything from the untouched rest.
 */
#ifndef ILWACO_LIBC_HEAP_H
#define ILWACO_LIBC_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Blocks are multiples of this; addresses given out, of half of it. */
#define HEAP_GRANULE_BYTES 16
/* One list per size below 512 bytes, then one per power of two to 2^31. */
#define HEAP_EXACT_BINS 32
#define HEAP_BINS       (HEAP_EXACT_BINS + 23)

struct heap_block;

/*
 * Invariants: start <= top <= fresh <= end; the block before `top` is in use;
 * no two free blocks touch; [fresh, end) was never written.
 */
struct heap {
    char *start, *end;
    char *top;         /* Above it, nothing is allocated. */
    char *fresh;       /* Above it, nothing ever was: it reads as zero. */
    size_t used_bytes; /* In blocks in use, headers included. */
    /* Bit n % 32 of word n / 32: bin n holds a block. */
    uint32_t has_blocks[(HEAP_BINS + 31) / 32];
    struct heap_block *bins[HEAP_BINS];
};

/* [start, start + bytes) must read as zero and be aligned to the granule. */
void heap_setup(struct heap *heap, void *start, size_t bytes);

/* NULL when nothing is large enough. */
void *heap_allocate(struct heap *heap, size_t bytes);

/* Bytes in the block that may be used, >= what was asked for. */
size_t heap_room(const void *memory);

/* heap_allocate() that is zero; writes nothing that is zero already. */
void *heap_allocate_zeroed(struct heap *heap, size_t bytes);

/* The usual realloc: NULL leaves `old` as it was. */
void *heap_resize(struct heap *heap, void *old, size_t bytes);

/* NULL is nothing to free; what is not allocated is a panic. */
void heap_free(struct heap *heap, void *memory);

/* The heap of malloc(): called once, before it. */
void heap_init(void *start, size_t bytes);

/* For leak checks and reports. */
const struct heap *heap_of_malloc(void);

#endif /* ILWACO_LIBC_HEAP_H */
