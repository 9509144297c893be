/* test_timer.c - timers fire in order, once, and not before their time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ilwaco/timer.h"
#include "isa/abi.h"

#define TIMERS 4

/* What the timers of a test fired, as letters. */
struct log {
    struct timer_list list;
    struct timer timers[TIMERS];
    char fired[16];
    size_t count;
};

/* A timer's argument. */
struct entry {
    struct log *log;
    char letter;
};

static void fire(void *argument)
{
    struct entry *e = argument;
    e->log->fired[e->log->count++] = e->letter;
}

static void prepare(struct log *log, struct entry entries[TIMERS])
{
    memset(log, 0, sizeof(*log));
    for (size_t i = 0; i < TIMERS; i++) {
        entries[i] = (struct entry){ log, (char)('a' + (int)i) };
        log->timers[i].fire = fire;
        log->timers[i].argument = &entries[i];
    }
}

static void they_fire_in_order_of_time_then_of_start(void **state)
{
    (void)state;
    struct log log;
    struct entry entries[TIMERS];
    prepare(&log, entries);
    timer_start(&log.list, &log.timers[0], 30);
    timer_start(&log.list, &log.timers[1], 10);
    timer_start(&log.list, &log.timers[2], 30);
    timer_start(&log.list, &log.timers[3], 20);
    assert_int_equal(timer_next_ns(&log.list), 10);
    timer_run(&log.list, 9);
    assert_string_equal(log.fired, "");
    timer_run(&log.list, 20);
    assert_string_equal(log.fired, "bd");
    timer_run(&log.list, UINT64_MAX - 1);
    assert_string_equal(log.fired, "bdac");
    assert_true(timer_next_ns(&log.list) == ABI_TIME_NEVER);
}

static void a_stopped_one_does_not_fire(void **state)
{
    (void)state;
    for (size_t stopped = 0; stopped < TIMERS; stopped++) {
        struct log log;
        struct entry entries[TIMERS];
        prepare(&log, entries);
        for (size_t i = 0; i < TIMERS; i++) {
            timer_start(&log.list, &log.timers[i], 10 * i);
        }
        timer_stop(&log.list, &log.timers[stopped]);
        timer_stop(&log.list, &log.timers[stopped]);
        timer_run(&log.list, 100);
        assert_int_equal(log.count, TIMERS - 1);
        assert_null(strchr(log.fired, 'a' + (int)stopped));
        assert_null(log.list.first);
        assert_null(log.list.last);
    }
}

static void started_again_it_has_moved(void **state)
{
    (void)state;
    struct log log;
    struct entry entries[TIMERS];
    prepare(&log, entries);
    timer_start(&log.list, &log.timers[0], 10);
    timer_start(&log.list, &log.timers[1], 20);
    timer_start(&log.list, &log.timers[0], 30);
    timer_start(&log.list, &log.timers[1], ABI_TIME_NEVER);
    assert_false(log.timers[1].is_armed);
    timer_run(&log.list, 25);
    assert_string_equal(log.fired, "");
    timer_run(&log.list, 30);
    assert_string_equal(log.fired, "a");
}

/* Starts itself anew, three times. */
struct repeat {
    struct timer_list *list;
    struct timer timer;
    int left;
};

static void fire_again(void *argument)
{
    struct repeat *r = argument;
    if (--r->left > 0) {
        timer_start(r->list, &r->timer, r->timer.deadline_ns + 10);
    }
}

static void one_may_start_itself(void **state)
{
    (void)state;
    struct timer_list list = { NULL, NULL };
    struct repeat r = { .list = &list, .left = 3 };
    r.timer.fire = fire_again;
    r.timer.argument = &r;
    timer_start(&list, &r.timer, 10);
    timer_run(&list, 20);
    assert_int_equal(r.left, 1);
    assert_int_equal(timer_next_ns(&list), 30);
    timer_run(&list, 30);
    assert_int_equal(r.left, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_fire_in_order_of_time_then_of_start),
        cmocka_unit_test(a_stopped_one_does_not_fire),
        cmocka_unit_test(started_again_it_has_moved),
        cmocka_unit_test(one_may_start_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
