/* test_queue.c - how often intervals over seeds hold what queueing theory says
   of an M/M/1 queue: the time in the system is exponential, with the rate by
   which the server is faster than its customers. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cli/lab/compare/statistics.h"
#include "sim/random.h"

#define RUNS      1000
#define SEEDS     6
#define CUSTOMERS 4000

/* A queue: customers and services a second. */
struct queue {
    double arrivals, services;
};

/* What one run measures. */
struct measured {
    double mean, p99;
};

static double exponential(struct rng *rng, double rate)
{
    return -log(1 - rng_unit(rng)) / rate;
}

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Lindley's recursion, begun in the steady state. */
static struct measured measure(const struct queue *q, struct rng *rng)
{
    static double times[CUSTOMERS];
    double time = exponential(rng, q->services - q->arrivals);
    double sum = 0;
    for (size_t i = 0; i < CUSTOMERS; i++) {
        times[i] = time;
        sum += time;
        double left = time - exponential(rng, q->arrivals);
        time = (left > 0 ? left : 0) + exponential(rng, q->services);
    }
    qsort(times, CUSTOMERS, sizeof(*times), by_value);
    return (struct measured){ sum / CUSTOMERS, times[CUSTOMERS * 99 / 100] };
}

struct group {
    double mean[SEEDS], p99[SEEDS];
};

static struct group measure_seeds(const struct queue *q, struct rng *rng)
{
    struct group g;
    for (size_t i = 0; i < SEEDS; i++) {
        struct measured m = measure(q, rng);
        g.mean[i] = m.mean;
        g.p99[i] = m.p99;
    }
    return g;
}

static bool holds(const double *a, const double *b, double truth)
{
    struct sample s = { a, b, SEEDS, SEEDS, true };
    struct difference d;
    assert_true(statistics_compare(&s, ESTIMAND_MEDIAN, &d));
    return d.absolute.low <= truth && truth <= d.absolute.high;
}

/* The server of B is faster by a tenth. */
static void intervals_hold_what_theory_says_95_times_of_100(void **state)
{
    (void)state;
    static const struct queue a = { 0.5, 1 };
    static const struct queue b = { 0.5, 1.1 };
    double change =
        1 / (b.services - b.arrivals) - 1 / (a.services - a.arrivals);
    struct rng rng;
    rng_init(&rng, 5, "queue", 0);
    int means = 0;
    int tails = 0;
    for (int run = 0; run < RUNS; run++) {
        struct group of_a = measure_seeds(&a, &rng);
        struct group of_b = measure_seeds(&b, &rng);
        means += holds(of_a.mean, of_b.mean, change);
        tails += holds(of_a.p99, of_b.p99, change * log(100));
    }
    print_message("M/M/1, %d seeds: mean %.1f %%, p99 %.1f %%\n", SEEDS,
                  100.0 * means / RUNS, 100.0 * tails / RUNS);
    assert_in_range(means, 930, 970);
    assert_in_range(tails, 930, 970);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_hold_what_theory_says_95_times_of_100),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
