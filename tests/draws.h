/*
 * draws.h - numbers that decide what a test does: from a seed, or from a
 * fuzzer's bytes, after whose end all are 0.
 */
#ifndef TESTS_DRAWS_H
#define TESTS_DRAWS_H

#include "sim/base.h"
#include "sim/random.h"

struct draws {
    struct rng *rng;   /* NULL: the bytes decide. */
    const uint8_t *at; /* Bytes that are left. */
    size_t count;
};

static inline uint64_t draw_u64(struct draws *d, uint32_t bytes)
{
    uint64_t value = 0;
    if (d->rng) {
        return rng_u64(d->rng);
    }
    for (uint32_t i = 0; i < bytes && d->count > 0; i++) {
        value |= (uint64_t)*d->at++ << 8 * i;
        d->count--;
    }
    return value;
}

/* In [0, bound). Of bytes as few are taken as the bound needs. */
static inline uint32_t draw(struct draws *d, uint32_t bound)
{
    SIM_ASSERT(bound > 0);
    return (uint32_t)(d->rng ? rng_below(d->rng, bound)
                             : draw_u64(d, bound > 65536 ? 4
                                           : bound > 256 ? 2
                                                         : 1) %
                                   bound);
}

#endif /* TESTS_DRAWS_H */
