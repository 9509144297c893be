/* transfer.c - see transfer.h. */
#include "ik/memory/transfer.h"

#include "ik/memory/frames.h"
#include "sim/arena.h"

void transfers_init(struct transfers *t, struct arena *arena)
{
    *t = (struct transfers){ .arena = arena };
}

struct transfer *transfer_get(struct transfers *t)
{
    struct transfer *x = t->free;
    if (x) {
        t->free = x->next;
    } else {
        x = arena_alloc(t->arena, sizeof(*x), alignof(struct transfer));
        if (!x) {
            return NULL;
        }
    }
    *x = (struct transfer){ .vm = VM_NONE };
    for (uint32_t i = 0; i < TRANSFER_PAGES; i++) {
        x->frames[i] = FRAME_NONE;
    }
    return x;
}

void transfer_begin(struct transfers *t, struct transfer *x)
{
    x->prev = NULL;
    x->next = t->flying;
    if (t->flying) {
        t->flying->prev = x;
    }
    t->flying = x;
    t->in_flight++;
    if (x->kind == TRANSFER_PAGE_OUT) {
        t->pages_writing += x->count;
    }
}

void transfer_end(struct transfers *t, struct transfer *x)
{
    if (x->prev) {
        x->prev->next = x->next;
    } else {
        t->flying = x->next;
    }
    if (x->next) {
        x->next->prev = x->prev;
    }
    t->in_flight--;
    if (x->kind == TRANSFER_PAGE_OUT) {
        t->pages_writing -= x->count;
    }
}

void transfer_finish(struct transfers *t, struct transfer *x)
{
    x->finished_next = NULL;
    if (t->finished_tail) {
        t->finished_tail->finished_next = x;
    } else {
        t->finished_head = x;
    }
    t->finished_tail = x;
}

struct transfer *transfer_next_finished(struct transfers *t)
{
    struct transfer *x = t->finished_head;
    if (x) {
        t->finished_head = x->finished_next;
        if (!t->finished_head) {
            t->finished_tail = NULL;
        }
        transfer_end(t, x);
    }
    return x;
}

void transfer_put(struct transfers *t, struct transfer *x)
{
    x->next = t->free;
    t->free = x;
}
