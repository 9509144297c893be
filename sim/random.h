/*
 * random.h - one seed, many named streams.
 *
 * Each consumer has its own stream, so a new draw shifts no other. All
 * arithmetic is on integers and on + - * / of doubles, so results are the same
 * bits on every machine; logarithm and power are our own (random_math).
 */
#ifndef SIM_RANDOM_H
#define SIM_RANDOM_H

#include "sim/base.h"

struct rng {
    uint64_t s[4]; /* xoshiro256**; never all zero. */
};

/* The stream `name`, number `index`, of `seed`. */
void rng_init(struct rng *r, uint64_t seed, const char *name, uint64_t index);

uint64_t rng_u64(struct rng *r);

/* Uniform in [0, bound); bound > 0; without modulo bias. */
uint64_t rng_below(struct rng *r, uint64_t bound);

/* Uniform in [0, 1), 53 bits. */
double rng_unit(struct rng *r);

/* Exponential with the given mean, rounded down; mean > 0. */
uint64_t rng_exponential(struct rng *r, double mean);

/*
 * Pareto with the given mean and shape > 1, rounded down, and at most 2^62: at
 * least mean (shape - 1) / shape. Its variance is infinite for a shape of 2 or
 * less.
 */
uint64_t rng_pareto(struct rng *r, double mean, double shape);

/* Natural logarithm of x > 0, and x to the power y for x > 0: + - * / only. */
double det_log(double x);
double det_pow(double x, double y);

#endif /* SIM_RANDOM_H */
