/*
 * batch.h - what is asked of a series of observations of one quantity: how much
 * of its beginning is a transient, and whether the rest has one mean.
 *
 * MSER-5 cuts where the rest has the least standard error: White, "An effective
 * truncation heuristic for bias reduction in simulation output", Simulation 69
 * (1997), with means of five as in White, Cobb and Spratt, WSC 2000. Batch means
 * make of what is left a few values that are all but independent: Schmeiser,
 * "Batch size effects in the analysis of simulation output", Operations Research
 * 30 (1982), who recommends 10 to 30 of them; whether they are independent, von
 * Neumann's ratio says (Fishman, Management Science 24, 1978). Kendall's tau says
 * whether they go one way. Pure functions; only + - * / and square roots, so that
 * all hosts agree to the bit.
 */
#ifndef SIM_STEADY_BATCH_H
#define SIM_STEADY_BATCH_H

#include "sim/base.h"

#define BATCH_COUNT 20
#define BATCH_LEAST \
    ((size_t)2 * BATCH_COUNT) /* Observations; fewer say nothing. */

/* How many observations to cut: a multiple of five, and half of them at most. */
size_t batch_cut(const double *values, size_t count);

/* Of `count` observations, BATCH_LEAST at least. */
struct batch_test {
    double mean;
    double first, second; /* Of either half. */
    double t;     /* Student's, of second - first; 18 degrees of freedom,
                             or fewer. */
    double z;     /* Of von Neumann's ratio: how much more alike
                             neighbours are than chance allows; normal. */
    double tau;   /* Kendall's, -1 to 1, of the means and their order. */
    double swing; /* The most that the means of a quarter of the batches
                             in a row differ. */
};
void batch_test(const double *values, size_t count, struct batch_test *result);

/* Von Neumann's ratio of BATCH_COUNT values, as batch_test has it: z. */
double batch_neighbours(const double *values);

/*
 * By how many standard deviations the mean of the first `cut` observations
 * differs from that of the others, as these vary by chance from span to span of
 * the same length, a batch at most. 0: nothing is cut, or nothing varies.
 */
double batch_stands_out(const double *values, size_t count, size_t cut);

#endif /* SIM_STEADY_BATCH_H */
