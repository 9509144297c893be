/*
 * test_batch.c - the statistics of batch means, held against what the textbooks
 * write, computed anew in another form, and against the distributions that they
 * promise for independent normal values.
 */
#include "sim/random.h"
#include "sim/steady/batch.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define B     BATCH_COUNT
#define HALF  (B / 2)
#define DRAWS 200
#define MANY  20000
#define MOST  400 /* Values of a series. */

#define assert_near(got, want)                                   \
    do {                                                         \
        double got_ = (got);                                     \
        double want_ = (want);                                   \
        if (!(fabs(got_ - want_) < 1e-7 + 1e-9 * fabs(want_))) { \
            fail_msg("%s: %g, not %g", #got, got_, want_);       \
        }                                                        \
    } while (0)

/* Roughly normal, of mean 0 and variance 1: the sum of twelve. */
static double noise(struct rng *rng)
{
    double sum = -6;
    for (int i = 0; i < 12; i++) {
        sum += rng_unit(rng);
    }
    return sum;
}

/* Of a kind that changes from draw to draw: rising, falling, around any level,
   of any size. */
static void make(double *values, size_t count, struct rng *rng)
{
    double level = (rng_unit(rng) - 0.5) * 100;
    double slope = (rng_unit(rng) - 0.5) * 8;
    double size = rng_unit(rng) * 4 + 0.01;
    for (size_t i = 0; i < count; i++) {
        double at = (double)i / (double)count;
        values[i] = level + slope * at + size * noise(rng);
    }
}

/* ---- By the textbooks ---------------------------------------------------- */

static double average(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += values[i] / (double)count;
    }
    return sum;
}

/* Of a sample, as half the mean square of the differences of all its pairs. */
static double variance(const double *values, size_t count)
{
    double squares = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            squares += (values[i] - values[j]) * (values[i] - values[j]);
        }
    }
    return squares / (double)(count * (count - 1));
}

/* Welch, Biometrika 34 (1947). */
static double welch(const double *a, const double *b, size_t count)
{
    double error = (variance(a, count) + variance(b, count)) / (double)count;
    return (average(b, count) - average(a, count)) / sqrt(error);
}

/*
 * Fishman's form of von Neumann's ratio is the correlation of neighbours, to
 * which the two ends add a half of what they add to the variance; its variance
 * is (n - 2) / (n^2 - 1).
 */
static double neighbours(const double *x)
{
    double mean = average(x, B);
    double all = variance(x, B) * (B - 1);
    double sum = (x[0] - mean) * (x[0] - mean) / 2 +
                 (x[B - 1] - mean) * (x[B - 1] - mean) / 2;
    for (size_t i = 0; i + 1 < B; i++) {
        sum += (x[i] - mean) * (x[i + 1] - mean);
    }
    return sum / all / sqrt((B - 2.0) / (B * B - 1.0));
}

/* From how often sorting by exchanges of neighbours exchanges; no two are
   alike. */
static double kendall(const double *values)
{
    double x[B];
    int exchanges = 0;
    for (size_t i = 0; i < B; i++) {
        x[i] = values[i];
        for (size_t j = i; j > 0 && x[j] < x[j - 1]; j--) {
            double y = x[j];
            x[j] = x[j - 1];
            x[j - 1] = y;
            exchanges++;
        }
    }
    return 1 - 4.0 * exchanges / (B * (B - 1));
}

/* Of all pairs of quarters. */
static double swing(const double *x)
{
    double most = 0;
    for (size_t i = 0; i + B / 4 <= B; i++) {
        for (size_t j = 0; j + B / 4 <= B; j++) {
            most = fmax(most, average(x + i, B / 4) - average(x + j, B / 4));
        }
    }
    return most;
}

static void a_test_has_the_figures_of_the_textbooks(void **state)
{
    (void)state;
    static const size_t sizes[] = { 2, 3, 5, 20 };
    struct rng rng;
    rng_init(&rng, 1, "batch", 0);
    for (int i = 0; i < DRAWS; i++) {
        size_t size = sizes[i % 4];
        double values[MOST] = { 0 };
        double means[B] = { 0 };
        struct batch_test got;
        make(values, size * B, &rng);
        for (size_t b = 0; b < B; b++) {
            means[b] = average(values + b * size, size);
        }
        batch_test(values, size * B, &got);
        assert_near(got.mean, average(values, size * B));
        assert_near(got.first, average(values, size * HALF));
        assert_near(got.second, average(values + size * HALF, size * HALF));
        assert_near(got.t, welch(means, means + HALF, HALF));
        assert_near(got.z, neighbours(means));
        assert_near(batch_neighbours(means), neighbours(means));
        assert_near(got.tau, kendall(means));
        assert_near(got.swing, swing(means));
    }
}

