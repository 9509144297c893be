/*
 * random.c - xoshiro256** streams (Blackman and Vigna), seeded through the
 * output function of splitmix64 from the seed, a hash of the name, the index.
 */
#include "sim/random.h"

#include "sim/banned.h"

#define FNV_OFFSET 0xcbf29ce484222325u /* FNV-1a, 64 bits. */
#define FNV_PRIME  0x00000100000001b3u
#define GOLDEN     0x9e3779b97f4a7c15u /* 2^64 / the golden ratio, odd. */

static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static uint64_t hash_name(const char *name)
{
    uint64_t hash = FNV_OFFSET;
    for (const char *c = name; *c; c++) {
        hash = (hash ^ (unsigned char)*c) * FNV_PRIME;
    }
    return hash;
}

static uint64_t rotate_left(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}

void rng_init(struct rng *r, uint64_t seed, const char *name, uint64_t index)
{
    uint64_t x = mix(seed + GOLDEN);
    x = mix(x ^ hash_name(name));
    x = mix(x + index * GOLDEN);
    uint64_t any = 0;
    for (int i = 0; i < 4; i++) {
        x += GOLDEN;
        r->s[i] = mix(x);
        any |= r->s[i];
    }
    /* mix is a bijection and the four arguments differ. */
    SIM_ASSERT(any != 0);
}

uint64_t rng_u64(struct rng *r)
{
    uint64_t *s = r->s;
    uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

uint64_t rng_below(struct rng *r, uint64_t bound)
{
    SIM_ASSERT(bound > 0);
    /* 2^64 mod bound: below it, one value of x % bound is too frequent. */
    uint64_t too_small = (0 - bound) % bound;
    uint64_t x = rng_u64(r);
    while (x < too_small) {
        x = rng_u64(r);
    }
    return x % bound;
}

double rng_unit(struct rng *r)
{
    return (double)(rng_u64(r) >> 11) * 0x1p-53;
}

uint64_t rng_exponential(struct rng *r, double mean)
{
    SIM_ASSERT(mean > 0);
    double x = -mean * det_log(1.0 - rng_unit(r));
    return x < 0x1p64 ? (uint64_t)x : UINT64_MAX;
}

uint64_t rng_pareto(struct rng *r, double mean, double shape)
{
    SIM_ASSERT(mean > 0 && shape > 1);
    double least = mean * (shape - 1) / shape;
    double x = least / det_pow(1.0 - rng_unit(r), 1 / shape);
    return x < 0x1p62 ? (uint64_t)x : UINT64_C(1) << 62;
}
