/*
 * timer.h - things to do at a time, in order of it. Times are absolute
 * nanoseconds of system time; equal ones fire in the order they were started.
 */
#ifndef ILWACO_TIMER_H
#define ILWACO_TIMER_H

#include <stdbool.h>
#include <stdint.h>

/* The owner's memory; it must stay while the timer is armed. */
struct timer {
    void (*fire)(void *argument); /* May start and stop timers. */
    void *argument;
    uint64_t deadline_ns;      /* Valid while armed. */
    struct timer *prev, *next; /* Valid while armed. */
    bool is_armed;
};

/* Zero is empty. */
struct timer_list {
    struct timer *first, *last;
};

/* Arms `timer`, anew if it is armed. ABI_TIME_NEVER only stops it. */
void timer_start(struct timer_list *list, struct timer *timer,
                 uint64_t deadline_ns);
void timer_stop(struct timer_list *list, struct timer *timer);

/* The first deadline, or ABI_TIME_NEVER. */
uint64_t timer_next_ns(const struct timer_list *list);

/* Fire all whose deadline is now or was before. */
void timer_run(struct timer_list *list, uint64_t now_ns);

#endif /* ILWACO_TIMER_H */