/* What does not fill batches of one size is in batches that differ by one. */
static void every_value_is_in_one_batch(void **state)
{
    (void)state;
    for (size_t count = BATCH_LEAST; count <= MOST; count++) {
        for (size_t one = 0; one < count; one += 7) {
            double values[MOST] = { 0 };
            struct batch_test got;
            values[one] = 1;
            batch_test(values, count, &got);
            double size = 1 / (got.mean * B);
            assert_true(fabs(size - round(size)) < 1e-9);
            assert_true(fabs(size - (double)count / B) < 1);
            /* The halves have ten batches each, of which one is not 0. */
            assert_near(got.first + got.second, 2 * got.mean);
            assert_true(fmin(got.first, got.second) == 0);
        }
    }
}

static void what_never_changes_has_no_differences(void **state)
{
    (void)state;
    double values[MOST] = { 0 };
    struct batch_test got;
    for (size_t i = 0; i < MOST; i++) {
        values[i] = -3;
    }
    batch_test(values, MOST, &got);
    assert_true(got.mean == -3 && got.first == -3 && got.second == -3);
    assert_true(got.t == 0 && got.z == 0 && got.tau == 0 && got.swing == 0);
    assert_true(batch_stands_out(values, MOST, 100) == 0);
}

/*
 * Of independent normal values: z has mean 0 and variance 1 (von Neumann), tau
 * mean 0 and variance 2 (2n + 5) / 9n(n - 1) (Kendall), t with 18 degrees of
 * freedom 18 / 16.
 */
static void chance_is_as_large_as_the_textbooks_say(void **state)
{
    (void)state;
    struct rng rng;
    double z = 0;
    double z2 = 0;
    double tau = 0;
    double tau2 = 0;
    double t2 = 0;
    rng_init(&rng, 2, "batch", 0);
    for (int i = 0; i < MANY; i++) {
        double values[BATCH_LEAST];
        struct batch_test got;
        for (size_t k = 0; k < BATCH_LEAST; k++) {
            values[k] = noise(&rng);
        }
        batch_test(values, BATCH_LEAST, &got);
        z += got.z / MANY;
        z2 += got.z * got.z / MANY;
        tau += got.tau / MANY;
        tau2 += got.tau * got.tau / MANY;
        t2 += got.t * got.t / MANY;
    }
    assert_true(fabs(z) < 0.03);
    assert_true(fabs(z2 - 1) < 0.05);
    assert_true(fabs(tau) < 0.005);
    assert_true(fabs(tau2 * 9 * B * (B - 1) / (2 * (2 * B + 5)) - 1) < 0.05);
    assert_true(fabs(t2 * 16 / 18 - 1) < 0.05);
}

/* ---- Of the beginning ---------------------------------------------------- */

/* As batch.h says it: the spans stand at the end, and what is between them and
   the cut belongs to none. */
static double stands_out(const double *values, size_t count, size_t cut)
{
    double spans[MOST] = { 0 };
    size_t length = cut > count / B ? count / B : cut;
    size_t n = 0;
    for (size_t end = count; end >= cut + length; end -= length) {
        spans[n++] = average(values + end - length, length);
    }
    double of_cut = variance(spans, n) * (double)length / (double)cut;
    return (average(values, cut) - average(spans, n)) / sqrt(of_cut);
}

static void a_beginning_stands_out_by_the_deviation_of_spans(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 3, "batch", 0);
    for (int i = 0; i < DRAWS; i++) {
        double values[MOST] = { 0 };
        size_t count = BATCH_LEAST + rng_below(&rng, MOST - BATCH_LEAST + 1);
        size_t cut = 1 + rng_below(&rng, count / 2);
        make(values, count, &rng);
        assert_near(batch_stands_out(values, count, cut),
                    stands_out(values, count, cut));
    }
}

static void fewer_than_eight_spans_say_nothing(void **state)
{
    (void)state;
    double values[BATCH_LEAST];
    for (size_t i = 0; i < BATCH_LEAST; i++) {
        values[i] = (double)(i * i);
    }
    assert_true(batch_stands_out(values, BATCH_LEAST, 0) == 0);
    /* Spans of two: eight are left, then seven. */
    assert_true(batch_stands_out(values, BATCH_LEAST, BATCH_LEAST - 16) < 0);
    assert_true(batch_stands_out(values, BATCH_LEAST, BATCH_LEAST - 15) == 0);
}

/* Fewer observations than MSER-5 has means of, and none that is worse. */
static void what_is_level_to_the_bit_is_cut_at_its_beginning(void **state)
{
    (void)state;
    double values[MOST] = { 0 };
    assert_int_equal(batch_cut(values, 0), 0);
    assert_int_equal(batch_cut(values, 4), 0);
    assert_int_equal(batch_cut(values, MOST), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_test_has_the_figures_of_the_textbooks),
        cmocka_unit_test(every_value_is_in_one_batch),
        cmocka_unit_test(what_never_changes_has_no_differences),
        cmocka_unit_test(chance_is_as_large_as_the_textbooks_say),
        cmocka_unit_test(a_beginning_stands_out_by_the_deviation_of_spans),
        cmocka_unit_test(fewer_than_eight_spans_say_nothing),
        cmocka_unit_test(what_is_level_to_the_bit_is_cut_at_its_beginning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
