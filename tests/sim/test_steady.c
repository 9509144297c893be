/*
 * test_steady.c - series of which the truth is known, since the test made them,
 * are judged right: how often, over many draws.
 */
#include "sim/events.h"
#include "sim/random.h"
#include "sim/steady/batch.h"
#include "sim/steady/series.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DRAWS   500
#define OF_TIME 400

/* Roughly normal, of mean 0 and variance 1: the sum of twelve. */
static double noise(struct rng *rng)
{
    double sum = -6;
    for (int i = 0; i < 12; i++) {
        sum += rng_unit(rng);
    }
    return sum;
}

enum shape { LEVEL, CORRELATED, SKEWED, TREND, STEP, HILL, DECAY, SHAPES };

/* The value around 10 at a share `at` of the span. */
static double draw(enum shape shape, double at, double *before, struct rng *rng)
{
    double x = noise(rng);
    switch (shape) {
    case LEVEL:
        return 10 + x;
    case CORRELATED: /* AR(1) of coefficient 0.7, of variance 1. */
        *before = 0.7 * *before + sqrt(1 - 0.49) * x;
        return 10 + *before;
    case SKEWED: /* Exponential, of mean 10. */
        return -10 * log(1 - rng_unit(rng));
    case TREND:
        return 10 + x + 3 * at;
    case STEP:
        return 10 + x + (at > 0.6 ? 2 : 0);
    case HILL:
        return 10 + x + (at > 0.4 && at < 0.7 ? 3 : 0);
    case DECAY: /* Gone to a part of the mean by a tenth. */
        return 10 + x + 100 * exp(-at * 50);
    case SHAPES:
        break;
    }
    return 0;
}

static void make(struct steady_input *in, enum shape shape, struct rng *rng)
{
    double before = noise(rng);
    *in = (struct steady_input){ .answers = 4000, .seconds = 2 };
    for (size_t i = 0; i < OF_TIME; i++) {
        double at = (double)i / OF_TIME;
        struct steady_observations *o = &in->of[STEADY_LATENCY];
        o->at[i] = at;
        o->values[i] = draw(shape, at, &before, rng);
        o->count++;
    }
}

/* How many of the draws are of the class. */
static int count_class(enum shape shape, enum steady_class class)
{
    static struct steady_input in;
    struct rng rng;
    int found = 0;
    rng_init(&rng, 1, "steady", shape);
    for (int i = 0; i < DRAWS; i++) {
        struct steady_verdict v;
        make(&in, shape, &rng);
        steady_judge(&in, &v);
        found += v.class == class;
    }
    return found;
}

