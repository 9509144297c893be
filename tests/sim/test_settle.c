/*
 * test_settle.c - a warm-up ends when it may: with streams of events of which the
 * test knows when what changes in them has gone.
 */
#include "sim/random.h"
#include "sim/steady/settle.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define HZ      1000000 /* A cycle is a microsecond. */
#define SPACING 1000    /* From one request to the next, at most. */
#define LATENCY 300
#define DECLINE 0.25 /* In so many seconds, by e. */
#define TRIED   60   /* Seconds; then the caller would end it. */

struct stream {
    uint64_t spacing;      /* Cycles between requests; 0: there are none. */
    double slower;         /* Latency at the start: more by this part, */
    double faults;         /* and page faults a second, */
    bool declines;         /* which both decline. */
    uint64_t served_every; /* Of so many requests one is answered. */
};

struct bench {
    struct settle settle;
    struct steady room;
    struct rng rng;
};

static void tell(struct bench *b, uint64_t time, struct trace_event e)
{
    e.time = time;
    series_event(&b->settle.series, &e);
}

/* Answers come in the order of requests, before the next one. */
static void ask(struct bench *b, const struct stream *s, uint64_t now,
                uint64_t number, double left)
{
    uint64_t latency = (uint64_t)(LATENCY * (1 + s->slower * left) +
                                  LATENCY * 0.1 * rng_unit(&b->rng));
    tell(b, now, TRACE_EVENT(request, 1, .request = number));
    if (s->served_every > 1) {
        uint64_t served = number / s->served_every;
        if (number % s->served_every == 0) {
            tell(b, now + 1,
                 TRACE_EVENT(reply, 1, .request = served,
                             .latency = now + 1 - served * s->spacing));
        }
        return;
    }
    tell(b, now + latency,
         TRACE_EVENT(reply, 1, .request = number, .latency = latency));
}

/* When the warm-up ends, in seconds; TRIED: not by itself. */
static double end_of(const struct stream *s)
{
    struct bench *b = calloc(1, sizeof(*b));
    assert_non_null(b);
    rng_init(&b->rng, 1, "settle", 0);
    series_init(&b->settle.series);
    settle_begin(&b->settle, 0, HZ);
    uint64_t now = 0;
    uint64_t number = 0;
    double faults = 0;
    while (now < (uint64_t)TRIED * HZ &&
           !settle_is_over(&b->settle, now, HZ, &b->room)) {
        double left = s->declines ? exp(-(double)now / HZ / DECLINE) : 1;
        faults += s->faults * left * SPACING / HZ;
        while (faults >= 1) {
            faults -= 1;
            tell(b, now, TRACE_EVENT(fault, 1, .va = 1));
        }
        if (s->spacing > 0 && now % s->spacing == 0) {
            ask(b, s, now, number++, left);
        }
        now += SPACING;
    }
    free(b);
    return (double)now / HZ;
}

static void what_is_level_ends_it_at_the_first_look(void **state)
{
    (void)state;
    assert_true(end_of(&(struct stream){ .spacing = SPACING }) == 1);
    assert_true(end_of(&(struct stream){ .spacing = 0 }) == 1);
}

/* With half the latency still to go at the end it would measure the warm-up. */
static void latency_that_falls_is_waited_for(void **state)
{
    (void)state;
    struct stream s = { .spacing = SPACING, .slower = 2, .declines = true };
    double end = end_of(&s);
    if (s.slower * exp(-end / DECLINE) > 0.1 || end > 4) {
        fail_msg("it ends after %g s", end);
    }
}

static void page_faults_that_decline_are_waited_for(void **state)
{
    (void)state;
    double end = end_of(&(struct stream){
        .spacing = SPACING, .faults = 4000, .declines = true });
    if (end < 0.5 || end > 4) {
        fail_msg("it ends after %g s", end);
    }
    assert_true(end_of(&(struct stream){ .spacing = SPACING, .faults = 5 }) <
                2);
}

