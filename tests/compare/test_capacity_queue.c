/* test_capacity_queue.c - how often the interval of a capacity holds what
   queueing theory says: the time in an M/M/1 system is exponential, so p99 is
   ln(100) / (services - arrivals), and the greatest rate of arrivals at which
   p99 is within an objective follows. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/lab/capacity/hunt.h"
#include "sim/random.h"

#define EXPERIMENTS 400
#define CUSTOMERS   20000
#define SEEDS_MOST  9

/* Of a server that serves one a second. */
#define SLO_SECONDS 10.0
#define STEP        0.001

/* A seed draws all times in units of their means, before any rate is tried. */
struct seed {
    double arrivals[CUSTOMERS], services[CUSTOMERS];
    double first; /* The time that the first customer is in the system, when the
                     queue is in its steady state: in units of its mean. */
};

static double exponential(struct rng *rng)
{
    return -log(1 - rng_unit(rng));
}

static void draw(struct seed *s, struct rng *rng)
{
    s->first = exponential(rng);
    for (size_t i = 0; i < CUSTOMERS; i++) {
        s->arrivals[i] = exponential(rng);
        s->services[i] = exponential(rng);
    }
}

/* Lindley's recursion. p99 is within the objective if no more than one customer
   of 100 stays longer. */
static bool try_rate(void *ctx, uint64_t place, bool *meets)
{
    const struct seed *s = ctx;
    double rate = STEP * (double)(place + 1);
    double time = s->first / (1 - rate);
    size_t late = 0;
    for (size_t i = 0; i < CUSTOMERS; i++) {
        late += time > SLO_SECONDS;
        double left = time - s->arrivals[i] / rate;
        time = (left > 0 ? left : 0) + s->services[i];
    }
    *meets = late <= CUSTOMERS / 100;
    return true;
}

static int64_t find(struct seed *s)
{
    struct search search = { .last = 997, .probes = 2 };
    assert_true(search_run(&search, try_rate, s));
    return search.is_found ? (int64_t)search.best : -1;
}

/* Between two values that are tried, the lesser is found. */
static bool holds(const struct hunt *h, double truth)
{
    struct estimate e;
    double confidence;
    hunt_estimate(h, &e, &confidence);
    assert_true(e.has_interval);
    return e.low <= truth && truth < e.high + STEP;
}

static void the_interval_holds_what_theory_says(void **state)
{
    (void)state;
    static const uint32_t seed_counts[] = { 5, 9 };
    static struct seed seed;
    const double truth = 1 - log(100) / SLO_SECONDS;
    struct ladder ladder = { .is_whole = false };
    assert_true(ladder_make_even(&ladder, STEP, 998 * STEP, STEP));
    assert_int_equal(ladder.last, 997);
    for (size_t k = 0; k < sizeof(seed_counts) / sizeof(seed_counts[0]); k++) {
        struct hunt h = { .ladder = &ladder,
                          .curve.seed_count = seed_counts[k] };
        struct rng rng;
        rng_init(&rng, 7, "capacity", (uint32_t)k);
        int held = 0;
        for (int e = 0; e < EXPERIMENTS; e++) {
            for (uint32_t i = 0; i < seed_counts[k]; i++) {
                draw(&seed, &rng);
                h.own[i] = find(&seed);
            }
            held += holds(&h, truth);
        }
        print_message("M/M/1, p99 <= %g s, %u seeds: %.1f %% hold %.3f\n",
                      SLO_SECONDS, seed_counts[k], 100.0 * held / EXPERIMENTS,
                      truth);
        assert_in_range(held, EXPERIMENTS * 92 / 100, EXPERIMENTS * 97 / 100);
    }
    ladder_release(&ladder);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_interval_holds_what_theory_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
