/* heap.c - see heap.h. */
#include "ilwaco/libc/heap.h"

#include "ilwaco/panic.h"

#include <string.h>

/* Flags in the low bits of a block's size. */
#define USED        ((size_t)1)
#define BEFORE_USED ((size_t)2)
#define FLAGS       (USED | BEFORE_USED)

struct heap_block {
    size_t before_bytes; /* Of the block before; valid while that is free. */
    size_t bytes_flags;
    /* What follows is the user's in a used block. */
    struct heap_block *next, *prev; /* In the list of its bin. */
};

#define HEADER_BYTES    offsetof(struct heap_block, next)
#define MIN_BLOCK_BYTES sizeof(struct heap_block)

static size_t block_bytes(const struct heap_block *b)
{
    return b->bytes_flags & ~FLAGS;
}

static bool block_is_used(const struct heap_block *b)
{
    return (b->bytes_flags & USED) != 0;
}

static struct heap_block *block_at(char *address)
{
    return (struct heap_block *)(void *)address;
}

static struct heap_block *block_after(struct heap_block *b)
{
    return block_at((char *)b + block_bytes(b));
}

static struct heap_block *block_of(const void *memory)
{
    return block_at((char *)(uintptr_t)memory - HEADER_BYTES);
}

/* The bin for blocks of this size: exact, or [2^n, 2^(n+1)). */
static size_t bin_of(size_t bytes)
{
    size_t bin = bytes / HEAP_GRANULE_BYTES;
    if (bin < HEAP_EXACT_BINS) {
        return bin;
    }
    size_t power = 0;
    for (; bin >= HEAP_EXACT_BINS * 2; bin /= 2) {
        power++;
    }
    return HEAP_EXACT_BINS + power;
}

static void bin_insert(struct heap *heap, struct heap_block *b)
{
    size_t bin = bin_of(block_bytes(b));
    struct heap_block **head = &heap->bins[bin];
    heap->has_blocks[bin / 32] |= UINT32_C(1) << bin % 32;
    b->prev = NULL;
    b->next = *head;
    if (*head != NULL) {
        (*head)->prev = b;
    }
    *head = b;
}

static void bin_remove(struct heap *heap, struct heap_block *b)
{
    if (b->next != NULL) {
        b->next->prev = b->prev;
    }
    if (b->prev != NULL) {
        b->prev->next = b->next;
        return;
    }
    size_t bin = bin_of(block_bytes(b));
    heap->bins[bin] = b->next;
    if (b->next == NULL) {
        heap->has_blocks[bin / 32] &= ~(UINT32_C(1) << bin % 32);
    }
}

/* The first bin from `bin` on that holds a block, or HEAP_BINS. */
static size_t bin_find(const struct heap *heap, size_t bin)
{
    uint32_t skipped = (UINT32_C(1) << bin % 32) - 1;
    for (size_t word = bin / 32; word < (HEAP_BINS + 31) / 32; word++) {
        uint32_t bits = heap->has_blocks[word] & ~skipped;
        if (bits != 0) {
            return word * 32 + (size_t)__builtin_ctz(bits);
        }
        skipped = 0;
    }
    return HEAP_BINS;
}

/* The size of a block for `bytes` of the user's; 0 when there is none. */
static size_t bytes_for(size_t bytes)
{
    if (bytes > SIZE_MAX / 2) {
        return 0;
    }
    size_t whole = (bytes + HEADER_BYTES + HEAP_GRANULE_BYTES - 1) &
                   ~(size_t)(HEAP_GRANULE_BYTES - 1);
    return whole < MIN_BLOCK_BYTES ? MIN_BLOCK_BYTES : whole;
}

/* Make [b, b + bytes) a free block; its neighbours are in use. */
static void make_free(struct heap *heap, struct heap_block *b, size_t bytes)
{
    b->bytes_flags = bytes | BEFORE_USED;
    struct heap_block *after = block_after(b);
    after->before_bytes = bytes;
    after->bytes_flags &= ~BEFORE_USED;
    bin_insert(heap, b);
}