#define assert_most(count, share)                         \
    do {                                                  \
        int count_ = (count);                             \
        if (count_ < (share) * DRAWS) {                   \
            fail_msg(#count ": %d of %d", count_, DRAWS); \
        }                                                 \
    } while (0)

static void a_level_is_flat_whatever_its_noise(void **state)
{
    (void)state;
    assert_most(count_class(LEVEL, STEADY_FLAT), 0.99);
    assert_most(count_class(CORRELATED, STEADY_FLAT), 0.98);
    assert_most(count_class(SKEWED, STEADY_FLAT), 0.97);
}

static void what_goes_one_way_is_drift(void **state)
{
    (void)state;
    assert_most(count_class(TREND, STEADY_DRIFT), 0.95);
}

static void a_step_and_a_hill_are_not_flat(void **state)
{
    (void)state;
    assert_most(DRAWS - count_class(STEP, STEADY_FLAT), 0.99);
    assert_most(DRAWS - count_class(HILL, STEADY_FLAT), 0.99);
}

static void a_transient_is_a_warm_up(void **state)
{
    (void)state;
    assert_most(count_class(DECAY, STEADY_WARMUP), 0.95);
}

/* White's rule by its definition, at each place anew. */
static size_t cut_by_definition(const double *values, size_t count)
{
    size_t n = count / 5;
    size_t best = 0;
    double least = HUGE_VAL;
    for (size_t d = 0; d <= n / 2; d++) {
        double sum = 0;
        double squares = 0;
        for (size_t i = 5 * d; i < 5 * n; i += 5) {
            double mean = (values[i] + values[i + 1] + values[i + 2] +
                           values[i + 3] + values[i + 4]) /
                          5;
            sum += mean;
            squares += mean * mean;
        }
        double kept = (double)(n - d);
        double error = (squares - sum * sum / kept) / (kept * kept);
        if (error < least) {
            least = error;
            best = d;
        }
    }
    return best * 5;
}

/* By hand, from the formulas that batch.h cites, for 20 batches: n = 20, and 10
   in a half. */
static void expect_batches(const double *values, const struct batch_test *want,
                           double scale)
{
    double scaled[3 * BATCH_COUNT];
    for (size_t i = 0; i < 3 * BATCH_COUNT; i++) {
        scaled[i] = values[i] * scale;
    }
    struct batch_test got;
    batch_test(scaled, 3 * BATCH_COUNT, &got);
    assert_true(fabs(got.mean / scale - want->mean) < 1e-9);
    assert_true(fabs(got.first / scale - want->first) < 1e-9);
    assert_true(fabs(got.second / scale - want->second) < 1e-9);
    assert_true(fabs(got.swing / scale - want->swing) < 1e-9);
    assert_true(fabs(got.t - want->t) < 1e-9);
    assert_true(fabs(got.z - want->z) < 1e-9);
    assert_true(fabs(got.tau - want->tau) < 1e-9);
}

static void batches_have_the_figures_of_the_textbooks(void **state)
{
    (void)state;
    double rising[3 * BATCH_COUNT]; /* 0, 0, 0, 1, 1, 1, ... 19. */
    double zigzag[3 * BATCH_COUNT]; /* Batches of -1, 1, -1, ... */
    for (size_t i = 0; i < 3 * BATCH_COUNT; i++) {
        size_t batch = i / 3;
        rising[i] = (double)batch;
        zigzag[i] = batch % 2 ? 1 : -1;
    }
    /* Squares: 665 in all, 82.5 in a half; 19 steps of 1. */
    const struct batch_test of_rising = {
        .mean = 9.5,
        .first = 4.5,
        .second = 14.5,
        .t = 10 / sqrt((82.5 + 82.5) / 90),
        .z = (1 - 19 / (2 * 665.0)) * sqrt(399.0 / 18),
        .tau = 1,
        .swing = 15,
    };
    /* Squares: 20; 19 steps of 2. Of the 190 pairs 90 are alike, 55 rise and 45
       fall; five in a row sum to 1 or -1. */
    const struct batch_test of_zigzag = {
        .z = (1 - 19 * 4 / (2 * 20.0)) * sqrt(399.0 / 18),
        .tau = 10 / 190.0,
        .swing = 0.4,
    };
    static const double scales[] = { 1e-6, 1e-3, 1, 1e3, 1e6 };
    for (size_t i = 0; i < sizeof(scales) / sizeof(scales[0]); i++) {
        expect_batches(rising, &of_rising, scales[i]);
        expect_batches(zigzag, &of_zigzag, scales[i]);
    }
}

static void the_cut_is_whites(void **state)
{
    (void)state;
    static struct steady_input in;
    struct rng rng;
    rng_init(&rng, 2, "steady", 0);
    for (int i = 0; i < DRAWS; i++) {
        make(&in, (enum shape)(i % SHAPES), &rng);
        const struct steady_observations *o = &in.of[STEADY_LATENCY];
        assert_int_equal(batch_cut(o->values, o->count),
                         cut_by_definition(o->values, o->count));
    }
}

static void a_window_of_a_moment_is_not_judged(void **state)
{
    (void)state;
    struct steady_input *in = calloc(1, sizeof(*in));
    struct steady_verdict v;
    assert_non_null(in);
    char reason[STEADY_REASON_BYTES];
    steady_judge(in, &v);
    assert_int_equal(v.class, STEADY_UNKNOWN);
    for (size_t i = 0; i < BATCH_LEAST - 1; i++) {
        in->of[STEADY_LATENCY].values[i] = (double)(i * i);
        in->of[STEADY_LATENCY].count++;
    }
    steady_judge(in, &v);
    assert_int_equal(v.class, STEADY_UNKNOWN);
    steady_explain(in, &v, reason);
    assert_string_equal(reason, "the window is too short to judge");
    /* Few answers are nothing against a run whose other quantities are known. */
    for (size_t i = 0; i < BATCH_LEAST; i++) {
        in->of[STEADY_OPEN].values[i] = 1;
        in->of[STEADY_OPEN].count++;
    }
    steady_judge(in, &v);
    assert_int_equal(v.class, STEADY_FLAT);
    free(in);
}

static void a_backlog_that_grows_is_overload(void **state)
{
    (void)state;
    static struct steady_input in;
    char reason[STEADY_REASON_BYTES];
    struct rng rng;
    struct steady_verdict v;
    rng_init(&rng, 3, "steady", 0);
    make(&in, LEVEL, &rng);
    for (size_t i = 0; i < OF_TIME; i++) {
        struct steady_observations *o = &in.of[STEADY_OPEN];
        o->at[i] = (double)i / OF_TIME;
        o->values[i] = 5 + (double)i + noise(&rng);
        o->count++;
    }
    in.first[STEADY_OPEN] = 105;
    in.second[STEADY_OPEN] = 305;
    steady_judge(&in, &v);
    assert_int_equal(v.class, STEADY_NONE);
    assert_true(v.is_overloaded);
    steady_explain(&in, &v, reason);
    assert_string_equal(reason,
                        "open requests 105 in the first half, 305 in the "
                        "second; overloaded: p99 depends on the window");
}

/* ---- What counts, and what does not -------------------------------------- */

/* Twenty values to a batch: ten around 10 less half a step, ten around 10 and
   half a step more, by turns `away` above and below. */
static enum steady_class class_of_halves(double step, double away)
{
    static struct steady_input in;
    struct steady_verdict v;
    in = (struct steady_input){ .answers = 4000, .seconds = 2 };
    struct steady_observations *o = &in.of[STEADY_LATENCY];
    o->count = OF_TIME;
    for (size_t i = 0; i < OF_TIME; i++) {
        size_t batch = i * BATCH_COUNT / OF_TIME;
        o->at[i] = (double)i / OF_TIME;
        o->values[i] = 10 + (batch < BATCH_COUNT / 2 ? -step : step) / 2 +
                       (batch % 2 ? away : -away);
    }
    steady_judge(&in, &v);
    return v.class;
}

/* Welch's t is step / (away sqrt(2 / 9)); no batch is like its neighbours, so
   nothing else finds the halves to differ. A tenth of the mean matters. Without
   the first half the rest is flat. */
static void halves_differ_if_chance_is_no_reason_and_it_matters(void **state)
{
    (void)state;
    assert_int_equal(class_of_halves(1.8, 1), STEADY_WARMUP); /* 3.8 */
    assert_int_equal(class_of_halves(1.6, 1), STEADY_FLAT);   /* 3.4 */
    assert_int_equal(class_of_halves(-1.8, 1), STEADY_WARMUP);
    assert_int_equal(class_of_halves(1.08, 0.6), STEADY_WARMUP);
    assert_int_equal(class_of_halves(0.9, 0.5), STEADY_FLAT);
}

/* What the first tenth is above the rest, which is level but for a thousandth,
   stands out in any case; that it matters, the mean of all must show. */
static struct steady_verdict verdict_of_start(double more)
{
    static struct steady_input in;
    struct steady_verdict v;
    struct rng rng;
    rng_init(&rng, 4, "steady", 0);
    in = (struct steady_input){ .answers = 4000, .seconds = 2 };
    struct steady_observations *o = &in.of[STEADY_LATENCY];
    o->count = OF_TIME;
    for (size_t i = 0; i < OF_TIME; i++) {
        o->at[i] = (double)i / OF_TIME;
        o->values[i] = 10 + 0.01 * noise(&rng) + (i < OF_TIME / 10 ? more : 0);
    }
    steady_judge(&in, &v);
    return v;
}

static void a_start_is_cut_if_it_changes_the_mean_by_a_tenth(void **state)
{
    (void)state;
    assert_int_equal(verdict_of_start(0).class, STEADY_FLAT);
    assert_int_equal(verdict_of_start(2).class, STEADY_FLAT);
    struct steady_verdict v = verdict_of_start(11);
    assert_int_equal(v.class, STEADY_WARMUP);
    assert_true(fabs(v.cut - 0.1) < 0.051); /* By steps of a twentieth. */
}

/* ---- Series -------------------------------------------------------------- */

static void tell(struct series *s, uint64_t time, struct trace_event e)
{
    e.time = time;
    series_event(s, &e);
}

/* One request in each tenth of the span, answered a twentieth later. */
static void events_become_observations(void **state)
{
    (void)state;
    struct series *s = calloc(1, sizeof(*s));
    struct steady_input *in = calloc(1, sizeof(*in));
    assert_true(s && in);
    series_init(s);
    series_begin(s, 1000000, 2000000);
    for (uint64_t i = 0; i < 10; i++) {
        uint64_t due = 1000000 + i * 100000;
        tell(s, due, TRACE_EVENT(request, 1, .request = i));
        tell(s, due + 10, TRACE_EVENT(fault, 1, .va = 1));
        tell(s, due + 50000,
             TRACE_EVENT(reply, 1, .request = i, .latency = 50000));
    }
    /* Outside; then two VMs wait for the second half. */
    tell(s, 1500000, TRACE_EVENT(arrive, 2, .waiting = 2));
    tell(s, 2000000, TRACE_EVENT(admit, 2, .waited = 1));
    tell(s, 2000001, TRACE_EVENT(fault, 1, .va = 1));
    series_observe(s, 1000000, 2000000, 1000000000, in);
    assert_int_equal(in->answers, 10);
    assert_true(in->first[STEADY_LATENCY] == 50000);
    assert_true(in->second[STEADY_LATENCY] == 50000);
    assert_true(fabs(in->first[STEADY_OPEN] - 0.5) < 1e-9);
    assert_true(fabs(in->first[STEADY_FAULTS] - 10000) < 1e-6);
    assert_true(fabs(in->second[STEADY_FAULTS] - 10000) < 1e-6);
    assert_true(in->first[STEADY_WAITING] == 0);
    assert_int_equal(in->of[STEADY_OPEN].count, 400);
    free(in);
    free(s);
}

/* What belongs to the first slot of both spans stays there. */
static void the_end_of_a_span_may_move_while_little_has_happened(void **state)
{
    (void)state;
    struct series *s = calloc(1, sizeof(*s));
    assert_non_null(s);
    series_init(s);
    series_begin(s, 1000, 401000);
    tell(s, 1500, TRACE_EVENT(fault, 1, .va = 1));
    tell(s, 1500, TRACE_EVENT(request, 1, .request = 0));
    assert_true(series_move_end(s, 801000));
    tell(s, 2500, TRACE_EVENT(request, 1, .request = 1));
    assert_int_equal(s->slots[0].faults, 1);
    assert_false(series_move_end(s, 401000));
    free(s);
}

/* A scheduler that lets nobody else run leaves a backlog, and no event. */
static void what_is_open_goes_on_without_events(void **state)
{
    (void)state;
    struct series *s = calloc(1, sizeof(*s));
    struct steady_input *in = calloc(1, sizeof(*in));
    assert_true(s && in);
    series_init(s);
    series_begin(s, 1000, 401000);
    tell(s, 2000, TRACE_EVENT(request, 1, .request = 0));
    series_pass(s, 500000); /* Slots are exact to a cycle. */
    series_observe(s, 1000, 401000, 1000000000, in);
    assert_true(fabs(in->second[STEADY_OPEN] - 1) < 1e-4);
    assert_true(fabs(in->of[STEADY_OPEN].values[399] - 1) < 0.002);
    free(in);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_level_is_flat_whatever_its_noise),
        cmocka_unit_test(what_goes_one_way_is_drift),
        cmocka_unit_test(a_step_and_a_hill_are_not_flat),
        cmocka_unit_test(a_transient_is_a_warm_up),
        cmocka_unit_test(batches_have_the_figures_of_the_textbooks),
        cmocka_unit_test(the_cut_is_whites),
        cmocka_unit_test(a_window_of_a_moment_is_not_judged),
        cmocka_unit_test(a_backlog_that_grows_is_overload),
        cmocka_unit_test(halves_differ_if_chance_is_no_reason_and_it_matters),
        cmocka_unit_test(a_start_is_cut_if_it_changes_the_mean_by_a_tenth),
        cmocka_unit_test(events_become_observations),
        cmocka_unit_test(what_is_open_goes_on_without_events),
        cmocka_unit_test(the_end_of_a_span_may_move_while_little_has_happened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
