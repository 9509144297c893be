/* zipf.c - see zipf.h. */
#include "workloads/zipf.h"

#include "sim/arena.h"
#include "sim/random.h"

#include "sim/banned.h"

#define SCALE 0x1p63

/* Thing number i gets a rank; every order of the things is equally likely. */
static void shuffle(struct zipf *z, struct rng *ranks)
{
    for (uint32_t i = 0; i < z->count; i++) {
        uint32_t j = (uint32_t)rng_below(ranks, i + 1ull);
        z->by_rank[i] = z->by_rank[j];
        z->by_rank[j] = i;
    }
}

static double weight(uint32_t rank, double alpha)
{
    return alpha > 0 ? det_pow(rank, -alpha) : 1.0;
}

bool zipf_init(struct zipf *z, struct arena *arena, uint32_t count,
               double alpha, struct rng *ranks)
{
    SIM_ASSERT(count > 0);
    SIM_ASSERT(alpha >= 0 && alpha <= 10);
    size_t mark = arena->used_bytes;
    *z = (struct zipf){ .count = count };
    z->cumulative =
        arena_alloc(arena, count * sizeof(*z->cumulative), alignof(uint64_t));
    z->by_rank =
        arena_alloc(arena, count * sizeof(*z->by_rank), alignof(uint32_t));
    if (!z->cumulative || !z->by_rank) {
        arena->used_bytes = mark;
        return false;
    }
    double total = 0;
    for (uint32_t i = 0; i < count; i++) {
        total += weight(i + 1, alpha);
    }
    double sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        sum += weight(i + 1, alpha);
        z->cumulative[i] = (uint64_t)(sum / total * SCALE);
    }
    shuffle(z, ranks);
    return true;
}

uint32_t zipf_draw(const struct zipf *z, struct rng *r)
{
    /* The first rank whose cumulative weight is above a draw below 2^63. */
    uint64_t draw = rng_u64(r) >> 1;
    uint32_t low = 0;
    uint32_t high = z->count - 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (z->cumulative[middle] > draw) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return z->by_rank[low];
}
