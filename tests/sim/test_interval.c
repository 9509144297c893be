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

/* ---- By the papers that interval.h names --------------------------------- */

#define BATCHES INTERVAL_BATCHES
#define SMALL   128  /* Values below are recorded as they are. */
#define MOST    9000 /* Of them. */

struct sample {
    size_t count, of_batch[BATCHES];
    uint64_t values[BATCHES][MOST / BATCHES];
    uint64_t sorted[MOST];
};

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Batches whose means are an AR(1) of that coefficient and that size. */
static void draw(struct sample *s, struct rng *rng, struct run *r)
{
    double like = 0.9 * rng_unit(rng) * rng_unit(rng);
    double size = 3 * rng_unit(rng);
    double level = 0;
    size_t most = MOST / BATCHES / (1 + rng_below(rng, 6));
    *s = (struct sample){ .count = 0 };
    hist_init(&r->all);
    for (size_t i = 0; i < BATCHES; i++) {
        level = like * level + size * (rng_unit(rng) - 0.5);
        hist_init(&r->batches[i]);
        s->of_batch[i] = most - rng_below(rng, 1 + most / 10);
        for (size_t k = 0; k < s->of_batch[i]; k++) {
            double x = 20 + level + 15 * exponential(rng);
            uint64_t value = x < 0 ? 0 : x < SMALL ? (uint64_t)x : SMALL - 1;
            s->values[i][k] = s->sorted[s->count++] = value;
            hist_record(&r->all, value);
            hist_record(&r->batches[i], value);
        }
    }
    qsort(s->sorted, s->count, sizeof(s->sorted[0]), by_value);
}

/* How far the answers within the percentile are from their share of a batch. */
static void find_surplus(const struct sample *s, uint32_t per_mille,
                         double surplus[BATCHES])
{
    size_t rank = (s->count * per_mille + 999) / 1000;
    for (size_t i = 0; i < BATCHES; i++) {
        surplus[i] = -(double)per_mille / 1000 * (double)s->of_batch[i];
        for (size_t k = 0; k < s->of_batch[i]; k++) {
            surplus[i] += s->values[i][k] <= s->sorted[rank - 1];
        }
    }
}

/* The products of deviations from the mean, `lag` apart. */
static double covariance(const double *x, size_t lag)
{
    double mean = 0;
    double sum = 0;
    for (size_t i = 0; i < BATCHES; i++) {
        mean += x[i] / BATCHES;
    }
    for (size_t i = lag; i < BATCHES; i++) {
        sum += (x[i] - mean) * (x[i - lag] - mean);
    }
    return sum;
}

/* Of the number within the percentile: twenty times that of a batch, by Skart
   more if neighbours are alike; as of independent answers at least. */
static double variance_of_count(const struct sample *s, uint32_t per_mille)
{
    double surplus[BATCHES];
    find_surplus(s, per_mille, surplus);
    double r = covariance(surplus, 1) / covariance(surplus, 0);
    r = fmin(fmax(r, 0), 0.8);
    double p = per_mille / 1000.0;
    return fmax(BATCHES * covariance(surplus, 0) / (BATCHES - 1) * (1 + r) /
                    (1 - r),
                p * (1 - p) * (double)s->count);
}

/* By the squares of steps, which are 2 of a variance if all is chance. */
static bool is_dependent(const struct sample *s, uint32_t per_mille)
{
    double x[BATCHES];
    double steps = 0;
    find_surplus(s, per_mille, x);
    for (size_t i = 1; i < BATCHES; i++) {
        steps += (x[i] - x[i - 1]) * (x[i] - x[i - 1]);
    }
    double ratio = steps / covariance(x, 0); /* Its mean is 2, */
    double deviation = 2 * sqrt(18.0 / 399); /* Its deviation (Young 1941). */
    return (2 - ratio) / deviation > 1.645;
}

static void expect_interval(const struct sample *s, const struct run *r,
                            uint32_t per_mille, struct tally *t)
{
    struct interval got;
    double n = (double)s->count;
    double beyond = fmin(per_mille, 1000.0 - per_mille) / 1000;
    double takes = 20 / beyond;
    takes *= n < 2000 ? 1 : variance_of_count(s, 500) / (n / 4);
    takes = fmax(2000, ceil(takes));
    interval_find(&r->all, r->batches, per_mille, &got);
    t->states[got.state]++;
    if (n < takes) {
        assert_int_equal(got.state, INTERVAL_FEW);
        assert_true(fabs((double)got.takes - takes) <= 1);
        return;
    }
    double error = 2.093 * sqrt(variance_of_count(s, per_mille));
    double low = ceil(n * per_mille / 1000 - error);
    double high = ceil(n * per_mille / 1000 + error);
    assert_int_equal(got.takes, 0);
    if (is_dependent(s, per_mille) || low < 1 || high > n) {
        assert_int_equal(got.state, INTERVAL_DEPENDENT);
        return;
    }
    assert_int_equal(got.state, INTERVAL_GIVEN);
    assert_int_equal(got.low, s->sorted[(size_t)low - 1]);
    assert_int_equal(got.high, s->sorted[(size_t)high - 1]);
}

static void an_interval_is_that_of_the_papers(void **state)
{
    (void)state;
    static struct sample s;
    static struct run r;
    static const uint32_t percentiles[] = { 50, 500, 900, 990 };
    struct tally t = { .held = 0 };
    struct rng rng;
    rng_init(&rng, 9, "papers", 0);
    for (int i = 0; i < 100; i++) {
        draw(&s, &rng, &r);
        for (size_t p = 0; p < 4; p++) {
            expect_interval(&s, &r, percentiles[p], &t);
        }
    }
    assert_true(t.states[INTERVAL_GIVEN] >= 20);
    assert_true(t.states[INTERVAL_FEW] >= 20);
    assert_true(t.states[INTERVAL_DEPENDENT] >= 20);
}

int main(int count, char **words)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_hold_what_theory_says),
        cmocka_unit_test(few_answers_say_how_many_it_takes),
        cmocka_unit_test(a_trend_has_no_interval),
        cmocka_unit_test(a_span_is_cut_into_equal_batches),
        cmocka_unit_test(an_interval_is_that_of_the_papers),
    };
    int runs = count > 1 ? (int)strtol(words[1], NULL, 10) : 0;
    for (size_t q = 0; runs > 0 && q < QUEUES; q++) {
        struct tally tallies[PERCENTILES] = { { .held = 0 } };
        measure(q, runs, tallies);
        print(q, runs, tallies);
    }
    return runs > 0 ? 0 : cmocka_run_group_tests(tests, NULL, NULL);
}
