/* batch.c - see batch.h. */
#include "sim/steady/batch.h"

#include <math.h>

#include "sim/banned.h"

#define MEANS_OF    5 /* MSER-5's. */
#define QUARTER     (BATCH_COUNT / 4)
#define SPANS_LEAST 8 /* To know how much spans differ by chance. */

/* Of one value at least. */
static double mean_of(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += values[i];
    }
    return sum / (double)count;
}

/* The sum of squared distances from the mean. */
static double scatter(const double *values, size_t count, double mean)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += (values[i] - mean) * (values[i] - mean);
    }
    return sum;
}

/* From the end backwards, so that each rest is the one before and one more. */
size_t batch_cut(const double *values, size_t count)
{
    size_t batches = count / MEANS_OF;
    size_t best = 0;
    double least = -1;
    double mean = 0;
    double squares = 0;
    for (size_t d = batches; d-- > 0;) {
        double value = mean_of(values + d * MEANS_OF, MEANS_OF);
        double kept = (double)(batches - d);
        double step = value - mean;
        mean += step / kept;
        squares += step * (value - mean);
        double error = squares / (kept * kept);
        if (d <= batches / 2 && (least < 0 || error <= least)) {
            least = error;
            best = d;
        }
    }
    return best * MEANS_OF;
}

/* ---- Of batch means ------------------------------------------------------ */

static void make_batches(const double *values, size_t count,
                         double means[BATCH_COUNT])
{
    for (size_t i = 0; i < BATCH_COUNT; i++) {
        size_t from = count * i / BATCH_COUNT;
        size_t to = count * (i + 1) / BATCH_COUNT;
        means[i] = mean_of(values + from, to - from);
    }
}

/* Welch's: the halves may vary by different amounts. */
static double student(const double *means, double first, double second)
{
    size_t half = BATCH_COUNT / 2;
    double n = (double)half;
    double error =
        (scatter(means, half, first) + scatter(means + half, half, second)) /
        (n * (n - 1));
    double difference = second - first;
    return error > 0 ? difference / sqrt(error) : 0;
}

static double von_neumann(const double *means, double mean)
{
    double n = BATCH_COUNT;
    double all = scatter(means, BATCH_COUNT, mean);
    double steps = 0;
    for (size_t i = 1; i < BATCH_COUNT; i++) {
        steps += (means[i] - means[i - 1]) * (means[i] - means[i - 1]);
    }
    return all > 0 ? (1 - steps / (2 * all)) * sqrt((n * n - 1) / (n - 2)) : 0;
}

double batch_neighbours(const double *values)
{
    return von_neumann(values, mean_of(values, BATCH_COUNT));
}

static double kendall(const double *means)
{
    int sum = 0;
    for (size_t i = 0; i < BATCH_COUNT; i++) {
        for (size_t j = i + 1; j < BATCH_COUNT; j++) {
            sum += (means[j] > means[i]) - (means[j] < means[i]);
        }
    }
    return sum / (BATCH_COUNT * (BATCH_COUNT - 1) / 2.0);
}

static double swing_of(const double *means)
{
    double least = 0;
    double most = 0;
    for (size_t i = 0; i + QUARTER <= BATCH_COUNT; i++) {
        double mean = mean_of(means + i, QUARTER);
        least = i == 0 || mean < least ? mean : least;
        most = i == 0 || mean > most ? mean : most;
    }
    return most - least;
}

void batch_test(const double *values, size_t count, struct batch_test *result)
{
    SIM_ASSERT(count >= BATCH_LEAST);
    double means[BATCH_COUNT];
    make_batches(values, count, means);
    double mean = mean_of(means, BATCH_COUNT);
    double first = mean_of(means, BATCH_COUNT / 2);
    double second = mean_of(means + BATCH_COUNT / 2, BATCH_COUNT / 2);
    *result = (struct batch_test){
        .mean = mean,
        .first = first,
        .second = second,
        .t = student(means, first, second),
        .z = von_neumann(means, mean),
        .tau = kendall(means),
        .swing = swing_of(means),
    };
}

/* ---- Of the beginning ---------------------------------------------------- */

double batch_stands_out(const double *values, size_t count, size_t cut)
{
    size_t most = count / BATCH_COUNT;
    size_t span = cut < most ? cut : most;
    size_t spans = span > 0 ? (count - cut) / span : 0;
    if (cut == 0 || spans < SPANS_LEAST) {
        return 0;
    }
    double mean = mean_of(values + count - spans * span, spans * span);
    double squares = 0;
    for (size_t i = 0; i < spans; i++) {
        double of_span = mean_of(values + count - (i + 1) * span, span);
        squares += (of_span - mean) * (of_span - mean);
    }
    double in_cut = (double)cut / (double)span;
    double deviation = sqrt(squares / (double)(spans - 1) / in_cut);
    double difference = mean_of(values, cut) - mean;
    return deviation > 0 ? difference / deviation : 0;
}