static void few_answers_take_some_seconds(void **state)
{
    (void)state;
    double end = end_of(&(struct stream){ .spacing = 100 * SPACING });
    if (end < 2 || end > 8) {
        fail_msg("it ends after %g s", end);
    }
}

static void overload_is_not_waited_out(void **state)
{
    (void)state;
    double end =
        end_of(&(struct stream){ .spacing = SPACING, .served_every = 2 });
    if (end < 2 || end > 8) {
        fail_msg("it ends after %g s", end);
    }
}

/* What was asked before it began, by a load's `prime`, is not. */
static void requests_of_before_are_of_no_interest(void **state)
{
    (void)state;
    struct bench *b = calloc(1, sizeof(*b));
    assert_non_null(b);
    series_init(&b->settle.series);
    tell(b, 10, TRACE_EVENT(request, 1, .request = 0));
    tell(b, 500, TRACE_EVENT(reply, 1, .request = 0, .latency = 490));
    settle_begin(&b->settle, HZ, HZ);
    assert_false(settle_is_over(&b->settle, HZ + HZ / 2, HZ, &b->room));
    assert_true(settle_is_over(&b->settle, HZ + HZ, HZ, &b->room));
    free(b);
}

/* A VM that runs for ever leaves requests open, and no event says that they are. */
static void what_is_open_in_silence_is_waited_for(void **state)
{
    (void)state;
    struct bench *b = calloc(1, sizeof(*b));
    assert_non_null(b);
    series_init(&b->settle.series);
    settle_begin(&b->settle, 0, HZ);
    for (uint64_t i = 0; i < 100; i++) {
        tell(b, i, TRACE_EVENT(request, 1, .request = i));
    }
    for (uint64_t now = 0; now < (uint64_t)TRIED * HZ; now += SPACING) {
        assert_false(settle_is_over(&b->settle, now, HZ, &b->room));
    }
    double open = 0;
    for (size_t i = 0; i < SERIES_SLOTS; i++) {
        open += b->settle.series.slots[i].open;
    }
    assert_true(open > 100.0 * HZ * TRIED / 2);
    free(b);
}

/* ---- By the look --------------------------------------------------------- */

/* Latency that grows, in microseconds, by the second. */
static uint64_t slower(uint64_t now)
{
    return LATENCY + LATENCY * now / HZ;
}

/* A request at each SPACING of a second from `*now` on, until a look ends the
   warm-up or its time has come, and answers of that latency. */
static bool runs_until(struct bench *b, uint64_t *now, uint64_t end,
                       uint64_t latency(uint64_t))
{
    while (*now < end) {
        if (settle_is_over(&b->settle, *now, HZ, &b->room)) {
            return false;
        }
        tell(b, *now, TRACE_EVENT(request, 1, .request = 0));
        tell(b, *now + latency(*now),
             TRACE_EVENT(reply, 1, .request = 0, .latency = latency(*now)));
        *now += SPACING;
    }
    return true;
}

static struct bench *begin(void)
{
    struct bench *b = calloc(1, sizeof(*b));
    assert_non_null(b);
    series_init(&b->settle.series);
    settle_begin(&b->settle, 0, HZ);
    return b;
}

/* A power of two of seconds, and one and a half times that, by turns. */
static void looks_come_by_a_half_and_a_third_by_turns(void **state)
{
    (void)state;
    struct bench *b = begin();
    tell(b, 0, TRACE_EVENT(request, 1, .request = 0)); /* It stays open. */
    for (uint64_t halves = 2; halves <= 512; halves *= 2) {
        assert_int_equal(b->settle.next, halves * HZ / 2);
        assert_false(settle_is_over(&b->settle, halves * HZ / 2, HZ, &b->room));
        assert_int_equal(b->settle.next, halves * 3 * HZ / 4);
        assert_false(
            settle_is_over(&b->settle, halves * 3 * HZ / 4 - 1, HZ, &b->room));
        assert_int_equal(b->settle.next, halves * 3 * HZ / 4);
        assert_false(
            settle_is_over(&b->settle, halves * 3 * HZ / 4, HZ, &b->room));
    }
    free(b);
}

