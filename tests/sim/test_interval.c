/*
 * test_interval.c - how often the interval that one run gives of a percentile
 * holds what queueing theory says. In an M/M/1 queue the time in the system is
 * exponential; its customers wait for each other, the more the longer the queue.
 * The constants of interval.h were chosen at loads of 0.3 and 0.8.
 *
 *   sim.interval [RUNS]   makes so many runs of each queue, and prints Markdown
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/random.h"
#include "sim/steady/interval.h"

#define RUNS        200
#define PERCENTILES 4
#define UNITS       1e6 /* To a mean service: histograms hold whole numbers. */
#define BUCKET      (1 + 1 / 128.0)

struct queue {
    double load;
    double customers;
};

static const struct queue queues[] = {
    { 0.3, 4000 },  { 0.3, 20000 }, { 0.6, 4000 },
    { 0.6, 20000 }, { 0.8, 20000 }, { 0.9, 100000 },
};
#define QUEUES (sizeof(queues) / sizeof(queues[0]))

static const uint32_t per_milles[PERCENTILES] = { 500, 900, 990, 999 };

/* Of a percentile of one queue. */
struct tally {
    int states[INTERVAL_STATE_COUNT];
    int held;
};

struct run {
    struct histogram all, batches[INTERVAL_BATCHES];
};

static double exponential(struct rng *rng)
{
    return -log(1 - rng_unit(rng));
}

/* Lindley's recursion, begun in the steady state. */
static void simulate(const struct queue *q, struct rng *rng, struct run *r)
{
    uint64_t end = (uint64_t)(q->customers / q->load * UNITS);
    double time = exponential(rng) / (1 - q->load);
    double now = exponential(rng) / q->load;
    hist_init(&r->all);
    for (size_t i = 0; i < INTERVAL_BATCHES; i++) {
        hist_init(&r->batches[i]);
    }
    while (now * UNITS < (double)end) {
        size_t batch = interval_batch((uint64_t)(now * UNITS), 0, end);
        hist_record(&r->all, (uint64_t)(time * UNITS));
        hist_record(&r->batches[batch], (uint64_t)(time * UNITS));
        double gap = exponential(rng) / q->load;
        double left = time - gap;
        now += gap;
        time = (left > 0 ? left : 0) + exponential(rng);
    }
}

/* A value is written as the upper end of its bucket. */
static void judge(const struct queue *q, const struct run *r, size_t percentile,
                  struct tally *t)
{
    uint32_t per_mille = per_milles[percentile];
    double truth = -log(1 - per_mille / 1000.0) / (1 - q->load) * UNITS;
    struct interval interval;
    interval_find(&r->all, r->batches, per_mille, &interval);
    t->states[interval.state]++;
    t->held += interval.state == INTERVAL_GIVEN &&
               (double)interval.low <= truth * BUCKET &&
               truth <= (double)interval.high;
    assert_true(interval.takes == 0 || interval.takes > r->all.count);
}

static void measure(size_t queue, int runs, struct tally tallies[PERCENTILES])
{
    static struct run r;
    struct rng rng;
    rng_init(&rng, 9, "interval", (uint32_t)queue);
    for (int i = 0; i < runs; i++) {
        simulate(&queues[queue], &rng, &r);
        for (size_t p = 0; p < PERCENTILES; p++) {
            judge(&queues[queue], &r, p, &tallies[p]);
        }
    }
}

static double share(int part, int whole)
{
    return whole > 0 ? 100.0 * part / whole : 0;
}

static void print(size_t queue, int runs, const struct tally *tallies)
{
    printf("| %.1f | %.0f |", queues[queue].load, queues[queue].customers);
    for (size_t p = 0; p < PERCENTILES; p++) {
        int given = tallies[p].states[INTERVAL_GIVEN];
        if (given * 2 > runs) {
            printf(" %.1f (%.0f) |", share(tallies[p].held, given),
                   share(given, runs));
        } else {
            printf(" - (%.0f) |", share(given, runs));
        }
    }
    putchar('\n');
}

/* What is given in few runs only is given by those that look quiet. */
static void intervals_hold_what_theory_says(void **state)
{
    (void)state;
    for (size_t q = 0; q < QUEUES; q++) {
        struct tally tallies[PERCENTILES] = { { .held = 0 } };
        measure(q, RUNS, tallies);
        print(q, RUNS, tallies);
        for (size_t p = 0; p < PERCENTILES; p++) {
            int given = tallies[p].states[INTERVAL_GIVEN];
            assert_true(given * 2 <= RUNS ||
                        (share(tallies[p].held, given) >= 90 &&
                         share(tallies[p].held, given) <= 100));
        }
    }
}

static void few_answers_say_how_many_it_takes(void **state)
{
    (void)state;
    static struct run r;
    struct queue q = { 0.3, 500 };
    struct interval interval;
    struct rng rng;
    rng_init(&rng, 9, "few", 0);
    simulate(&q, &rng, &r);
    interval_find(&r.all, r.batches, 500, &interval);
    assert_int_equal(interval.state, INTERVAL_FEW);
    assert_int_equal(interval.takes, INTERVAL_LEAST);
    interval_find(&r.all, r.batches, 999, &interval);
    assert_int_equal(interval.takes, INTERVAL_BEYOND * 1000);
}

/* Each batch is slower than the one before. */
static void a_trend_has_no_interval(void **state)
{
    (void)state;
    static struct run r;
    struct interval interval;
    struct rng rng;
    rng_init(&rng, 9, "trend", 0);
    hist_init(&r.all);
    for (size_t i = 0; i < INTERVAL_BATCHES; i++) {
        hist_init(&r.batches[i]);
        for (int k = 0; k < 100000; k++) {
            uint64_t value =
                (uint64_t)((1 + 0.02 * (double)i) * exponential(&rng) * UNITS);
            hist_record(&r.all, value);
            hist_record(&r.batches[i], value);
        }
    }
    interval_find(&r.all, r.batches, 500, &interval);
    assert_int_equal(interval.state, INTERVAL_DEPENDENT);
}

static void a_span_is_cut_into_equal_batches(void **state)
{
    (void)state;
    assert_int_equal(interval_batch(100, 100, 300), 0);
    assert_int_equal(interval_batch(109, 100, 300), 0);
    assert_int_equal(interval_batch(110, 100, 300), 1);
    assert_int_equal(interval_batch(299, 100, 300), INTERVAL_BATCHES - 1);
    assert_int_equal(interval_batch(999, 100, 300), INTERVAL_BATCHES - 1);
    assert_int_equal(interval_batch(5, 5, 5), 0);
}

int main(int count, char **words)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_hold_what_theory_says),
        cmocka_unit_test(few_answers_say_how_many_it_takes),
        cmocka_unit_test(a_trend_has_no_interval),
        cmocka_unit_test(a_span_is_cut_into_equal_batches),
    };
    int runs = count > 1 ? (int)strtol(words[1], NULL, 10) : 0;
    for (size_t q = 0; runs > 0 && q < QUEUES; q++) {
        struct tally tallies[PERCENTILES] = { { .held = 0 } };
        measure(q, runs, tallies);
        print(q, runs, tallies);
    }
    return runs > 0 ? 0 : cmocka_run_group_tests(tests, NULL, NULL);
}
