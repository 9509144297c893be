/*
 * timer.c - see timer.h. A list sorted from the tail: most timers are started
 * for later than those that run, so the place is found at once.
 */
#include "ilwaco/timer.h"

#include "isa/abi.h"

#include <stddef.h>

void timer_stop(struct timer_list *list, struct timer *timer)
{
    if (!timer->is_armed) {
        return;
    }
    if (timer->prev != NULL) {
        timer->prev->next = timer->next;
    } else {
        list->first = timer->next;
    }
    if (timer->next != NULL) {
        timer->next->prev = timer->prev;
    } else {
        list->last = timer->prev;
    }
    timer->is_armed = false;
}

void timer_start(struct timer_list *list, struct timer *timer,
                 uint64_t deadline_ns)
{
    timer_stop(list, timer);
    if (deadline_ns == ABI_TIME_NEVER) {
        return;
    }
    struct timer *before = list->last;
    while (before != NULL && before->deadline_ns > deadline_ns) {
        before = before->prev;
    }
    timer->deadline_ns = deadline_ns;
    timer->is_armed = true;
    timer->prev = before;
    timer->next = before != NULL ? before->next : list->first;
    if (before != NULL) {
        before->next = timer;
    } else {
        list->first = timer;
    }
    if (timer->next != NULL) {
        timer->next->prev = timer;
    } else {
        list->last = timer;
    }
}

uint64_t timer_next_ns(const struct timer_list *list)
{
    return list->first != NULL ? list->first->deadline_ns : ABI_TIME_NEVER;
}

void timer_run(struct timer_list *list, uint64_t now_ns)
{
    while (list->first != NULL && list->first->deadline_ns <= now_ns) {
        struct timer *timer = list->first;
        timer_stop(list, timer);
        timer->fire(timer->argument);
    }
}
