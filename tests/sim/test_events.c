/* test_events.c - the order of events, against a model that only searches. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/events.h"
#include "sim/random.h"

#define TIMER_COUNT 500

struct model {
    struct event_queue queue;
    struct sim_timer timers[TIMER_COUNT];
    uint64_t due[TIMER_COUNT];
    uint64_t seq[TIMER_COUNT]; /* 0: not set. */
    uint64_t next_seq;
    uint32_t fired; /* The last one. */
};

static void note(void *ctx, struct sim_timer *timer)
{
    struct model *m = ctx;
    assert_false(timer_is_set(timer));
    m->fired = (uint32_t)(timer - m->timers);
}

static uint32_t model_first(const struct model *m)
{
    uint32_t best = TIMER_COUNT;
    for (uint32_t i = 0; i < TIMER_COUNT; i++) {
        if (m->seq[i] == 0) {
            continue;
        }
        if (best == TIMER_COUNT || m->due[i] < m->due[best] ||
            (m->due[i] == m->due[best] && m->seq[i] < m->seq[best])) {
            best = i;
        }
    }
    return best;
}

static void model_step(struct model *m, struct rng *r)
{
    uint32_t i = (uint32_t)rng_below(r, TIMER_COUNT);
    switch (rng_below(r, 8)) {
    case 0:
        timer_cancel(&m->queue, &m->timers[i]);
        m->seq[i] = 0;
        return;
    case 3:
        /* Moved, it keeps its place among its equals. */
        if (m->seq[i] != 0) {
            m->due[i] = m->queue.now + rng_below(r, 16);
            timer_move(&m->queue, &m->timers[i], m->due[i]);
        }
        return;
    case 1:
    case 2: {
        uint32_t first = model_first(m);
        uint64_t until = m->queue.now + rng_below(r, 8);
        bool due = first < TIMER_COUNT && m->due[first] <= until;
        assert_int_equal(events_next_due(&m->queue),
                         first < TIMER_COUNT ? m->due[first] : TIME_NEVER);
        assert_int_equal(events_fire_next(&m->queue, until), due);
        if (due) {
            assert_int_equal(m->fired, first);
            assert_int_equal(m->queue.now, m->due[first]);
            m->seq[first] = 0;
        }
        return;
    }
    default:
        /* Many ties, and some times in the past. */
        m->due[i] = m->queue.now + rng_below(r, 20);
        m->due[i] -= m->due[i] > 5 ? 5 : 0;
        timer_set(&m->queue, &m->timers[i], m->due[i]);
        if (m->due[i] < m->queue.now) {
            m->due[i] = m->queue.now;
        }
        m->seq[i] = ++m->next_seq;
    }
}

static void events_fire_as_in_a_model_that_only_searches(void **state)
{
    (void)state;
    static struct model m;
    for (uint64_t seed = 0; seed < 10; seed++) {
        m = (struct model){ 0 };
        events_init(&m.queue);
        for (uint32_t i = 0; i < TIMER_COUNT; i++) {
            timer_init(&m.timers[i], note, &m);
        }
        struct rng r;
        rng_init(&r, seed, "test", 0);
        for (int step = 0; step < 20000; step++) {
            model_step(&m, &r);
        }
        events_release(&m.queue);
    }
}

/* Nothing is asked of the host when timers are set that were spoken of, however
   many; and what cannot be had is said beforehand. */
static void what_is_reserved_is_there(void **state)
{
    (void)state;
    static struct sim_timer timers[5000];
    struct event_queue q;
    events_init(&q);
    for (uint32_t i = 0; i < 5000; i += 10) {
        assert_true(events_reserve(&q, 10));
    }
    const struct event_slot *heap = q.heap;
    for (uint32_t i = 0; i < 5000; i++) {
        timer_init(&timers[i], note, NULL);
        timer_set(&q, &timers[i], i * 7919u % 5000);
    }
    assert_ptr_equal(q.heap, heap);
    assert_false(events_reserve(&q, UINT32_MAX));
    assert_false(events_reserve(&q, UINT64_MAX));
    assert_ptr_equal(q.heap, heap);
    assert_int_equal(q.reserved, 5000);
    events_release(&q);
}

struct ticker {
    struct event_queue *queue;
    struct sim_timer timer;
    struct sim_timer other;
    uint32_t count;
};

static void tick(void *ctx, struct sim_timer *timer)
{
    struct ticker *t = ctx;
    t->count++;
    timer_set(t->queue, timer, t->queue->now + 10);
    timer_cancel(t->queue, &t->other);
}

static void a_timer_may_set_itself_and_cancel_others_when_it_fires(void **state)
{
    (void)state;
    struct event_queue q;
    events_init(&q);
    struct ticker t = { .queue = &q };
    timer_init(&t.timer, tick, &t);
    timer_init(&t.other, tick, &t);
    timer_set(&q, &t.timer, 10);
    timer_set(&q, &t.other, 10);
    while (events_fire_next(&q, 100)) {
    }
    assert_int_equal(t.count, 10);
    assert_false(timer_is_set(&t.other));
    assert_int_equal(events_next_due(&q), 110);
    timer_cancel(&q, &t.timer);
    timer_cancel(&q, &t.timer);
    assert_int_equal(events_next_due(&q), TIME_NEVER);
    assert_false(events_fire_next(&q, TIME_NEVER));
    events_release(&q);
}

static void moving_a_timer_puts_it_behind_its_equals(void **state)
{
    (void)state;
    static struct model m;
    m = (struct model){ 0 };
    events_init(&m.queue);
    for (uint32_t i = 0; i < 3; i++) {
        timer_init(&m.timers[i], note, &m);
        timer_set(&m.queue, &m.timers[i], 5);
    }
    timer_set(&m.queue, &m.timers[0], 5);
    static const uint32_t order[] = { 1, 2, 0 };
    for (uint32_t i = 0; i < 3; i++) {
        assert_true(events_fire_next(&m.queue, 5));
        assert_int_equal(m.fired, order[i]);
    }
    events_release(&m.queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_reserved_is_there),
        cmocka_unit_test(events_fire_as_in_a_model_that_only_searches),
        cmocka_unit_test(
            a_timer_may_set_itself_and_cancel_others_when_it_fires),
        cmocka_unit_test(moving_a_timer_puts_it_behind_its_equals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
