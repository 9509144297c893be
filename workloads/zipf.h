/*
 * zipf.h - Zipf(alpha) choice among `count` things.
 *
 * Rank r (from 1) has weight 1 / r^alpha; which thing has which rank is drawn
 * from the random stream at creation. alpha 0 is uniform.
 */
#ifndef WORKLOADS_ZIPF_H
#define WORKLOADS_ZIPF_H

#include "sim/base.h"

struct arena;
struct rng;

struct zipf {
    uint32_t count;
    uint64_t *cumulative; /* By rank, scaled to 2^63; ascending. */
    uint32_t *by_rank;    /* The thing of each rank. */
};

/* False when the arena is full. count > 0, 0 <= alpha <= 10. */
SIM_MUST_USE bool zipf_init(struct zipf *z, struct arena *arena, uint32_t count,
                            double alpha, struct rng *ranks);

/* A thing, in [0, count). */
uint32_t zipf_draw(const struct zipf *z, struct rng *r);

#endif /* WORKLOADS_ZIPF_H */