/* Keep `wanted` bytes of the used block `b`; free the rest if it is a block. */
static void trim(struct heap *heap, struct heap_block *b, size_t wanted)
{
    size_t bytes = block_bytes(b);
    if (bytes - wanted < MIN_BLOCK_BYTES) {
        return;
    }
    b->bytes_flags = wanted | (b->bytes_flags & FLAGS);
    struct heap_block *rest = block_after(b);
    heap->used_bytes -= bytes - wanted;
    char *rest_end = (char *)rest + (bytes - wanted);
    if (rest_end == heap->top) {
        heap->top = (char *)rest;
        return;
    }
    struct heap_block *after = block_at(rest_end);
    size_t rest_bytes = bytes - wanted;
    if (!block_is_used(after)) {
        bin_remove(heap, after);
        rest_bytes += block_bytes(after);
    }
    make_free(heap, rest, rest_bytes);
}

static struct heap_block *take_free(struct heap *heap, size_t wanted)
{
    for (size_t bin = bin_find(heap, bin_of(wanted)); bin < HEAP_BINS;
         bin = bin_find(heap, bin + 1)) {
        for (struct heap_block *b = heap->bins[bin]; b != NULL; b = b->next) {
            if (block_bytes(b) >= wanted) {
                bin_remove(heap, b);
                b->bytes_flags |= USED;
                block_after(b)->bytes_flags |= BEFORE_USED;
                heap->used_bytes += block_bytes(b);
                trim(heap, b, wanted);
                return b;
            }
        }
    }
    return NULL;
}

static struct heap_block *take_top(struct heap *heap, size_t wanted)
{
    if ((size_t)(heap->end - heap->top) < wanted) {
        return NULL;
    }
    struct heap_block *b = block_at(heap->top);
    b->bytes_flags = wanted | FLAGS;
    heap->used_bytes += wanted;
    heap->top += wanted;
    return b;
}

/* Call once `top` has settled: what is below it counts as written. */
static void note_fresh(struct heap *heap)
{
    if (heap->fresh < heap->top) {
        heap->fresh = heap->top;
    }
}

static void *allocate(struct heap *heap, size_t bytes)
{
    size_t wanted = bytes_for(bytes);
    if (wanted == 0) {
        return NULL;
    }
    struct heap_block *b = take_free(heap, wanted);
    if (b == NULL) {
        b = take_top(heap, wanted);
    }
    return b == NULL ? NULL : (char *)b + HEADER_BYTES;
}

void heap_setup(struct heap *heap, void *start, size_t bytes)
{
    *heap = (struct heap){ .start = start };
    heap->end = heap->start + (bytes & ~(size_t)(HEAP_GRANULE_BYTES - 1));
    heap->top = heap->start;
    heap->fresh = heap->start;
}

void *heap_allocate(struct heap *heap, size_t bytes)
{
    void *memory = allocate(heap, bytes);
    note_fresh(heap);
    return memory;
}

size_t heap_room(const void *memory)
{
    return block_bytes(block_of(memory)) - HEADER_BYTES;
}

void *heap_allocate_zeroed(struct heap *heap, size_t bytes)
{
    const char *fresh = heap->fresh;
    char *memory = heap_allocate(heap, bytes);
    if (memory != NULL && memory < fresh) {
        size_t used = (size_t)(fresh - memory);
        memset(memory, 0, bytes < used ? bytes : used);
    }
    return memory;
}

void heap_free(struct heap *heap, void *memory)
{
    if (memory == NULL) {
        return;
    }
    struct heap_block *b = block_of(memory);
    if ((char *)b < heap->start || (char *)b >= heap->top ||
        !block_is_used(b)) {
        panic("free of %p, which is not allocated", memory);
    }
    size_t bytes = block_bytes(b);
    heap->used_bytes -= bytes;
    struct heap_block *after = block_after(b);
    bool is_last = (char *)after == heap->top;
    if (!is_last && !block_is_used(after)) {
        bin_remove(heap, after);
        bytes += block_bytes(after);
    }
    if ((b->bytes_flags & BEFORE_USED) == 0) {
        b = block_at((char *)b - b->before_bytes);
        bin_remove(heap, b);
        bytes += block_bytes(b);
    }
    if (is_last) {
        heap->top = (char *)b;
        return;
    }
    make_free(heap, b, bytes);
}

void *heap_resize(struct heap *heap, void *old, size_t bytes)
{
    if (old == NULL) {
        return heap_allocate(heap, bytes);
    }
    size_t wanted = bytes_for(bytes);
    struct heap_block *b = block_of(old);
    if (wanted != 0 && wanted <= block_bytes(b)) {
        trim(heap, b, wanted);
        return old;
    }
    void *memory = heap_allocate(heap, bytes);
    if (memory != NULL) {
        memcpy(memory, old, heap_room(old));
        heap_free(heap, old);
    }
    return memory;
}
