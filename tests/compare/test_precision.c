/* test_precision.c - how often the interval at which `iksim run --until` stops
   holds the truth. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/lab/compare/precision.h"
#include "sim/random.h"

#define EXPERIMENTS 2000

/* Box and Muller. */
static double draw_normal(struct rng *rng)
{
    double radius = sqrt(-2 * log(1 - rng_unit(rng)));
    return radius * cos(6.283185307179586 * rng_unit(rng));
}

/* A figure whose median is 1. */
struct kind {
    bool is_skewed;
    double scatter;
};

static bool stops_with_the_truth(const struct kind *kind,
                                 const struct precision *p, struct rng *rng,
                                 size_t *seeds)
{
    double values[PRECISION_SEEDS_MOST];
    double sorted[PRECISION_SEEDS_MOST];
    struct estimate e;
    size_t count = 0;
    do {
        size_t next = precision_next(count);
        for (; count < next; count++) {
            double normal = kind->scatter * draw_normal(rng);
            values[count] = kind->is_skewed ? exp(normal) : 1 + normal;
        }
        memcpy(sorted, values, count * sizeof(*sorted));
    } while (!precision_is_met(p, sorted, count, &e) &&
             count < PRECISION_SEEDS_MOST);
    *seeds += count;
    return e.low <= 1 && 1 <= e.high;
}

static void
the_last_interval_holds_the_truth_93_to_97_times_of_100(void **state)
{
    (void)state;
    static const struct kind kinds[] = { { false, 0.05 }, { false, 0.1 },
                                         { false, 0.25 }, { true, 0.05 },
                                         { true, 0.1 },   { true, 0.25 } };
    char message[CONDITION_MESSAGE_BYTES];
    struct precision p;
    assert_true(precision_parse("p99 +-5%", &p, message));
    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        struct rng rng;
        rng_init(&rng, 5, "precision", (uint32_t)k);
        int held = 0;
        size_t seeds = 0;
        for (int e = 0; e < EXPERIMENTS; e++) {
            held += stops_with_the_truth(&kinds[k], &p, &rng, &seeds);
        }
        print_message("%s, scatter %.2f: %.1f %% with %.0f seeds\n",
                      kinds[k].is_skewed ? "lognormal" : "normal",
                      kinds[k].scatter, 100.0 * held / EXPERIMENTS,
                      (double)seeds / EXPERIMENTS);
        assert_in_range(held, EXPERIMENTS * 93 / 100, EXPERIMENTS * 97 / 100);
    }
}

static void a_precision_is_a_figure_and_a_share(void **state)
{
    (void)state;
    static const char *const good[] = { "p99 +-5%", "p99+-5%",
                                        ("p99 \xc2\xb1"
                                         "5%"),
                                        " load.latency_ns.p99 +- 5%" };
    static const char *const bad[] = { "p99",       "+-5%",      "p99 +-5",
                                       "p99 5%",    "p98 +-5%",  "p99 +-0%",
                                       "p99 +--5%", "p99 +-5%x", "soon" };
    char message[CONDITION_MESSAGE_BYTES];
    struct precision p;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_true(precision_parse(good[i], &p, message));
        assert_true(p.figure.id == FIGURE_LOAD_LATENCY_P99);
        assert_true(fabs(p.share - 0.05) < 1e-12);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(precision_parse(bad[i], &p, message));
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            the_last_interval_holds_the_truth_93_to_97_times_of_100),
        cmocka_unit_test(a_precision_is_a_figure_and_a_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