/* Four seconds are no overload but drift; then every other request is answered,
   and the looks after 6, 8 and 12 s see that. */
static void overload_is_seen_three_times_in_a_row(void **state)
{
    (void)state;
    struct bench *b = begin();
    uint64_t now = 0;
    assert_true(runs_until(b, &now, (uint64_t)4 * HZ + 1, slower));
    assert_int_equal(b->settle.overloads, 0);
    uint64_t due = now;
    bool is_over = false;
    for (; now <= (uint64_t)12 * HZ && !is_over; now += SPACING) {
        is_over = settle_is_over(&b->settle, now, HZ, &b->room);
        assert_int_equal(is_over, now == (uint64_t)12 * HZ);
        tell(b, now, TRACE_EVENT(request, 1, .request = 0));
        if (now / SPACING % 2 == 0) {
            tell(b, now + 1,
                 TRACE_EVENT(reply, 1, .request = 0, .latency = now + 1 - due));
            due += SPACING;
        }
    }
    assert_true(is_over && b->room.verdict.is_overloaded);
    free(b);
}

/* Slow until half a second has gone. */
static uint64_t slow_at_first(uint64_t now)
{
    return now < HZ / 2 ? (uint64_t)3 * LATENCY : LATENCY;
}

static uint64_t slow_beyond_the_half(uint64_t now)
{
    return now < HZ / 2 + HZ / 8 ? (uint64_t)3 * LATENCY : LATENCY;
}

static void the_later_half_of_what_was_seen_is_judged(void **state)
{
    (void)state;
    struct bench *b = begin();
    uint64_t now = 0;
    assert_false(runs_until(b, &now, (uint64_t)2 * HZ, slow_at_first));
    assert_int_equal(now, HZ);
    free(b);
    b = begin();
    now = 0;
    assert_true(runs_until(b, &now, HZ + 1, slow_beyond_the_half));
    free(b);
}

static uint64_t steadily(uint64_t now)
{
    (void)now;
    return LATENCY;
}

/* Whether the first look ends it, which judges the second half of a second as
   twenty batches: with a page fault in `count` of them, every other one, from
   `batch` on. */
static bool ends_with_faults(uint64_t batch, uint64_t count)
{
    struct bench *b = begin();
    uint64_t now = 0;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t at = HZ / 2 + (4 * (batch + 2 * i) + 2) * HZ / 160;
        (void)runs_until(b, &now, at, steadily);
        tell(b, now, TRACE_EVENT(fault, 1, .va = 1));
    }
    bool is_over = !runs_until(b, &now, HZ + 1, steadily);
    free(b);
    return is_over;
}

/*
 * Four of the ten batches of the first half have one, and none of the second's:
 * Welch's t is 0.4 / sqrt(0.267 / 10) = 2.4. Kendall's tau is 28 / 190, from 46
 * pairs that fall and 18 that rise: by itself it would let that pass.
 */
static void page_faults_decline_by_either_test(void **state)
{
    (void)state;
    assert_true(ends_with_faults(0, 0));
    assert_false(ends_with_faults(3, 4));
    assert_true(ends_with_faults(12, 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_level_ends_it_at_the_first_look),
        cmocka_unit_test(latency_that_falls_is_waited_for),
        cmocka_unit_test(page_faults_that_decline_are_waited_for),
        cmocka_unit_test(few_answers_take_some_seconds),
        cmocka_unit_test(overload_is_not_waited_out),
        cmocka_unit_test(requests_of_before_are_of_no_interest),
        cmocka_unit_test(what_is_open_in_silence_is_waited_for),
        cmocka_unit_test(looks_come_by_a_half_and_a_third_by_turns),
        cmocka_unit_test(overload_is_seen_three_times_in_a_row),
        cmocka_unit_test(the_later_half_of_what_was_seen_is_judged),
        cmocka_unit_test(page_faults_decline_by_either_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
