/*
 * events.c - a heap with four children a node, so that it is half as deep as
 * a binary one and a node's children share one or two cache lines. Each timer
 * knows its place, so moving and cancelling need no search.
 */
#include "sim/events.h"

#include <stdlib.h>

#define SIM_MAY_ALLOCATE
#include "sim/banned.h"

#define CHILDREN         4
#define INITIAL_CAPACITY 1024

static bool is_before(const struct event_slot *a, const struct event_slot *b)
{
    return a->due < b->due || (a->due == b->due && a->seq < b->seq);
}

static void place(struct event_queue *q, uint32_t at,
                  const struct event_slot *slot)
{
    q->heap[at] = *slot;
    slot->timer->slot = at;
}

/* Finds the place of `slot` at or above `at`, which is free. */
static void sift_up(struct event_queue *q, uint32_t at, struct event_slot slot)
{
    while (at > 0) {
        uint32_t parent = (at - 1) / CHILDREN;
        if (!is_before(&slot, &q->heap[parent])) {
            break;
        }
        place(q, at, &q->heap[parent]);
        at = parent;
    }
    place(q, at, &slot);
}

/* The first to fire among the children from `child` on. */
static uint32_t first_child(const struct event_queue *q, uint32_t child)
{
    uint32_t best = child;
    for (uint32_t i = child + 1; i < child + CHILDREN && i < q->count; i++) {
        if (is_before(&q->heap[i], &q->heap[best])) {
            best = i;
        }
    }
    return best;
}

/* Finds the place of `slot` at or below `at`, which is free. */
static void sift_down(struct event_queue *q, uint32_t at,
                      struct event_slot slot)
{
    for (;;) {
        uint64_t child = (uint64_t)at * CHILDREN + 1;
        if (child >= q->count) {
            break;
        }
        uint32_t best = first_child(q, (uint32_t)child);
        if (!is_before(&q->heap[best], &slot)) {
            break;
        }
        place(q, at, &q->heap[best]);
        at = best;
    }
    place(q, at, &slot);
}

static void sift(struct event_queue *q, uint32_t at, struct event_slot slot)
{
    if (at > 0 && is_before(&slot, &q->heap[(at - 1) / CHILDREN])) {
        sift_up(q, at, slot);
    } else {
        sift_down(q, at, slot);
    }
}

static bool grow(struct event_queue *q, uint64_t capacity)
{
    if (capacity > UINT32_MAX) {
        return false;
    }
    struct event_slot *heap = realloc(q->heap, capacity * sizeof(*heap));
    if (!heap) {
        return false;
    }
    q->heap = heap;
    q->capacity = (uint32_t)capacity;
    return true;
}

static uint64_t doubled(const struct event_queue *q)
{
    return q->capacity ? 2 * (uint64_t)q->capacity : INITIAL_CAPACITY;
}

bool events_reserve(struct event_queue *q, uint64_t count)
{
    if (count > UINT32_MAX - q->reserved) {
        return false;
    }
    uint64_t wanted = q->reserved + count;
    bool has_room = wanted <= q->capacity ||
                    (wanted <= doubled(q) && grow(q, doubled(q))) ||
                    grow(q, wanted);
    q->reserved = has_room ? (uint32_t)wanted : q->reserved;
    return has_room;
}

void events_init(struct event_queue *q)
{
    *q = (struct event_queue){ 0 };
}

void events_release(struct event_queue *q)
{
    free(q->heap);
    *q = (struct event_queue){ 0 };
}

uint64_t events_next_due(const struct event_queue *q)
{
    return q->count ? q->heap[0].due : TIME_NEVER;
}

bool events_fire_next(struct event_queue *q, uint64_t until)
{
    if (q->count == 0 || q->heap[0].due > until) {
        return false;
    }
    struct sim_timer *t = q->heap[0].timer;
    q->now = q->heap[0].due;
    timer_cancel(q, t);
    t->fire(t->ctx, t);
    return true;
}

void timer_init(struct sim_timer *t, timer_fn *fire, void *ctx)
{
    *t = (struct sim_timer){ .fire = fire, .ctx = ctx, .slot = TIMER_UNSET };
}

bool timer_is_set(const struct sim_timer *t)
{
    return t->slot != TIMER_UNSET;
}

void timer_set(struct event_queue *q, struct sim_timer *t, uint64_t due)
{
    SIM_ASSERT(t->fire);
    t->due = due < q->now ? q->now : due;
    struct event_slot slot = { t->due, q->next_seq++, t };
    if (timer_is_set(t)) {
        sift(q, t->slot, slot);
        return;
    }
    if (q->count == q->capacity) {
        bool has_room = grow(q, doubled(q));
        SIM_ASSERT(has_room);
    }
    sift_up(q, q->count++, slot);
}

void timer_move(struct event_queue *q, struct sim_timer *t, uint64_t due)
{
    SIM_ASSERT(timer_is_set(t));
    SIM_ASSERT(due >= q->now);
    t->due = due;
    struct event_slot slot = { due, q->heap[t->slot].seq, t };
    sift(q, t->slot, slot);
}

void timer_cancel(struct event_queue *q, struct sim_timer *t)
{
    if (!timer_is_set(t)) {
        return;
    }
    uint32_t at = t->slot;
    SIM_ASSERT(at < q->count);
    SIM_ASSERT(q->heap[at].timer == t);
    t->slot = TIMER_UNSET;
    q->count--;
    if (at < q->count) {
        sift(q, at, q->heap[q->count]);
    }
}
