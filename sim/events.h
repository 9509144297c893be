/*
 * events.h - what happens outside the processor, in a total order.
 *
 * A timer is embedded in the struct that waits for it; setting a timer
 * allocates nothing in that struct. Timers fire by (due, sequence): two due at
 * the same cycle fire in the order in which they were set, never by address.
 *
 * `now` is the due time of the event being fired. The processor's own clock may
 * be ahead of `now` (the kernel is not preemptible), and is never behind it.
 */
#ifndef SIM_EVENTS_H
#define SIM_EVENTS_H

#include "sim/base.h"

#define TIME_NEVER UINT64_MAX /* Cycles. */

struct sim_timer;
typedef void timer_fn(void *ctx, struct sim_timer *timer);

/* Open, to be embedded. Fields are the queue's after timer_init. */
struct sim_timer {
    timer_fn *fire;
    void *ctx;     /* Borrowed. */
    uint64_t due;  /* Cycles; valid while set. */
    uint32_t slot; /* Place in the heap; TIMER_UNSET when not set. */
};

#define TIMER_UNSET UINT32_MAX

struct event_slot {
    uint64_t due;
    uint64_t seq;
    struct sim_timer *timer; /* Borrowed. */
};

struct event_queue {
    struct event_slot *heap; /* Owned; a 4-ary heap, grows as needed. */
    uint32_t count;
    uint32_t capacity;
    uint32_t reserved; /* Timers that events_reserve was told of. */
    uint64_t next_seq;
    uint64_t now; /* Cycles. */
};

void events_init(struct event_queue *q);
void events_release(struct event_queue *q);

/*
 * Room for so many timers more, however many are set at once: whoever makes
 * what has timers in it asks first, as timer_set cannot say that there is no
 * memory, and ends the program then. False: the host has none, and all is as it
 * was.
 */
SIM_MUST_USE bool events_reserve(struct event_queue *q, uint64_t count);

/* The due time of the first event; TIME_NEVER when there is none. */
uint64_t events_next_due(const struct event_queue *q);

/*
 * Fires the first event if it is due at or before `until`, and says whether
 * it did. The timer is unset before it fires, so it may set itself again.
 */
bool events_fire_next(struct event_queue *q, uint64_t until);

void timer_init(struct sim_timer *t, timer_fn *fire, void *ctx);
bool timer_is_set(const struct sim_timer *t);

/* Sets, or moves, the timer; a due time before q->now counts as q->now. */
void timer_set(struct event_queue *q, struct sim_timer *t, uint64_t due);

/* Changes the due time of a timer that is set; the timer keeps its sequence
   number among timers that are due at one cycle. */
void timer_move(struct event_queue *q, struct sim_timer *t, uint64_t due);

/* Cancels the timer, if it is set. */
void timer_cancel(struct event_queue *q, struct sim_timer *t);

#endif /* SIM_EVENTS_H */
